"""page - the login page as HTML, which works without scripts.  [P]

    login_page(say, "en", token, Notice(Text.DENIED, bad=True), name="alice")
    challenge_page(say, "en", token, "Your code?", challenge)
    logged_in_page(say, "en", token, "alice", "192.0.2.1")
    notice_page(say, "en", Notice(Text.NOT_FOUND, bad=True))

Everything that is not of this file or of texts.py is escaped.  Every control has a
label; the first one to be filled in has the focus, and Enter sends the form.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple, Optional

from .style import CSS
from .texts import Say, Text

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
_FORM = """<form method="post" action="{action}">
<input type="hidden" name="token" value="{token}">
{controls}
<button>{button}</button>
</form>"""
_USER = (
    '<label>{label}<input name="user" value="{name}" autocomplete="username"'
    ' autocapitalize="none" autocorrect="off" spellcheck="false" required maxlength="255"{focus}>'
    "</label>"
)
_PASSWORD = (
    '<label>{label}<input name="{field}" type="password" autocomplete="{kind}" required'
    ' maxlength="1024"{focus}></label>'
)
_FOCUS = " autofocus"


class Notice(NamedTuple):
    """What is told above a form."""

    text: Text
    bad: bool = False


def login_page(
    say: Say, language: str, token: str, notice: Optional[Notice] = None, name: str = ""
) -> str:
    """`name` is what the user has written before."""
    user = _USER.format(
        label=_text(say, Text.USER), name=escape(name), focus="" if name else _FOCUS
    )
    password = _PASSWORD.format(
        label=_text(say, Text.PASSWORD),
        field="password",
        kind="current-password",
        focus=_FOCUS if name else "",
    )
    first = _notice(say, notice) or _paragraph(say(Text.LOG_IN_FIRST), "faint")
    form = _form(say, "/login", token, f"{user}\n{password}", Text.LOG_IN)
    return _page(say, language, Text.TITLE, f"{first}\n{form}")


def challenge_page(say: Say, language: str, token: str, text: str, challenge: str) -> str:
    """`text` is what the server asks."""
    hidden = f'<input type="hidden" name="challenge" value="{escape(challenge)}">'
    answer = _PASSWORD.format(
        label=_text(say, Text.ANSWER), field="answer", kind="one-time-code", focus=_FOCUS
    )
    form = _form(say, "/login", token, f"{hidden}\n{answer}", Text.LOG_IN)
    return _page(say, language, Text.TITLE, f"{_paragraph(text)}\n{form}")


def logged_in_page(say: Say, language: str, token: str, name: str, address: str) -> str:
    facts = _paragraph(say(Text.LOGGED_IN_AS, name)) + _paragraph(say(Text.AT, address))
    hint = _paragraph(say(Text.LOG_OUT_HINT), "faint")
    form = _form(say, "/logout", token, "", Text.LOG_OUT)
    return _page(say, language, Text.LOGGED_IN, f"{facts}\n{hint}\n{form}")


def notice_page(say: Say, language: str, notice: Notice) -> str:
    return _page(say, language, Text.TITLE, _notice(say, notice))


def _page(say: Say, language: str, title: Text, body: str) -> str:
    words = _text(say, title)
    return _PAGE.format(
        language=language, title=words, css=CSS, body=f"<h1>{words}</h1>\n{body}"
    )


def _form(say: Say, action: str, token: str, controls: str, button: Text) -> str:
    return _FORM.format(
        action=action, token=escape(token), controls=controls, button=_text(say, button)
    )


def _notice(say: Say, notice: Optional[Notice]) -> str:
    if notice is None:
        return ""
    kind, role = ("bad", "alert") if notice.bad else ("good", "status")
    return f'<p class="{kind}" role="{role}">{_text(say, notice.text)}</p>'


def _paragraph(words: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(words)}</p>' if kind else f"<p>{escape(words)}</p>"


def _text(say: Say, text: Text) -> str:
    return escape(say(text))
