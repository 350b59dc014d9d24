"""Line counts of the files touched by a commit."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="change_lines",
    about="Lines added and deleted in one file by one commit; absent at the level `structure`.",
    key=("repo", "sha", "path"),
    content_addressed=True,
    columns=(
        Column("repo", CODE, "repository"),
        Column("sha", CODE, "commit id", sensitivity=Sensitivity.REFERENCE),
        Column("path", CODE, "path after the commit", sensitivity=Sensitivity.PATH),
        Column("added", pa.int32(), "lines added; empty for binary files", unit="lines"),
        Column("deleted", pa.int32(), "lines deleted; empty for binary files", unit="lines"),
        Column("counted", CODE, "yes, binary, or unreadable (a blob is missing from the clone)"),
    ),
)
