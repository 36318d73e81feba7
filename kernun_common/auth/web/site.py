"""site - what is asked of the login page, and what is answered; a WSGI application (PEP 3333).

    site = Site(admission, log, name, resolution)

    GET /           the form, or who is logged in at the address of the browser
    POST /login     user and password, or the answer to a challenge
    POST /logout

A form counts only with the token of tokens.py, and only from a page of the same origin where
the browser tells one.  What succeeds is answered by a redirection to the page.
`resolution()` is what names stand for now.
"""

from __future__ import annotations

import functools
from http import HTTPStatus
from typing import Any, Callable, Iterable, Mapping

from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from kernun_common.acl.facts import Resolution
from kernun_common.log.sinks import Log

from ...errors import Unavailable
from ...secret import Secret
from ...sockaddr import Address, address
from .. import messages
from ..admission import Admission, Outcome, Result
from .page import Notice, challenge_page, logged_in_page, login_page, notice_page
from .style import POLICY
from .texts import ENGLISH, Say, Text, load
from .tokens import Tokens

MOST_OCTETS = 8192  # of a form
LOGGED_OUT = "out"  # the query of the page behind a logout

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # with none at all browsers tell no origin either
    "Vary": "Accept-Language",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
TOLD: Mapping[Result, tuple[HTTPStatus, Text]] = {
    Result.DENIED: (HTTPStatus.FORBIDDEN, Text.DENIED),
    Result.LOCKED: (HTTPStatus.TOO_MANY_REQUESTS, Text.LOCKED),
    Result.FULL: (HTTPStatus.SERVICE_UNAVAILABLE, Text.FULL),
    Result.UNAVAILABLE: (HTTPStatus.SERVICE_UNAVAILABLE, Text.UNAVAILABLE),
}


class Form(Request):
    """A request that is not too large."""

    max_content_length = MOST_OCTETS
    max_form_memory_size = MOST_OCTETS
    max_form_parts = 8


class Visit:
    """One request: who asks, in which language, with which cookie."""

    def __init__(
        self, request: Form, key: Callable[[], bytes], languages: Mapping[str, Say]
    ) -> None:
        self.request = request
        self.address: Address = address(request.remote_addr or "")
        self.language = _language(request, languages)
        self.say = languages[self.language]
        self._key = key
        self._name = "__Host-kernun-oob" if request.is_secure else "kernun-oob"
        self._sent = request.cookies.get(self._name)
        self._cookie = Tokens.cookie(self._sent)

    @property
    def token(self) -> str:
        """Unavailable: the key cannot be had."""
        return Tokens(self._key()).token(self._cookie, str(self.address))

    def is_own(self) -> bool:
        """Was the form sent from a page of ours?"""
        request = self.request
        origin = request.headers.get("Origin")
        if origin is not None and origin != request.host_url.rstrip("/"):
            return False
        token = request.form.get("token", "")
        return Tokens(self._key()).fits(token, self._sent, str(self.address))

    def answer(self, status: HTTPStatus, page: str) -> Response:
        response = Response(page, status, HEADERS, mimetype="text/html")
        response.headers["Content-Language"] = self.language
        response.set_cookie(
            self._name,
            self._cookie,
            secure=self.request.is_secure,
            httponly=True,
            samesite="Strict",
        )
        return response


