"""texts - what the login page says, in English and Czech.

    say = load()["cs"]
    say(Text.LOG_IN)                "Přihlásit se"
    say(Text.LOGGED_IN_AS, "alice")

The English text is the identification of its translation in locale/*.po (gettext).
"""

from __future__ import annotations

from enum import Enum
from importlib.resources import files
from typing import Callable, Mapping

import polib

ENGLISH, CZECH = "en", "cs"


class Text(Enum):
    """A text; the value is its English form."""

    TITLE = "Mail access"
    LOG_IN_FIRST = "Log in to use your mail from this device."
    USER = "User name"
    PASSWORD = "Password"
    ANSWER = "Your answer"
    LOG_IN = "Log in"
    LOG_OUT = "Log out"
    LOGGED_IN = "You are logged in"
    LOGGED_IN_AS = "User: %s"
    AT = "Address: %s"
    LOG_OUT_HINT = "Whoever uses this address has your access until you log out."
    LOGGED_OUT = "You have logged out."
    DENIED = "The user name or the password is wrong."
    LOCKED = "Too many failed attempts. Try again in a minute."
    FULL = "You cannot be logged in now. Ask your administrator."
    UNAVAILABLE = "Your password cannot be checked now. Try again later."
    STORE_FAILED = "Logins are not possible now. Try again later."
    EXPIRED_FORM = "This form is no longer valid. Please try again."
    NOT_FOUND = "There is no such page."


Say = Callable[..., str]


def load() -> Mapping[str, Say]:
    """What says a text in a language, by the language's tag (RFC 5646)."""
    text = files(__package__).joinpath("locale", "cs.po").read_text("utf-8")
    czech = {entry.msgid: entry.msgstr for entry in polib.pofile(text)}
    return {ENGLISH: _speaker({}), CZECH: _speaker(czech)}


def _speaker(translations: Mapping[str, str]) -> Say:
    def say(text: Text, *values: str) -> str:
        words = translations.get(text.value) or text.value
        return words % values if values else words

    return say
