"""The commands together, and the one place where errors become exit codes.

0 good, 1 a finding, 2 usage, 3 a surprise, 4 an expected failure, 130 interrupted, 143 terminated.
"""

from __future__ import annotations

import errno
import importlib
import inspect
import io
import os
import pkgutil
import shutil
import signal
import sys
import traceback
from pathlib import Path
from typing import TextIO

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from trueup import __version__, cli
from trueup.kernel.errors import StoreError, TrueupError, UsageError
from trueup.kernel.footprint import keep_small

GOOD, FINDING, USAGE, SURPRISE, EXPECTED, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 4, 130, 143

ABOUT = """Is the work we report really happening?

trueup reads what you already have, finds every claim that work is done, checks it against independent
evidence, and keeps the ledger of what stays unverified. Start here:

    trueup scan .
"""


def build() -> typer.Typer:
    """All commands: every public module of this package has a `command`, a group of `COMMANDS`, or both."""
    app = typer.Typer(
        help=ABOUT,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )

    @app.callback(invoke_without_command=True)
    def root(
        version: bool = typer.Option(False, "--version", help="Print the version and leave."),
    ) -> None:
        if version:
            typer.echo(f"trueup {__version__}")
            raise typer.Exit

    for info in sorted(pkgutil.iter_modules(cli.__path__), key=lambda m: m.name):
        if not info.name.startswith("_"):
            module = importlib.import_module(f"trueup.cli.{info.name}")
            if not hasattr(module, "COMMANDS"):
                app.command(name=info.name)(module.command)
                continue
            alone = getattr(module, "command", _help_alone)
            about = getattr(module, "ABOUT", None) or inspect.getdoc(alone)
            group = typer.Typer(help=about, rich_markup_mode=None)
            group.callback(invoke_without_command=True)(alone)
            for name, command in module.COMMANDS.items():
                group.command(name=name)(command)
            app.add_typer(group, name=info.name)
    return app


def _help_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run(arguments: list[str]) -> int:
    """Run one command line; the one handler of errors."""
    _settle_streams()
    signal.signal(signal.SIGTERM, _terminate)
    keep_small()
    try:
        code = _invoke(arguments or ["--help"])
        sys.stdout.flush()  # here, so that a reader who left or a full disk is met below
    except BrokenPipeError:
        _drop(sys.stdout)
        return GOOD
    except (KeyboardInterrupt, typer.Abort) as stop:
        _say("interrupted. What was collected before is kept; run the same command to go on.")
        return TERMINATED if isinstance(stop, _Terminated) else INTERRUPTED
    except (TrueupError, TyperException) as error:
        return _expected(error)
    except Exception as error:  # noqa: BLE001 - the one handler at the edge
        return _unexpected(error)
    return code


def _invoke(arguments: list[str]) -> int:
    """Run the command; `main` of typer would turn interrupts and broken pipes into its own codes."""
    command = get_command(build())
    try:
        with command.make_context("trueup", arguments) as context:
            found = command.invoke(context)
    except typer.Exit as leave:
        return leave.exit_code
    return found if isinstance(found, int) else GOOD


class _Terminated(KeyboardInterrupt):
    """Somebody asked the program to end: a service manager, a CI job that took too long."""


def _terminate(*_: object) -> None:
    raise _Terminated


def _is_somewhere() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def _settle_streams() -> None:
    """Streams that exist, and say what they cannot encode as escapes."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by who started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for good
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _expected(error: TrueupError | TyperException) -> int:
    if isinstance(error, TyperException):
        _say(f"error: {_harmless(error.format_message())}  [usage]")
        _say("  Try `trueup COMMAND --help`.")
        return USAGE
    _say(f"error: {_harmless(str(error))}")
    return USAGE if isinstance(error, UsageError) else EXPECTED


def _unexpected(error: Exception) -> int:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        _say(f"error: no space is left to write to  [{StoreError.slug}]")
        _say("  Free some space and run the same command again.")
        return EXPECTED
    if isinstance(error, FileNotFoundError) and not _is_somewhere():
        _say(f"error: the folder this was started in is no longer there  [{UsageError.slug}]")
        _say("  Change to another folder and run the same command again.")
        return USAGE
    _say(f"error: something unexpected happened ({type(error).__name__})  [surprise]")
    _say(f"  What led to it, without names or texts: {_log(error)}")
    return SURPRISE


def _say(text: str) -> None:
    try:
        if sys.stderr.isatty():
            room = shutil.get_terminal_size((80, 24)).columns
            print("\r".ljust(min(room, 79)), end="\r", file=sys.stderr)  # over a line of progress
        print(text, file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)  # nobody listens any more; the exit code still tells


def _drop(stream: TextIO) -> None:
    """Let what is left of a stream go nowhere, or Python complains about it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _harmless(text: str) -> str:
    from trueup.report.text import harmless

    return "\n".join(harmless(line) for line in text.split("\n"))


def _log(error: BaseException) -> str:
    """Where it happened, without the message: that could hold a name or a text of the repository."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    path = Path(base) / "trueup" / "surprise.log"
    lines = [f"trueup {__version__}, Python {sys.version.split()[0]}", type(error).__name__]
    frames = traceback.extract_tb(error.__traceback__)
    lines += [f"{f.filename.rsplit('/trueup/', 1)[-1]}:{f.lineno} in {f.name}" for f in frames]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")
    except OSError:
        return "could not be written"
    return str(path)
