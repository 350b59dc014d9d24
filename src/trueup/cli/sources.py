"""`trueup sources`: what is read, until when, and what the missing pieces would show."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from trueup.cli._shared import WORKSPACE, JsonOption, WorkspaceOption


def command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME...", help="Only these, in full.")
    ] = None,
    workspace: WorkspaceOption = WORKSPACE,
    json: JsonOption = None,
) -> int:
    """Show sources: what was read of them, what is missing, what that would show, and the access they need.

    \b
    Examples:
        trueup sources
        trueup sources jira jenkins
        trueup sources --json -
    """
    from dataclasses import asdict
    from json import dumps

    from trueup.cli._shared import colour, width, write
    from trueup.kernel.errors import UnknownSourceError
    from trueup.publish.connected import SOURCES_SCHEMA
    from trueup.report.connected import render_sources
    from trueup.runs.connected import connected

    found = connected(workspace)
    if names:
        known = [source.name for source in found]
        if unknown := [name for name in names if name not in known]:
            raise UnknownSourceError.called(unknown[0], sorted(known))
        found = [source for source in found if source.name in names]
    if json is not None:
        told = {"schema": SOURCES_SCHEMA, "sources": [asdict(source) for source in found]}
        write(json, dumps(told, indent=2) + "\n")
    if str(json) != "-":
        sys.stdout.write(render_sources(found, whole=bool(names), width=width(), colour=colour()))
    return 0
