"""`trueup collect`: read what is new, measure nothing."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trueup.cli._shared import WORKSPACE, ConnectOption, LevelOption, OfflineOption, WorkspaceOption

if TYPE_CHECKING:
    from trueup.runs.intake import Taken
    from trueup.runs.scan import Session


def command(
    repositories: Annotated[
        list[str] | None,
        typer.Argument(metavar="REPO...", help="Folders, bare repositories or addresses [.]"),
    ] = None,
    workspace: WorkspaceOption = WORKSPACE,
    branch: Annotated[str, typer.Option(help="The line work should land on.")] = "",
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Leave out older commits.")
    ] = None,
    level: LevelOption = "lines",
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that read git [2].")
    ] = None,
    context: Annotated[
        int,
        typer.Option(min=0, max=3, help="Diff context for counting: 0 is fast, 3 is git's own."),
    ] = 0,
    exported: Annotated[
        Path | None,
        typer.Option("--from", metavar="PATH", help="Exported records: a file, archive or folder."),
    ] = None,
    repo: Annotated[
        str,
        typer.Option(metavar="NAME", help="Repository the exported records are of."),
    ] = "",
    commit: Annotated[
        str, typer.Option(metavar="SHA", help="Commit that exported reports were made on.")
    ] = "",
    connect: ConnectOption = None,
    offline: OfflineOption = False,
    reconcile: Annotated[
        bool,
        typer.Option("--reconcile", help="Read anew all that sources told, and find what is gone."),
    ] = False,
    keep_raw: Annotated[
        int,
        typer.Option(
            "--keep-raw",
            metavar="DAYS",
            min=0,
            max=400,
            help="Keep raw records for so long [0: not].",
        ),
    ] = 0,
) -> int:
    """Read what is new in repositories, or in exported records, into the workspace.

    With a token in the environment (GITHUB_TOKEN, GITLAB_TOKEN), or where gh is logged in, issues,
    requests, reviews and builds of clones of a forge are read as well; `trueup sources` lists what
    else can be connected.

    Of records only facts are kept, no texts. With --keep-raw the records themselves stay in the workspace
    as well (raw/), with all their texts and names, until their days are over and something is collected.

    \b
    Examples:
        trueup collect .
        trueup collect ../checkout --level structure
        trueup collect --from exports/pull_requests.json
        trueup collect --from reports/ --repo acme/app --commit SHA
        trueup collect . --connect jira:KAFKA
        trueup collect . --reconcile
    """
    from trueup.cli._request import request_of
    from trueup.cli._shared import open_session
    from trueup.report.text import harmless
    from trueup.runs.scan import collect, collect_exports, sync_places

    about = _about(repo, commit, exported)
    session = open_session(workspace, connect, offline=offline)
    session = replace(session, reconcile=reconcile, keep_raw=keep_raw)
    if exported is not None:
        found = collect_exports(session, exported, about)
        for taken in found:
            _tell(session, taken)
        if not repositories:
            return 4 if any(taken.unread for taken in found) else 0
    request = request_of(
        session.config,
        branch=branch,
        since=since,
        level=level,
        workers=workers or 0,
        context=context,
    )
    done = collect(session, repositories or ["."], request)
    sync_places(session, done)
    session.progress.clear()  # type: ignore[attr-defined]  # the progress of `_progress`
    for c in done.done:
        news = "nothing new" if c.unchanged else f"{c.new_commits} new commits"
        gone = f", {c.vanished} no longer there" if c.vanished else ""
        print(f"{harmless(c.repo)}: {news}{gone}, {c.commits} in all, level {c.level}")
    for taken in done.taken:
        _tell(session, taken)
    for target, error in done.failed:
        lines = "\n".join(harmless(line) for line in str(error).split("\n"))
        print(f"error: {harmless(target)}: {lines}", file=sys.stderr)
    return 4 if done.failed else 0


def _about(repo: str, commit: str, exported: Path | None) -> dict[str, str]:
    """What is said of exported records.

    Raises:
        UsageError: there are none, or the commit is not named in full.
    """
    from trueup.kernel.errors import UsageError

    if exported is None and (repo or commit):
        raise UsageError(
            "--repo and --commit say what exported records are of, and none are read",
            remedy="Name them with --from PATH; repositories to read stand without an option.",
        )
    commit = commit.strip().lower()
    if commit and not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", commit):
        raise UsageError(
            "--commit needs the full id of a commit",
            remedy="Print it: git rev-parse HEAD",
        )
    return {"place": repo.strip(), "sha": commit}


def _tell(session: Session, taken: Taken) -> None:
    """What was read of a source, and what could not be."""
    from trueup.report.text import harmless

    session.progress.clear()  # type: ignore[attr-defined]  # the progress of `_progress`
    gone = f", {taken.gone} are gone" if taken.gone else ""
    kinds = ", ".join(f"{n} {k.replace('_', ' ')}" for k, n in sorted(taken.records.items()))
    print(f"{taken.source}: {kinds or 'nothing new'}; {taken.rows} rows are new or changed{gone}")
    for what, found in (("fields", taken.unknown_fields), ("values", taken.unknown_values)):
        if found:
            named = ", ".join(name for name, _ in found.most_common(8))
            print(f"  {len(found)} unknown {what}: {harmless(named)}")
    for remark, count in taken.remarks.most_common(8):
        print(f"  note: {remark}: {count}")
    if taken.unread:
        print(f"error: {taken.unread} records could not be read:", file=sys.stderr)
    for problem in taken.problems:
        print(f"  {harmless(problem)}", file=sys.stderr)
