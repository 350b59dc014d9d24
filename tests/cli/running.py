"""The program as people start it: a process of its own, with nobody's settings."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY = "a key for tests alone"
PROGRAM = (sys.executable, "-m", "trueup")

#: Everything that commands a terminal or hides, but for the end of a line.
COMMANDING = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)

#: A first line with a slug in brackets, then indented lines: where, and what to do.
ERROR = re.compile(r"error: (?P<what>.+)  \[(?P<slug>[a-z.-]+)\]\n(?P<more>(?:  .+\n)*)")


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def slug(self) -> str:
        """The name of the one error told."""
        (found,) = ERROR.finditer(self.err)
        return found["slug"]

    @property
    def more(self) -> list[str]:
        """What stands below the error: where, and what to do."""
        (found,) = ERROR.finditer(self.err)
        return [line.strip() for line in found["more"].splitlines()]


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """An environment in which only the test has a say."""
    found = {k: os.environ[k] for k in ("PATH", "TMPDIR") if k in os.environ}
    found |= {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), "LC_ALL": "C.UTF-8"}
    found |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "TRUEUP_KEY": KEY}
    found |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    return {k: v for k, v in (found | more).items() if v}


def trueup(folder: Path, *arguments: object, **more: str) -> Ran:
    """Run a command in a folder; output as it was written, escapes and all."""
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=folder,
        env=surroundings(folder, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    told = [s.decode("utf-8", "surrogateescape") for s in (done.stdout, done.stderr)]
    return Ran(done.returncode, *told)


def shell(folder: Path, line: str, **more: str) -> Ran:
    """Run a line of shell in which `$trueup` is the program."""
    more["trueup"] = " ".join(PROGRAM)
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env=surroundings(folder, **more),
        capture_output=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def in_terminal(
    folder: Path,
    *arguments: object,
    columns: int = 80,
    heard: Callable[[str, int], None] | None = None,
    typed: str = "",
    **more: str,
) -> Ran:
    """Run a command whose output streams are one terminal; ``heard`` is told all so far, and the process.

    What is ``typed`` stands in the terminal from the beginning.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=folder,
        env=surroundings(folder, **({"TERM": "xterm"} | more)),
        stdin=theirs if typed else subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        # Tests may themselves run where interrupts are ignored, in the background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    told = b""
    with suppress(OSError), process:
        while piece := _read(ours):
            told += piece
            if heard is not None:
                heard(told.decode("utf-8", "replace"), process.pid)
    os.close(ours)
    shown = told.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    return Ran(process.wait(), shown, shown)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 14)
    except OSError as error:
        if error.errno == errno.EIO:  # so Linux says that nobody writes any more
            return b""
        raise
