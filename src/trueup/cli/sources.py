"""`trueup sources`: what is read, until when, and what the missing pieces would show."""

from __future__ import annotations

import sys

from trueup.cli._shared import WORKSPACE, JsonOption, WorkspaceOption


def command(workspace: WorkspaceOption = WORKSPACE, json: JsonOption = None) -> int:
    """Show every source: what was read of it, what is missing, what that would show, and the access it needs.

    \b
    Examples:
        trueup sources
        trueup sources --json -
    """
    from dataclasses import asdict
    from json import dumps

    from trueup.cli._shared import colour, width, write
    from trueup.publish.connected import SOURCES_SCHEMA
    from trueup.report.connected import render_sources
    from trueup.runs.connected import connected

    found = connected(workspace)
    if json is not None:
        told = {"schema": SOURCES_SCHEMA, "sources": [asdict(source) for source in found]}
        write(json, dumps(told, indent=2) + "\n")
    if str(json) != "-":
        sys.stdout.write(render_sources(found, width=width(), colour=colour()))
    return 0
