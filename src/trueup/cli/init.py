"""`trueup init`: what could be connected here, as commented settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    repository: Annotated[
        str, typer.Argument(metavar="REPO", help="A folder or bare repository.")
    ] = ".",
    print_: Annotated[
        bool, typer.Option("--print", help="Print the settings instead of writing them.")
    ] = False,
) -> int:
    """Look at the remotes and files of a repository and write a commented trueup.toml.

    \b
    Examples:
        trueup init
        trueup init ../checkout --print
    """
    from trueup.kernel.errors import NotARepositoryError
    from trueup.report.text import harmless
    from trueup.runs.init import look, settings, write_settings

    path = Path(repository).expanduser()
    if not path.exists():
        raise NotARepositoryError.here(repository)
    found = look(path)
    text = settings(found)
    if print_:
        print(text, end="")
        return 0
    where = write_settings(Path.cwd(), text)
    for one in found:
        needs = f"needs {one.needs}" if one.needs else "is read with each scan"
        print(harmless(f"{one.title} ({one.place}), shown by {one.shown_by}: {needs}"))
    print(f"{harmless(str(where))} written; next: trueup scan .")
    return 0
