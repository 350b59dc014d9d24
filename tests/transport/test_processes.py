"""Programs are fed, read and ended, and their exit codes are known."""

import sys
import threading
from pathlib import Path

import pytest

from trueup.transport.processes import run, streaming

PYTHON = (sys.executable, "-S", "-c")


def test_run() -> None:
    done = run(["cat"], given=b"a\0b\n")
    assert (done.code, done.out, done.err) == (0, b"a\0b\n", "")
    done = run(["sh", "-c", "printf out; printf 'bad \\377' >&2; exit 3"])
    assert (done.code, done.out, done.err) == (3, b"out", "bad \ufffd")
    assert run(["sh", "-c", "printf $HERE"], env={"HERE": "there", "PATH": "/bin"}).out == b"there"
    with pytest.raises(FileNotFoundError):
        run(["no-such-program-anywhere"])


def test_run_does_not_read_our_own_input() -> None:
    assert run(["cat"]).out == b""


def test_from_one_program_to_the_next() -> None:
    size = 3_000_000
    with streaming(["cat"], given=b"x" * size) as running:
        done = run(["wc", "-c"], source=running.out)
    assert int(done.out) == size
    assert running.code == 0


def test_streaming_much_both_ways() -> None:
    """Neither side may wait for the other while the pipes are full."""
    given = b"line\n" * 400_000
    found = 0
    with streaming(["cat"], given=given) as running:
        while chunk := running.out.read(1 << 20):
            found += len(chunk)
    assert (found, running.code, running.err) == (len(given), 0, "")


def test_an_exit_code_is_known_after_the_block() -> None:
    with streaming(["sh", "-c", "cat >/dev/null; echo late; echo why >&2; exit 7"]) as running:
        assert running.out.read(100) == b"late\n"
        assert running.code == 0
    assert (running.code, running.err) == (7, "why\n")


def test_leaving_early_ends_the_program() -> None:
    with streaming(["yes"]) as running:
        assert running.out.read(2) == b"y\n"
    assert running.code < 0
    with streaming(["cat"], given=b"x" * 10_000_000) as running:
        running.out.read(1)
    assert running.code != 0


def test_an_error_in_the_block_ends_the_program() -> None:
    threads = threading.active_count()

    def fail() -> None:
        with streaming(["sleep", "1000"], given=b"x" * 1_000_000):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert threading.active_count() == threads


def test_a_program_that_does_not_read() -> None:
    with streaming(["true"], given=b"x" * 10_000_000) as running:
        assert running.out.read(1) == b""
    assert running.code == 0
    assert run(["true"], given=b"x" * 10_000_000).code == 0


def test_endless_complaints_are_heard_but_not_kept() -> None:
    shout = "import sys\nfor _ in range(3000): sys.stderr.write('complaint ' * 100)\nprint('done')"
    with streaming([*PYTHON, shout]) as running:
        assert b"".join(iter(lambda: running.out.read(100), b"")) == b"done\n"
    assert running.code == 0
    assert (1 << 16) <= len(running.err) < (1 << 17)


def test_killed_by_a_signal() -> None:
    with streaming(["sh", "-c", "kill -9 $$"]) as running:
        assert running.out.read() == b""
    assert running.code == -9


def test_no_such_program(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), streaming([str(tmp_path / "nothing")]):
        pass
