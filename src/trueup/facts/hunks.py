"""Lines a commit brought, of commits whose tests were measured."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="hunks",
    about=(
        "Lines of one file that a commit brought, against its first parent, but for those that only define "
        "or import something; only of commits on which coverage was measured."
    ),
    key=("repo", "sha", "path"),
    content_addressed=True,
    columns=(
        Column("repo", CODE, "repository"),
        Column("sha", CODE, "commit id", sensitivity=Sensitivity.REFERENCE),
        Column("path", CODE, "path after the commit", sensitivity=Sensitivity.PATH),
        Column("first", pa.list_(pa.int32()), "first line of each stretch, in order"),
        Column("lines", pa.list_(pa.int32()), "lines of each stretch", unit="lines"),
    ),
)
