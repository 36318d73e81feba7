"""browser - what documents do when a real browser shows them.

    with Gallery() as gallery:
        gallery.show({...}, expected)   opens each in a frame, and touches all that is in it
        gallery.acted                   the documents that ran a script or loaded something

A document acts by asking for gallery.hit(its name).  Chromium runs without a screen, and reaches
nothing but the server here, on loopback.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Mapping, Set
from urllib.parse import quote, unquote

from .browser_process import browser
from .waiting import wait_until

AT_ONCE = 16  # documents

# Shows each document, a few at a time, and does to it what a reader could do.
INDEX = """<!DOCTYPE html><meta charset="utf-8"><body><script>
const names = NAMES;
function touch(frame) {
  const inside = frame.contentDocument;
  if (!inside) return;
  for (const element of inside.querySelectorAll("*")) {
    const event = frame.contentWindow.MouseEvent;
    element.dispatchEvent(new event("mouseover", {bubbles: true}));
    if (element.focus) element.focus();
    if (element.matches("a, area, button, p"))
      element.dispatchEvent(new event("click", {bubbles: true, cancelable: true}));
  }
}
async function show(name) {
  const frame = document.createElement("iframe");
  const loaded = new Promise(done => { frame.onload = done; setTimeout(done, 5000); });
  frame.src = "/show/" + name;
  document.body.append(frame);
  await loaded;
  try { touch(frame); } catch (error) { console.log(error); }
}
(async () => {
  while (names.length) {
    await Promise.all(names.splice(0, AT_ONCE).map(show));
    await fetch("/shown");
  }
})();
</script>"""


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        what, _, name = unquote(self.path.partition("?")[0]).lstrip("/").partition("/")
        octets = b""
        if what == "show":
            octets = self.server.documents.get(name, b"")
        elif what == "index":
            names = json.dumps(list(self.server.documents))
            octets = INDEX.replace("NAMES", names).replace("AT_ONCE", str(AT_ONCE)).encode()
        elif what == "hit":
            self.server.acted.add(name)
        elif what == "shown":
            self.server.shown += AT_ONCE
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.documents: Mapping[str, bytes] = {}
        self.acted: Set[str] = set()
        self.shown = 0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The browser hung up: it has left the document."""


class Gallery:
    """A server of documents on loopback, and a browser that opens them."""

    def __init__(self) -> None:
        self._server = _Server()
        self._port = self._server.server_address[1]

    def __enter__(self) -> "Gallery":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def hit(self, name: str) -> str:
        """What a document asks for when it acts, without scheme."""
        return f"//127.0.0.1:{self._port}/hit/{quote(name)}"

    @property
    def acted(self) -> Set[str]:
        return set(self._server.acted)

    def show(self, documents: Mapping[str, bytes], expected: Set[str]) -> None:
        """Show all, in their order; then wait until those that are expected to act have done so."""
        self._server.documents = documents
        url = f"http://127.0.0.1:{self._port}/index"
        with browser("--remote-debugging-port=0", url):
            for count in range(1, len(documents) + 1, AT_ONCE):
                wait_until(lambda: self._server.shown >= count, "the browser")
            wait_until(lambda: expected <= self.acted, "the documents to act")
