"""A collection that ends in the middle, in a process of its own."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from typing import TYPE_CHECKING

from tests.sources.git.collecting import Workspace

if TYPE_CHECKING:
    from pathlib import Path


def collect_and_die(workspace: Path, repository: Path, calls: int) -> None:
    """Collect, and be killed when so many functions were called."""
    tempfile.tempdir = str(workspace.parent)
    left = calls

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count if calls else None)
    Workspace(workspace).collect(repository)
    sys.setprofile(None)
    os._exit(0)  # waiting for idle threads takes longer than all of it
