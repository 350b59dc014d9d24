"""`trueup privacy`: what is kept of people."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from trueup.cli._shared import WORKSPACE, JsonOption, WorkspaceOption


def command(
    about: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Of one person: an address or account.")
    ] = "",
    pack: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the page for a works council or a DPIA ('-': print)."
        ),
    ] = None,
    workspace: WorkspaceOption = WORKSPACE,
    json: JsonOption = None,
) -> int:
    """Show what is kept of a person, or write what those have to know who agree to it.

    \b
    Examples:
        trueup privacy --about ada@example.org
        trueup privacy --pack dpia.md
    """
    from dataclasses import asdict
    from json import dumps

    from trueup.cli._shared import colour, open_session, width, write
    from trueup.kernel.errors import UsageError
    from trueup.report.privacy import render_about, render_pack
    from trueup.runs import privacy

    if bool(about) == (pack is not None):
        raise UsageError(
            "what should be shown is not said", remedy="Give --about ADDRESS or --pack FILE."
        )
    if pack is not None:
        write(pack, render_pack(privacy.pack(open_session(workspace))))
        return 0
    found = privacy.about_me(workspace, about)
    if json is not None:
        write(json, dumps(asdict(found), indent=2) + "\n")
    if str(json) != "-":
        sys.stdout.write(render_about(found, width=width(), colour=colour()))
    return 0
