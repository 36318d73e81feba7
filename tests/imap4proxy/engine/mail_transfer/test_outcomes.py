import pytest

from imap4proxy.engine.actions import Reserve
from imap4proxy.engine.events import Reserved
from imap4proxy.engine.mail_transfer.outcomes import Outcomes
from imap4proxy.engine.outbox import Outbox


def test_who_waits_is_told_once():
    outbox, seen = Outbox(), []
    outcomes = Outcomes(outbox)
    assert not outcomes.busy
    outcomes.perform(Reserve(5), seen.append)
    assert outcomes.busy and outbox.drain() == [Reserve(5)]
    outcomes.on_event(Reserved())
    assert seen == [Reserved()] and not outcomes.busy
    with pytest.raises(AssertionError):
        outcomes.on_event(Reserved())


def test_one_outcome_may_lead_to_the_next():
    outcomes, seen = Outcomes(Outbox()), []
    outcomes.perform(Reserve(1), lambda event: outcomes.perform(Reserve(2), seen.append))
    outcomes.on_event(Reserved())
    assert outcomes.busy
    outcomes.on_event(Reserved("full"))
    assert seen == [Reserved("full")]


def test_one_at_a_time():
    outcomes = Outcomes(Outbox())
    outcomes.perform(Reserve(1), print)
    with pytest.raises(AssertionError):
        outcomes.perform(Reserve(2), print)
