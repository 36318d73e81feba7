"""style: the policy names the style by its hash, as CSP says."""

from base64 import b64encode
from hashlib import sha256

from kernun_common.auth.web.style import CSS, POLICY


def test_policy():
    hashed = b64encode(sha256(CSS.encode("utf-8")).digest()).decode("ascii")
    assert f"style-src 'sha256-{hashed}'" in POLICY
    assert "default-src 'none'" in POLICY and "unsafe" not in POLICY
    assert "url(" not in CSS and "@import" not in CSS
