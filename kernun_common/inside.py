"""inside - a path as it is seen by a process whose root is another folder; chroot(2).

    path = inside("/jail/run", "/jail")         "/run"; None: it is not below that folder

Links and `..` are followed first: what only looks as if it were below is not, because
the process would follow them from its own root.  The path need not be there.
"""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import Optional


def inside(path: str, root: str) -> Optional[str]:
    """Both absolute, as they are seen from outside."""
    real_path, real_root = PurePath(os.path.realpath(path)), os.path.realpath(root)
    if not real_path.is_relative_to(real_root):
        return None
    return str("/" / real_path.relative_to(real_root))
