"""`trueup scan`: the one command a newcomer runs."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trueup.cli._shared import (
    WORKSPACE,
    ConnectOption,
    JsonOption,
    LevelOption,
    OfflineOption,
    WorkspaceOption,
)

if TYPE_CHECKING:
    from trueup.runs.scan import Scanned


def command(
    repositories: Annotated[
        list[str] | None,
        typer.Argument(metavar="REPO...", help="Folders, bare repositories or addresses [.]"),
    ] = None,
    workspace: WorkspaceOption = WORKSPACE,
    json: JsonOption = None,
    audience: Annotated[
        str, typer.Option(help="team (the default) or organisation: who will read it.")
    ] = "team",
    branch: Annotated[str, typer.Option(help="The line work should land on.")] = "",
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Leave out older commits.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The HTML report [DIR/report.html].")
    ] = None,
    level: LevelOption = "lines",
    connect: ConnectOption = None,
    offline: OfflineOption = False,
) -> int:
    """Collect, measure, report: of what was reported done, how much really happened?

    \b
    Examples:
        trueup scan .
        trueup scan ../checkout ../billing --json result.json
        trueup scan https://forge.example/acme/checkout.git --since 2024-01-01
        trueup scan . --audience organisation --report board.html
    """
    from trueup.cli._request import request_of
    from trueup.cli._shared import audience_of, colour, open_session, width, write, write_json
    from trueup.report import html, terminal
    from trueup.runs.scan import scan

    reader = audience_of(audience)
    session = open_session(workspace, connect, offline=offline)
    request = request_of(session.config, branch=branch, since=since, level=level)
    quiet = str(json) == "-"

    def first_answer(sentence: str) -> None:
        session.progress.clear()  # type: ignore[attr-defined]  # the progress of `_progress`
        print(
            f"First answer (older history follows and may change an item or two): {sentence}\n",
            file=sys.stderr,
        )

    done = scan(session, repositories or ["."], request, reader, first_answer=first_answer)
    session.progress.clear()  # type: ignore[attr-defined]  # likewise
    target = report or workspace / (
        "report.html" if audience == "team" else f"report-{audience}.html"
    )
    write(target, html.render(done.published))
    if json is not None:
        write_json(done.published, json)
    if not quiet:
        text = terminal.render(
            done.published,
            width=width(),
            colour=colour(),
            report_path=str(target),
            seconds=done.seconds,
        )
        sys.stdout.write(text)
    return _failures(done)


def _failures(done: Scanned) -> int:
    """Say which repositories could not be read; the others were."""
    from trueup.report.text import harmless

    for target, error in done.collected.failed:
        lines = "\n".join(harmless(line) for line in str(error).split("\n"))
        print(f"error: {harmless(target)}: {lines}", file=sys.stderr)
    return 4 if done.collected.failed else 0
