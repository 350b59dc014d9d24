"""Starting a program, feeding it, and reading what it prints, with its exit code checked."""

from __future__ import annotations

import fcntl
import subprocess
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator, Mapping, Sequence

#: A program may print so many bytes ahead of who reads it: both work at the same time.
AHEAD = 1 << 20


@dataclass(frozen=True, slots=True)
class Finished:
    """What a program did: exit code, standard output, standard error (decoded leniently)."""

    code: int
    out: bytes
    err: str


class Running:
    """A program whose output is being read; after `streaming` ends, its exit code is known."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.code = 0
        self.err = ""

    @property
    def out(self) -> io.FileIO:
        """Its standard output."""
        return cast("io.FileIO", self._process.stdout)  # a raw pipe, for it is not buffered


def run(
    command: Sequence[str],
    *,
    given: bytes = b"",
    source: IO[bytes] | None = None,
    env: Mapping[str, str] | None = None,
) -> Finished:
    """Run a program to its end; never raises for its exit code.

    Args:
        command: the program and its arguments.
        given: what it reads.
        source: read from this open file or pipe instead.
        env: its environment.

    Raises:
        FileNotFoundError: there is no such program.
    """
    fed: dict[str, Any] = {"input": given} if source is None else {"stdin": source}
    done = subprocess.run(command, **fed, capture_output=True, check=False, env=env)
    return Finished(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


@contextmanager
def streaming(
    command: Sequence[str], *, given: bytes = b"", env: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Start a program, feed it in the background, and let the caller read its output.

    Leaving the block early ends the program. What it printed to standard error is kept up to 64 KiB.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
        bufsize=0,
    ) as process:
        running = Running(process)
        with suppress(OSError, AttributeError):  # only some systems have pipes of chosen size
            fcntl.fcntl(running.out, fcntl.F_SETPIPE_SZ, AHEAD)
        heard: list[bytes] = []
        feeder = threading.Thread(target=_feed, args=(process, given), daemon=True)
        listener = threading.Thread(target=_listen, args=(process, heard), daemon=True)
        feeder.start()
        listener.start()
        try:
            yield running
        except BaseException:
            process.kill()
            raise
        finally:
            running.out.close()
            running.code = process.wait()
            feeder.join()
            listener.join()
            running.err = b"".join(heard).decode("utf-8", "replace")


def _feed(process: subprocess.Popen[bytes], given: bytes) -> None:
    if process.stdin is None:
        return
    try:
        # In slices: a raw pipe may take less than it is offered.
        view = memoryview(given)
        while view:
            view = view[process.stdin.write(view[: 1 << 16]) :]
        process.stdin.close()
    except (BrokenPipeError, ValueError):
        pass  # the program ended before it had read everything; its exit code tells


def _listen(process: subprocess.Popen[bytes], heard: list[bytes]) -> None:
    if process.stderr is None:
        return
    kept = 0
    while chunk := process.stderr.read(1 << 14):
        if kept < 1 << 16:
            heard.append(chunk)
            kept += len(chunk)
