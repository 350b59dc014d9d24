"""What several commands share: options, the session, the width of the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from trueup.publish.document import Audience, Published
    from trueup.runs.scan import Session

LevelOption = Annotated[str, typer.Option(help="lines, or structure: several times faster.")]
WorkspaceOption = Annotated[
    Path,
    typer.Option("--workspace", metavar="DIR", help="Where facts and reports are kept."),
]
JsonOption = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help="Also write the result as JSON ('-': only that)."),
]
ConnectOption = Annotated[
    list[str] | None,
    typer.Option("--connect", metavar="SOURCE:PLACE", help="Also read this, as in jira:KAFKA."),
]
OfflineOption = Annotated[
    bool,
    typer.Option("--offline", help="Ask no forge or tracker; what was read before counts."),
]
WORKSPACE = Path(".trueup")


def colour() -> bool:
    """Whether the output is a terminal that wants colour."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns to fill."""
    return min(shutil.get_terminal_size((80, 24)).columns, 100) if sys.stdout.isatty() else 80


def say(*paragraphs: str) -> None:
    """Print paragraphs, broken to the width of the terminal."""
    from trueup.report.columns import paragraph
    from trueup.report.text import harmless

    for text in paragraphs:
        print("\n".join(paragraph(harmless(text), width())))


def open_session(
    workspace: Path, connect: list[str] | None = None, *, offline: bool = False
) -> Session:
    """Settings of the current folder, with what else to connect, and progress on the error stream."""
    from trueup.cli._progress import Progress
    from trueup.kernel.clock import system_clock
    from trueup.runs.config import load_config
    from trueup.runs.scan import Session

    config = load_config(Path.cwd())
    if connect := [*config.connect, *(connect or ())]:
        from trueup.runs.forges import known_places

        config = replace(config, connect=known_places(connect))
    return Session(workspace, config, system_clock, Progress(), offline=offline)


def audience_of(name: str) -> Audience:
    """The audience of that name.

    Raises:
        UsageError: there is none.
    """
    from trueup.kernel.errors import UsageError
    from trueup.publish.document import Audience

    try:
        return Audience(name)
    except ValueError as error:
        raise UsageError(
            f"there is no audience {name!r}", remedy="Choose team or organisation."
        ) from error


def write_json(published: Published, file: Path) -> None:
    """The document as JSON, to a file or to standard output."""
    from trueup.report.json_schema import dumps

    write(file, dumps(published))


def write(file: Path, text: str) -> None:
    """Text to a file, whole or not at all, or to standard output for `-`.

    Raises:
        StoreError: it cannot be written.
    """
    from trueup.kernel.errors import StoreError

    if str(file) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        return
    temporary = file.parent / f".{file.name}.{os.getpid()}"
    try:
        temporary.write_text(text, "utf-8")
        temporary.rename(file)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise StoreError(
            f"this file cannot be written: {error.strerror or error}",
            where=str(file),
            remedy="Free some space or name another file.",
        ) from error
