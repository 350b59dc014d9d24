"""`trueup explain`: why a claim has its verdict, what a signal means, what an error asks for."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from trueup.cli._shared import WORKSPACE, WorkspaceOption


def command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A claim (C-...), a signal, or an error in [brackets]."
        ),
    ] = "",
    workspace: WorkspaceOption = WORKSPACE,
    list_: Annotated[bool, typer.Option("--list", help="What can be explained.")] = False,
) -> int:
    """Explain a claim down to its commits, or a signal or error in words.

    \b
    Examples:
        trueup explain C-ZZ7MV4B
        trueup explain review_coverage
        trueup explain git.missing-blob
    """
    from trueup.cli._shared import colour, width
    from trueup.report.claims import render_claim
    from trueup.report.pages import render_page
    from trueup.runs.pages import explainable, page
    from trueup.runs.scan import explain_claim

    if list_ or not name:
        for group, names in explainable().items():
            print(f"{group}: {', '.join(names)}")
        return 0
    if name.upper().startswith("C-"):
        detail = explain_claim(workspace, name)
        sys.stdout.write(render_claim(detail, width=width(), colour=colour()))
    else:
        sys.stdout.write(render_page(page(name), width=width()))
    return 0
