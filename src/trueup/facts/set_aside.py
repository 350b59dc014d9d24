"""Commits the project itself asks to leave out of blame."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="set_aside",
    about="A commit listed in `.git-blame-ignore-revs`.",
    key=("repo", "sha"),
    columns=(
        Column("repo", CODE, "repository"),
        Column("sha", pa.string(), "commit id", sensitivity=Sensitivity.REFERENCE),
    ),
)
