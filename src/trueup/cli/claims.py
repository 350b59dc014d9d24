"""`trueup claims`: what was reported done, claim by claim, for the team itself."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from datetime import datetime
from json import dumps
from typing import Annotated

import typer

from trueup.cli._shared import WORKSPACE, JsonOption, WorkspaceOption

CLAIMS_SCHEMA = "trueup.claims/1"
KINDS = ("change", "issue", "commit", "umbrella", "release_note")


ClaimArgument = Annotated[str, typer.Argument(metavar="CLAIM", help="Its id, as in C-ZZ7MV4B.")]
RoleOption = Annotated[
    str, typer.Option(help="Who decides so: a role that others hold after you, not a name.")
]
ReasonOption = Annotated[str, typer.Option(help="Why, in one sentence; the team will read it.")]


def command(
    context: typer.Context,
    workspace: WorkspaceOption = WORKSPACE,
    status: Annotated[
        str,
        typer.Option(
            help="verified, partial, contradicted, unverified, not_assessable, pending or withdrawn."
        ),
    ] = "",
    kind: Annotated[
        str, typer.Option(help="change, issue, commit, umbrella or release_note.")
    ] = "",
    area: Annotated[str, typer.Option(help="Only of this area or team.")] = "",
    repository: Annotated[str, typer.Option(help="Only of this repository.")] = "",
    since: Annotated[
        datetime | None,
        typer.Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="Reported on or after."),
    ] = None,
    find: Annotated[str, typer.Option(help="Part of a ticket, request number, commit or id.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="How many to show; 0 for all.")] = 20,
    json: JsonOption = None,
) -> int:
    """List claims of the newest scan with their verdict and its reason, the newest first.

    \b
    Examples:
        trueup claims --status contradicted
        trueup claims --area src/payments --since 2026-01-01
        trueup claims --find KAFKA-123 --json -
    """
    if context.invoked_subcommand:
        return 0
    from trueup.cli._shared import colour, width, write
    from trueup.kernel.errors import UsageError
    from trueup.publish.document import VERDICTS, WITHDRAWN
    from trueup.report.claims import render_claims
    from trueup.runs.scan import Wanted, list_claims

    statuses = (*VERDICTS, WITHDRAWN)
    if status and status not in statuses:
        raise UsageError(f"there is no status {status!r}", remedy=f"Choose {', '.join(statuses)}.")
    if kind and kind not in KINDS:
        raise UsageError(f"there is no kind {kind!r}", remedy=f"Choose {', '.join(KINDS)}.")
    day = f"{since:%Y-%m-%d}" if since else ""
    wanted = Wanted(status, kind, area, repository, day, find)
    rows, total = list_claims(workspace, wanted, limit=limit)
    if json is not None:
        # Subjects are shown and never kept: they go to standard output alone.
        kept = rows if str(json) == "-" else [replace(r, subject="") for r in rows]
        told = {"schema": CLAIMS_SCHEMA, "total": total, "claims": [asdict(r) for r in kept]}
        write(json, dumps(told, indent=2) + "\n")
    if str(json) != "-":
        sys.stdout.write(render_claims(rows, total=total, width=width(), colour=colour()))
    return 0


def write_off(
    claim: ClaimArgument,
    role: RoleOption,
    reason: ReasonOption,
    workspace: WorkspaceOption = WORKSPACE,
) -> int:
    """Write off a claim: nothing more is owed for it, though it is not verified by that.

    It leaves the open ones through the flow `written off`; how many are written off is always shown.

    \b
    Examples:
        trueup claims write-off C-ZZ7MV4B --role "delivery lead" --reason "bought instead"
    """
    from trueup.cli._shared import open_session, say
    from trueup.runs import books

    state = books.state_of(workspace, open_session(workspace).clock)
    done = books.write_off(state, workspace, claim, role, reason)
    counted = "is written off. The next scan counts it so, and not as verified."
    say(f"{claim.upper()} {counted if done else 'is written off already.'}")
    return 0


def take_back(
    claim: ClaimArgument,
    role: RoleOption,
    reason: ReasonOption,
    workspace: WorkspaceOption = WORKSPACE,
) -> int:
    """Take back that a claim was written off; both stay on record.

    \b
    Examples:
        trueup claims take-back C-ZZ7MV4B --role "delivery lead" --reason "we need it after all"
    """
    from trueup.cli._shared import open_session, say
    from trueup.runs import books

    state = books.state_of(workspace, open_session(workspace).clock)
    done = books.take_back(state, workspace, claim, role, reason)
    counted = "is no longer written off. The next scan counts it as open where it still is."
    say(f"{claim.upper()} {counted if done else 'is not written off.'}")
    return 0


COMMANDS = {"write-off": write_off, "take-back": take_back}
