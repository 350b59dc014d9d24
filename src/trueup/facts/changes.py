"""Files touched by a commit."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

#: A change of more files is a bulk edit: it says nothing about what belongs together.
MASS = 100

TABLE = Table(
    name="changes",
    about="One file touched by one commit that has at most one parent.",
    key=("repo", "sha", "path"),
    content_addressed=True,
    columns=(
        Column("repo", CODE, "repository"),
        Column("sha", CODE, "commit id", sensitivity=Sensitivity.REFERENCE),
        Column(
            "path",
            CODE,
            "path after the commit; bytes that are not UTF-8 stand as in git's quoted form",
            sensitivity=Sensitivity.PATH,
        ),
        Column("old_path", CODE, "path before a rename", sensitivity=Sensitivity.PATH),
        Column("status", CODE, "A added, M modified, D deleted, R renamed, T type changed"),
        Column("kind", CODE, "file, symlink or submodule"),
        Column("similarity", pa.int16(), "of a rename", unit="percent"),
    ),
)
