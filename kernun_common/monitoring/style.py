"""style - how the page looks: light and dark, on a screen and on a phone.  [P]

The page holds it, and lets a browser use no other: POLICY names it by its hash, and
forbids scripts, pictures, frames, and everything from elsewhere.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

CSS = """
:root { color-scheme: light dark; --paper: #f6f7f9; --card: #fff; --ink: #1c2430; --faint: #5d6877;
  --line: #dde2e9; --mark: #0b62b8; --good: #12703a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161c; --card: #1b2129; --ink: #e4e9f0; --faint: #97a3b3; --line: #313a46;
    --mark: #6cb2f7; --good: #5cc98a; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 110rem; padding: 1.25rem; background: var(--paper);
  color: var(--ink); font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; }
h1, h2 { margin: 0; font-size: 1.25rem; line-height: 1.2; }
a { color: var(--mark); }
time, .faint { color: var(--faint); }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline;
  gap: .25rem 1rem; margin-bottom: 1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  margin-bottom: 1rem; padding: .9rem 1.1rem; }
.proxy { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem 2.25rem; }
.proxy h2 { font-size: 1.1rem; }
.proxy h2 + p { margin: .15rem 0 0; }
.serving { color: var(--good); }
.ending, .silent { color: var(--bad); font-weight: 600; }
dl { display: flex; flex-wrap: wrap; gap: .75rem 2.25rem; margin: 0; }
dt { color: var(--faint); font-size: .8rem; }
dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.sessions { padding: 0; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; line-height: 1.3; }
th, td { padding: .4rem .45rem; text-align: left; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 1.1rem; }
tbody tr:last-child td { border-bottom: 0; }
tbody tr:hover { background: color-mix(in srgb, var(--mark) 7%, transparent); }
th { font-size: .75rem; letter-spacing: .03em; color: var(--faint); font-weight: 600; }
th a { color: inherit; text-decoration: none; }
th a:hover { text-decoration: underline; }
th[aria-sort] a { color: var(--mark); }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.moving .speed { color: var(--mark); font-weight: 600; }
td.wraps { min-width: 7rem; max-width: 20rem; white-space: normal; overflow-wrap: anywhere; }
.empty { padding: 2.5rem 1rem; text-align: center; color: var(--faint); }
summary { cursor: pointer; color: var(--faint); }
form { display: flex; flex-wrap: wrap; align-items: end; gap: .75rem 1.25rem; margin-top: .75rem; }
fieldset { display: flex; flex-wrap: wrap; gap: .25rem 1rem; flex-basis: 100%; margin: 0;
  border: 1px solid var(--line); border-radius: .4rem; }
legend, .label { color: var(--faint); font-size: .8rem; }
.label { display: grid; gap: .2rem; }
select, input, button { font: inherit; padding: .3rem .5rem; border-radius: .35rem;
  border: 1px solid var(--line); background: var(--paper); color: var(--ink); }
input[type=number] { width: 6rem; }
button { background: var(--mark); border-color: var(--mark); color: var(--card); }
@media (max-width: 52rem) {
  body { padding: .75rem; }
  .sessions { background: none; border: 0; overflow: visible; }
  table, tbody { display: block; }
  thead { position: absolute; left: -999rem; }
  tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(5rem, 1fr));
    grid-auto-flow: dense; gap: .6rem .9rem; margin-bottom: .75rem; padding: .8rem 1rem;
    background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
  td, td:first-child, .n { display: block; padding: 0; border: 0; text-align: left;
    white-space: normal; overflow-wrap: anywhere; }
  td.long { grid-column: 1 / -1; max-width: none; }
  td.wraps { min-width: 0; }
  td::before { content: attr(data-label); display: block; color: var(--faint);
    font-size: .75rem; font-weight: 400; }
  td:empty { display: none; }
}
"""

POLICY = (
    "default-src 'none'; form-action 'self'; base-uri 'none'; style-src 'sha256-%s'"
    % b64encode(sha256(CSS.encode()).digest()).decode()
)
