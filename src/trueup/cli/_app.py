"""The commands together, and the one place where errors become exit codes.

0 good, 1 a finding, 2 usage, 3 a surprise, 4 an expected failure, 130 interrupted.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import traceback
from pathlib import Path
from typing import Any

import typer
from typer.exceptions import TyperException

from trueup import __version__, cli
from trueup.kernel.errors import TrueupError, UsageError

GOOD, FINDING, USAGE, SURPRISE, EXPECTED, INTERRUPTED = 0, 1, 2, 3, 4, 130

ABOUT = """Is the work we report really happening?

trueup reads what you already have, finds every claim that work is done, checks it against independent
evidence, and keeps the ledger of what stays unverified. Start here:

    trueup scan .
"""


def build() -> typer.Typer:
    """All commands: every public module of this package that has a `command`."""
    app = typer.Typer(
        help=ABOUT,
        no_args_is_help=True,
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
            app.command(name=info.name)(module.command)
    return app


def run(arguments: list[str]) -> int:
    """Run one command line; the one handler of errors."""
    try:
        return _exit_code(build()(args=arguments, prog_name="trueup", standalone_mode=False))
    except typer.Exit as leave:
        return leave.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    except (KeyboardInterrupt, typer.Abort):
        _say("interrupted. What was collected before is kept; run the same command to go on.")
        return INTERRUPTED
    except (TrueupError, TyperException) as error:
        return _expected(error)
    except Exception as error:  # noqa: BLE001 - the one handler at the edge
        _say(f"error: something unexpected happened ({type(error).__name__})  [surprise]")
        _say(f"  What led to it, without names or texts: {_log(error)}")
        return SURPRISE


def _expected(error: TrueupError | TyperException) -> int:
    if isinstance(error, TyperException):
        _say(f"error: {_harmless(error.format_message())}  [usage]")
        _say("  Try `trueup COMMAND --help`.")
        return USAGE
    _say(f"error: {_harmless(str(error))}")
    return USAGE if isinstance(error, UsageError) else EXPECTED


def _exit_code(result: Any) -> int:
    return result if isinstance(result, int) else GOOD


def _say(text: str) -> None:
    print(text, file=sys.stderr)


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
