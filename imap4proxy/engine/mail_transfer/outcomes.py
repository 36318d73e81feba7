"""outcomes - one action is under way whose outcome comes in its time, and who waits for it.

    outcomes.perform(Store(...), then=self._on_stored)
    outcomes.busy                    no octets of the server are worked on meanwhile
    outcomes.on_event(event)         the outcome

See also: ../actions.py (Store, Check, Save, Quarantine).
"""

from __future__ import annotations

from typing import Any, Callable, Optional

from ..actions import Action
from ..outbox import Outbox


class Outcomes:
    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._then: Optional[Callable[[Any], None]] = None

    @property
    def busy(self) -> bool:
        return self._then is not None

    def perform(self, action: Action, then: Callable[[Any], None]) -> None:
        assert self._then is None, "one at a time"
        self._then = then
        self._outbox.add(action)

    def on_event(self, event: Any) -> None:
        """What `perform` led to."""
        then, self._then = self._then, None
        assert then is not None, "an outcome of nothing"
        then(event)
