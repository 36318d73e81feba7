"""sinks: what a level shows, which log it goes to, and that levels move."""

import math
import os
import time

import pytest

from kernun_common.log.helper import Helper
from kernun_common.log.log_file import LogFile
from kernun_common.log.message import LEVELS, Message, Severity
from kernun_common.log.outputs import File
from kernun_common.log.sinks import LINGER, Log, to_standard_error


class Recorder:
    """An output that keeps what it is given."""

    fds = ()

    def __init__(self):
        self.lines = []

    def put(self, message, fields, data_limit):
        text = message.render(fields, data_limit)
        self.lines.append((message.severity.syslog, message.tag, text))


ROWS = {
    severity: Message(f"TEST-{number}", severity, "A=%(a)s", "A row for the test.")
    for number, severity in enumerate(Severity, 100)
}
SHOWN = {3: "CE", 4: "CEW", 5: "CEW", 6: "CEWNIK", 7: "CEWNIKD", 8: "CEWNIKDT", 9: "CEWNIKDTF"}


@pytest.mark.parametrize("level", SHOWN)
def test_level(level):
    output = Recorder()
    log = Log(output, Recorder())
    log.level = level
    for row in ROWS.values():
        log.write(row, a=1)
        assert log.enabled(row) == (row.severity.value in SHOWN[level])
    assert [tag[-1] for _, tag, _ in output.lines] == list(SHOWN[level])


def test_line():
    output = Recorder()
    Log(output, Recorder()).write_fields(ROWS[Severity.ERROR], {"a": "b c", "not": "shown"})
    assert output.lines == [(3, "TEST-101-E", 'A="b c"')]


def test_a_field_may_be_called_message_or_self():
    row = Message("TEST-100", Severity.NOTICE, "%(message)s %(self)s", "A row for the test.")
    output = Recorder()
    Log(output, Recorder()).write_fields(row, {"message": 1, "self": 2})
    assert output.lines == [(5, "TEST-100-N", "1 2")]


STATS = [(3, 0), (4, 0), (6, 1), (9, 1)]


@pytest.mark.parametrize("stats_level, written", STATS)
def test_stats_have_a_log_and_a_level_of_their_own(stats_level, written):
    debug, stats = Recorder(), Recorder()
    log = Log(debug, stats, level=LEVELS["error"], stats_level=stats_level)
    log.stats(ROWS[Severity.STATISTIC], {"a": 1})
    assert (len(debug.lines), len(stats.lines)) == (0, written)


def test_data_limits():
    debug, stats = Recorder(), Recorder()
    log = Log(debug, stats, data_limit=2, stats_data_limit=3)
    log.write(ROWS[Severity.NOTICE], a="12345")
    log.stats(ROWS[Severity.NOTICE], {"a": "12345"})
    assert debug.lines[0][2] == 'A="12"...' and stats.lines[0][2] == 'A="123"...'


def test_levels_move_between_3_and_9():
    log = Log(Recorder(), Recorder())
    up = [(log.raise_level(), log.level)[1] for _ in range(5)]
    down = [(log.lower_level(), log.level)[1] for _ in range(8)]
    assert up == [7, 8, 9, 9, 9] and down == [8, 7, 6, 5, 4, 3, 3, 3]


def test_files(tmp_path):
    helper = Helper([LogFile(str(tmp_path / "log"))], lambda count: b"")
    output = File("p", helper, 0)
    log = Log(output, output, helper=helper)
    log.write(ROWS[Severity.NOTICE], a="before")
    assert log.helper_pid is None
    log.start_helper()
    assert f"PID={log.helper_pid}" in _wait_for(tmp_path / "log", lines=2)
    (tmp_path / "log").rename(tmp_path / "moved")
    log.reopen()
    log.write(ROWS[Severity.NOTICE], a="after")
    log.close()
    moved = (tmp_path / "moved").read_text().splitlines()
    assert moved[0].endswith("TEST-103-N A=before") and "APPL-780-K" in moved[1]
    assert (tmp_path / "log").read_text().endswith("TEST-103-N A=after\n")


def test_helper_is_started_again(tmp_path):
    helper = Helper([LogFile(str(tmp_path / "log"))], lambda count: b"")
    output = File("p", helper, 0)
    log = Log(output, output, helper=helper)
    log.start_helper()
    first = log.helper_pid
    log.start_helper()  # as if the first had died
    assert log.helper_pid != first
    log.close()
    os.waitpid(first, 0)
    assert f"APPL-680-E LOG-HELPER-DIED PID={first}\n" in (tmp_path / "log").read_text()


def _wait_for(path, lines):
    while path.read_text().count("\n") < lines:
        pass
    return path.read_text()


def test_without_files_there_is_no_helper():
    log = to_standard_error("p")
    log.start_helper()
    log.reopen()
    log.close()
    assert log.helper_pid is None and log.fds == []


class Gatherer(Recorder):
    """As a file: what it was given counts as written when it is flushed."""

    def __init__(self):
        super().__init__()
        self.written = 0

    def gather(self):
        return True

    def flush(self):
        self.written = len(self.lines)

    stop_gathering = flush


def test_lines_wait_for_each_other():
    debug, stats = Gatherer(), Gatherer()
    log = Log(debug, stats)
    with log.gathering():
        assert log.due == math.inf
        before = time.monotonic()
        log.write(ROWS[Severity.NOTICE], a=1)
        due = log.due
        assert before + LINGER <= due <= time.monotonic() + LINGER
        log.write(ROWS[Severity.DEBUG], a="not shown")
        log.stats(ROWS[Severity.STATISTIC], {"a": 2})
        assert (debug.written, stats.written, log.due) == (0, 0, due)
        log.flush()
        assert (debug.written, stats.written, log.due) == (1, 1, math.inf)
        log.write(ROWS[Severity.NOTICE], a=3)
        assert debug.written == 1 and log.due >= due
    assert debug.written == 2 and log.due == math.inf
    log.write(ROWS[Severity.NOTICE], a=4)
    assert log.due == math.inf


@pytest.mark.parametrize("severity", Severity)
def test_a_grave_line_does_not_wait(severity):
    debug = Gatherer()
    log = Log(debug, Gatherer(), level=LEVELS["full"])
    with log.gathering():
        log.write(ROWS[Severity.NOTICE], a=1)
        log.write(ROWS[severity], a=2)
        assert debug.written == (2 if severity.value in "CEW" else 0)


def test_nothing_is_left_behind_by_an_exception():
    debug = Gatherer()
    log = Log(debug, Gatherer())
    with pytest.raises(RuntimeError), log.gathering():
        log.write(ROWS[Severity.NOTICE], a=1)
        raise RuntimeError
    assert debug.written == 1 and log.due == math.inf


def test_where_nothing_gathers_nothing_is_due(capfd):
    log = to_standard_error("p")
    with log.gathering():
        log.write(ROWS[Severity.NOTICE], a=1)
        assert log.due == math.inf and "A=1" in capfd.readouterr().err
