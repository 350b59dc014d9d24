"""`trueup audit`: people judge a random sample without our verdict, and what that says of all."""

from __future__ import annotations

import sys
from dataclasses import asdict
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trueup.cli._shared import WORKSPACE, JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from trueup.publish.figure import Audit

AUDIT_SCHEMA = "trueup.audit/1"
NumberOption = Annotated[
    int,
    typer.Option(
        "--audit", metavar="N", min=0, max=10**6, help="Which audit; by default the last."
    ),
]


def draw(
    size: Annotated[int, typer.Option(min=1, max=10_000, help="How many items to judge.")] = 20,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=2**63 - 1, help="Draw the same again; by default by chance."),
    ] = None,
    folder: Annotated[Path, typer.Option(metavar="DIR", help="Where the sheets go.")] = Path(),
    workspace: WorkspaceOption = WORKSPACE,
) -> int:
    """Draw items of the newest scan, of every verdict, and write a sheet for each of two people.

    A sheet says what was reported and where to look, and not what trueup thinks of it. Whoever judges
    writes `done`, `not done` or `cannot tell` into its column `answer`, from the top, each for themselves.

    \b
    Examples:
        trueup audit draw
        trueup audit draw --size 40 --seed 7
    """
    from trueup.cli._shared import open_session, say
    from trueup.runs.audit import draw_audit

    drawn = draw_audit(open_session(workspace), folder, size, seed)
    counted = ", ".join(
        f"{n} of {drawn.sizes[v]} {v.replace('_', ' ')}" for v, n in drawn.drawn.items()
    )
    names = " and ".join(str(sheet) for sheet in drawn.sheets)
    say(
        f"Audit {drawn.number}: {sum(drawn.drawn.values())} items ({counted}; seed {drawn.seed}).",
        f"Give {names} to two people who did not do the work. Each judges from the top, without the "
        "other and without the report: is what was reported really there and working today?",
        "Then: trueup audit answer SHEET. Without a sheet it asks one by one.",
    )
    return 0


def answer(
    sheet: Annotated[Path | None, typer.Argument(help="A sheet with answers.")] = None,
    rater: Annotated[
        int | None,
        typer.Option(min=1, max=2, help="Who answers, where there is no sheet [1]."),
    ] = None,
    audit: NumberOption = 0,
    workspace: WorkspaceOption = WORKSPACE,
) -> int:
    """Take the answers of a sheet, or ask for them one by one.

    Who answers again corrects the answer, and an empty cell takes it back; the earlier one is kept as well.

    \b
    Examples:
        trueup audit answer audit-1-rater-1.csv
        trueup audit answer --rater 2
    """
    from trueup.cli._shared import open_session, say
    from trueup.kernel.errors import UsageError
    from trueup.runs.audit import take_sheet

    session = open_session(workspace)
    if sheet is None:
        from trueup.cli._judging import ask

        return ask(session, audit, rater or 1)
    if rater or audit:
        raise UsageError("a sheet says itself whose it is", remedy="Leave out --rater and --audit.")
    told = take_sheet(session, sheet)
    back = f", {told.withdrawn} taken back" if told.withdrawn else ""
    say(
        f"Audit {told.audit}, rater {told.rater}: {told.known} answers, {told.new} of them new{back}. "
        "Then: trueup audit result"
    )
    return 0


def result(
    audit: NumberOption = 0,
    json: JsonOption = None,
    workspace: WorkspaceOption = WORKSPACE,
) -> int:
    """What the answers say of all items: the share that is not really done, with its interval.

    \b
    Examples:
        trueup audit result
        trueup audit result --audit 1 --json audit.json
    """
    from trueup.cli._shared import colour, open_session, width, write
    from trueup.report.audit import render_audit
    from trueup.runs.audit import published_audit

    found: Audit = published_audit(open_session(workspace), audit)
    if json is not None:
        write(json, dumps({"schema": AUDIT_SCHEMA} | asdict(found), indent=2) + "\n")
    if str(json) != "-":
        sys.stdout.write(render_audit(found, width=width(), colour=colour()))
    return 0


ABOUT = (
    "Let people judge a random sample without our verdict: what share of all is not really done?"
)
COMMANDS = {"draw": draw, "answer": answer, "result": result}
