from imap4proxy import messages
from imap4proxy.engine.repeats import Repeats


def test_the_first_of_each_kind_and_the_rest_by_message():
    repeats = Repeats()
    leniencies = ["bare +", "empty text", "bare +", "bare +", "empty text"]
    said = [repeats.first(messages.LENIENCY, kind) for kind in leniencies]
    assert said == [True, True, False, False, False]
    assert repeats.first(messages.SERVER_EXPUNGE)
    assert repeats.counts() == [("IMAP-821", 3)]
