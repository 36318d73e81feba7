"""style - how the login page looks: light and dark, on a screen and on a phone.  [P]

The page holds it, and lets a browser use no other: POLICY names it by its hash, and
forbids scripts, pictures, frames, and everything from elsewhere.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

CSS = """
:root { color-scheme: light dark; --paper: #eef1f5; --card: #fff; --ink: #1c2430; --faint: #566273;
  --line: #aab4c2; --mark: #0b5cad; --on-mark: #fff; --bad: #a3211a; --bad-paper: #fdecea;
  --good: #0f6334; --good-paper: #e6f4ec; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161c; --card: #1b2129; --ink: #e6ebf2; --faint: #a3afbf; --line: #566273;
    --mark: #7cbcfa; --on-mark: #10151b; --bad: #ff9d94; --bad-paper: #3a1d1b; --good: #74d69f;
    --good-paper: #16301f; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: start center; padding: 1rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; }
main { width: 100%; max-width: 25rem; margin-top: min(12vh, 6rem); padding: 1.75rem;
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; line-height: 1.25; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
.faint { color: var(--faint); }
.bad, .good { padding: .6rem .8rem; border-radius: .4rem; border-left: .25rem solid; }
.bad { color: var(--bad); background: var(--bad-paper); }
.good { color: var(--good); background: var(--good-paper); }
label { display: block; margin-bottom: 1rem; font-weight: 600; }
input { display: block; width: 100%; margin-top: .25rem; padding: .65rem .75rem; font: inherit;
  font-weight: 400; color: inherit; background: var(--card); border: 1px solid var(--line);
  border-radius: .4rem; }
button { width: 100%; padding: .75rem; font: inherit; font-weight: 600; color: var(--on-mark);
  background: var(--mark); border: 1px solid var(--mark); border-radius: .4rem; cursor: pointer; }
:focus-visible { outline: .2rem solid var(--mark); outline-offset: .15rem; }
@media (max-width: 30rem) {
  body { padding: 0; background: var(--card); }
  main { margin-top: 0; padding: 1.5rem 1.25rem; border: 0; } }
"""

POLICY = (
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
    " style-src 'sha256-%s'" % b64encode(sha256(CSS.encode()).digest()).decode()
)
