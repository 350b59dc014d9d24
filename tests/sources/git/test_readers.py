"""Reading processes end with the one that started them, however that ends, and without a word."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import os, time
from trueup.sources.git.slices import Readers
if __name__ == "__main__":
    try:
        with Readers(2) as readers:
            readers.start()
            print(*readers._pool._processes, flush=True)
            time.sleep(60)
    except KeyboardInterrupt:
        pass
"""


def alive(process: int) -> bool:
    """Whether it still runs: what has ended and nobody has asked for yet does not."""
    try:
        with open(f"/proc/{process}/stat") as told:  # noqa: PTH123
            return told.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks at processes in /proc")  # noqa: PTH112
@pytest.mark.parametrize("after", [0.0, 0.2, 2.0])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_none_is_left(how: int, after: float, tmp_path: Path) -> None:
    """As a terminal interrupts all of them, and as somebody kills the one they know."""
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell that starts the tests in the background has interrupts ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        assert process.stdout is not None
        readers = [int(number) for number in process.stdout.readline().split()]
        assert len(readers) == 2
        time.sleep(after)
        (os.killpg if how == signal.SIGINT else os.kill)(process.pid, how)
        process.wait(timeout=20)
        until = time.monotonic() + 20
        while any(map(alive, readers)) and time.monotonic() < until:
            time.sleep(0.05)
        left = [reader for reader in readers if alive(reader)]
        for reader in left:
            os.kill(reader, signal.SIGKILL)
        assert left == []
        assert process.stderr is not None
        assert process.stderr.read() == "" or how != signal.SIGINT
