"""garbage - what the collector of the interpreter is told before children are made.

    settle()                        in the parent, when all is there that its children share

What there is then is never collected, so that children do not copy it.  The second collection is
for the count of what has lived long: Python looks at all objects only when a quarter as many new
ones have come, and would otherwise count what is frozen as well; the sessions of a child that have
ended, which refer to themselves, would stay for thousands of sessions.
"""

from __future__ import annotations

import gc


def settle() -> None:
    gc.collect()
    gc.freeze()
    gc.collect()
