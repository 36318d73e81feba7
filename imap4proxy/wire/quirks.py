"""quirks - deviations of clients that can be tolerated.  All off; each names who needs it.

    CommandReader(Limits(), Quirks(bare_lf=True))

None of them makes a literal where the grammar has none.  The leniencies towards
servers (specification, 2.2) are always on and stand where responses are read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quirks:
    bare_lf: bool = False            # people with a terminal; no mail program
    space_before_crlf: bool = False  # people with a terminal; scripts that join with blanks