class Site:
    """See the file's first lines."""

    def __init__(
        self,
        admission: Admission,
        log: Log,
        name: str,
        resolution: Callable[[], Resolution],
    ) -> None:
        self._admission = admission
        self._log = log
        self._name = name
        self._resolution = resolution
        self._languages = load()
        self._pages: Mapping[tuple[str, str], Callable[[Visit], Response]] = {
            ("GET", "/"): self._show,
            ("POST", "/login"): self._login,
            ("POST", "/logout"): self._logout,
        }

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        request = Form(environ)
        key = functools.partial(self._admission.key, self._resolution())
        visit = Visit(request, key, self._languages)
        response = self._response(visit)
        self._log.write(
            messages.HTTP_REQUEST,
            name=self._name,
            client=f"[{visit.address}]",
            method=request.method,
            path=request.path,
            status=response.status_code,
        )
        return response(environ, start_response)

    def _response(self, visit: Visit) -> Response:
        method = "GET" if visit.request.method == "HEAD" else visit.request.method
        page = self._pages.get((method, visit.request.path))
        try:
            if page is None:
                return _notice(visit, HTTPStatus.NOT_FOUND, Text.NOT_FOUND)
            if method == "POST" and not visit.is_own():
                return self._form(visit, HTTPStatus.FORBIDDEN, Text.EXPIRED_FORM)
            return page(visit)
        except RequestEntityTooLarge:
            return _notice(visit, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Text.EXPIRED_FORM)
        except HTTPException:
            return _notice(visit, HTTPStatus.BAD_REQUEST, Text.EXPIRED_FORM)
        except Unavailable as failure:
            self._log.write(
                messages.STORE_FAILED,
                name=self._name,
                client=f"[{visit.address}]",
                reason=failure.what,
            )
            return _notice(visit, HTTPStatus.SERVICE_UNAVAILABLE, Text.STORE_FAILED)

    def _show(self, visit: Visit) -> Response:
        login = self._admission.user(visit.address, self._resolution())
        if login is None:
            out = visit.request.query_string.decode("ascii", "replace") == LOGGED_OUT
            notice = Notice(Text.LOGGED_OUT) if out else None
            page = login_page(visit.say, visit.language, visit.token, notice)
        else:
            page = logged_in_page(
                visit.say, visit.language, visit.token, login.user.name, str(visit.address)
            )
        return visit.answer(HTTPStatus.OK, page)

    def _login(self, visit: Visit) -> Response:
        """Blanks around a name come from phones, which add them to what they suggest."""
        form, resolution = visit.request.form, self._resolution()
        challenge = form.get("challenge")
        name = form.get("user", "").strip()
        if challenge is not None:
            answer = Secret(form.get("answer", "").encode("utf-8", "replace"))
            outcome = self._admission.respond(visit.address, challenge, answer, resolution)
        else:
            password = Secret(form.get("password", "").encode("utf-8", "replace"))
            outcome = self._admission.login(visit.address, name, password, resolution)
        return self._told(visit, outcome, name)

    def _told(self, visit: Visit, outcome: Outcome, name: str) -> Response:
        if outcome.result is Result.ACCEPTED:
            return _see(visit, "/")
        if outcome.result is Result.CHALLENGE:
            page = challenge_page(
                visit.say, visit.language, visit.token, outcome.text, outcome.challenge
            )
            return visit.answer(HTTPStatus.OK, page)
        status, text = TOLD[outcome.result]
        return self._form(visit, status, text, name)

    def _logout(self, visit: Visit) -> Response:
        self._admission.logout(visit.address, self._resolution())
        return _see(visit, f"/?{LOGGED_OUT}")

    @staticmethod
    def _form(visit: Visit, status: HTTPStatus, text: Text, name: str = "") -> Response:
        notice = Notice(text, bad=True)
        page = login_page(visit.say, visit.language, visit.token, notice, name)
        return visit.answer(status, page)


def _language(request: Form, languages: Mapping[str, Say]) -> str:
    """The first one of those that the browser prefers; `cs-CZ` is `cs` to us."""
    for tag, quality in request.accept_languages:
        primary = tag.lower().split("-")[0]
        if quality > 0 and primary in languages:
            return primary
    return ENGLISH


def _see(visit: Visit, place: str) -> Response:
    response = visit.answer(HTTPStatus.SEE_OTHER, "")
    response.headers["Location"] = place
    return response


def _notice(visit: Visit, status: HTTPStatus, text: Text) -> Response:
    return visit.answer(
        status, notice_page(visit.say, visit.language, Notice(text, bad=True))
    )
