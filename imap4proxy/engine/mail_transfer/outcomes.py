"""outcomes - one action is under way whose outcome comes in its time, and who waits for it.

    outcomes.perform(Store(...), then=self._on_stored)
    outcomes.busy                    no command of the client is worked on meanwhile
    outcomes.stops_server            ... nor octets of the server, but for the time of an upload,
                                     which is no business of the server until all of it passes
    outcomes.on_event(event)         the outcome

See also: ../actions.py (Store, Check, Save, Quarantine).
"""

from __future__ import annotations

from typing import Any, Callable, Optional

from ..actions import Action
from ..outbox import Outbox


class Outcomes:
    def __init__(self, outbox: Outbox) -> None:
        self.uploading = False  # no FETCH is open then: what the server says leads to no action
        self._outbox = outbox
        self._then: Optional[Callable[[Any], None]] = None

    @property
    def busy(self) -> bool:
        return self._then is not None

    @property
    def stops_server(self) -> bool:
        return self._then is not None and not self.uploading

    def perform(self, action: Action, then: Callable[[Any], None]) -> None:
        assert self._then is None, "one at a time"
        self._then = then
        self._outbox.add(action)

    def on_event(self, event: Any) -> None:
        """What `perform` led to."""
        then, self._then = self._then, None
        assert then is not None, "an outcome of nothing"
        then(event)
