"""chromium - a real browser without a screen, driven like by a user: keys, and what is to be seen.

    with Chromium(width=390, height=800, languages="cs") as browser:
        browser.open(url)
        browser.type("alice")       into what has the focus
        browser.press("Tab")        "Enter"; the next page is waited for by `see`
        browser.see("Log out")      until the page shows that
        browser.picture(path)

It is spoken to by the DevTools protocol over a pipe.  It reaches nothing but loopback, and
takes any certificate for good.
"""

from __future__ import annotations

import json
import os
import select
from base64 import b64decode
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Dict, Self

from .browser_process import browser
from .waiting import wait_until

PATIENCE = 60.0  # seconds for an answer
KEYS = {"Tab": (9, "\t"), "Enter": (13, "\r")}


class Chromium:
    """See the file's first lines."""

    def __init__(self, width: int = 1000, height: int = 700, languages: str = "en") -> None:
        self._size = {"width": width, "height": height}
        self._languages = languages
        self._ends = ExitStack()
        self._number = 0
        self._session: Dict[str, str] = {}
        self._buffer = b""

    def __enter__(self) -> Self:
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        # The browser reads what it is told from descriptor 3, and answers at 4.
        pipes = ("bash", "-c", f'exec "$@" 3<&{to_read} 4>&{to_write}', "bash")
        arguments = ("--remote-debugging-pipe", "--ignore-certificate-errors")
        self._ends.enter_context(
            browser(*arguments, before=pipes, pass_fds=(to_read, to_write))
        )
        os.close(to_read)
        os.close(to_write)
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        self._call("Emulation.setDeviceMetricsOverride", **self._size, **_SCREEN)
        self._call("Network.enable")
        header = {"Accept-Language": self._languages}
        self._call("Network.setExtraHTTPHeaders", headers=header)
        return self

    def __exit__(self, *args: object) -> None:
        self._ends.close()
        os.close(self._read)
        os.close(self._write)

    def open(self, url: str) -> None:
        self._call("Page.navigate", url=url)

    def type(self, text: str) -> None:
        self._call("Input.insertText", text=text)

    def press(self, key: str) -> None:
        code, text = KEYS[key]
        event = {"key": key, "code": key, "windowsVirtualKeyCode": code, "text": text}
        self._call("Input.dispatchKeyEvent", type="keyDown", **event)
        self._call("Input.dispatchKeyEvent", type="keyUp", **event)

    def see(self, words: str) -> str:
        """All that the page says, once these words are among it."""
        wait_until(lambda: words in self.text, f"a page that says {words}")
        return self.text

    @property
    def text(self) -> str:
        return str(self.evaluate("document.body ? document.body.innerText : ''"))

    def evaluate(self, expression: str) -> Any:
        found = self._call("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    def picture(self, path: Path) -> None:
        path.write_bytes(b64decode(self._call("Page.captureScreenshot")["data"]))

    def _call(self, method: str, **params: object) -> Dict[str, Any]:
        self._number += 1
        call = {"id": self._number, "method": method, "params": params, **self._session}
        os.write(self._write, json.dumps(call).encode() + b"\0")
        while True:
            answer = self._answer()
            if answer.get("id") == self._number:
                assert "result" in answer, answer
                return dict(answer["result"])

    def _answer(self) -> Dict[str, Any]:
        while b"\0" not in self._buffer:
            assert select.select([self._read], [], [], PATIENCE)[0], "the browser is silent"
            octets = os.read(self._read, 65536)
            assert octets, "the browser has ended"
            self._buffer += octets
        line, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(line))


_SCREEN = {"deviceScaleFactor": 2, "mobile": False}
