"""`trueup demo`: a generated organisation, scanned, so that every page can be looked at."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

FOLDER = Path(".trueup/demo")


def command(
    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the sample and its report are written.")
    ] = FOLDER,
    seed: Annotated[int, typer.Option(help="Another seed is another organisation.")] = 1,
) -> int:
    """Make a sample organisation with planted false reports, and scan its git history, forge, builds and incidents.

    \b
    Example:
        trueup demo
    """
    from trueup.cli._request import request_of
    from trueup.cli._shared import colour, open_session, width, write
    from trueup.kernel.clock import start_of_day, system_clock
    from trueup.publish.document import Audience
    from trueup.report import html, terminal
    from trueup.runs.scan import collect_exports, scan
    from trueup.simulate.organisation import write as write_sample
    from trueup.simulate.scenarios import connected, sample

    workspace = folder / "workspace"
    session = open_session(workspace)
    shutil.rmtree(folder, ignore_errors=True)
    session.progress("generating a sample organisation", 0, 0)
    scenario = connected(sample(start_of_day(system_clock()), seed=seed))
    written = write_sample(scenario, folder)
    if written.elsewhere is not None:
        collect_exports(session, folder / written.elsewhere.folder, {})
    repository = str(folder / f"{scenario.name}.git")
    done = scan(
        session,
        [repository],
        request_of(session.config),
        Audience.TEAM,
        first_answer=lambda _: None,
    )
    session.progress.clear()  # type: ignore[attr-defined]  # the progress of `_progress`
    report = folder / "report.html"
    write(report, html.render(done.published))
    text = terminal.render(
        done.published,
        width=width(),
        colour=colour(),
        report_path=str(report),
        seconds=done.seconds,
    )
    sys.stdout.write(text)
    return 0
