"""style: the policy names this very style, and forbids everything else."""

import base64
import hashlib
import re

from kernun_common.monitoring.page import page
from kernun_common.monitoring.style import CSS, POLICY
from kernun_common.monitoring.view import View


def test_the_policy_fits_what_stands_in_the_page():
    [style] = re.findall(r"<style>(.*?)</style>", page((), View(()), 0.0), re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in POLICY and POLICY.startswith("default-src 'none';")


def test_braces_are_balanced():
    depth = 0
    for character in CSS:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert 0 <= depth <= 3
    assert depth == 0 and "prefers-color-scheme: dark" in CSS
