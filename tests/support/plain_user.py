"""Acting as somebody who may not write everywhere: root, as whom tests in containers run, is stopped by no mode."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def plain_user(folder: Path, uid: int = 1000) -> Iterator[None]:
    """Be user ``uid`` for a while, who may enter ``folder`` and the temporary folders above it; nothing if not root."""
    if os.getuid() != 0:
        yield
        return
    for place in (folder, *folder.parents):
        if place.stat().st_mode & 0o005 != 0o005 and "pytest" in str(place):
            place.chmod(0o755)
    os.setegid(uid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
