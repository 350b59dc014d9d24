"""Repositories that were read."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Table

TABLE = Table(
    name="repositories",
    about="One repository as it was found at a run.",
    key=("repo",),
    columns=(
        Column("repo", CODE, "repository: owner/name of its remote, or the name of its folder"),
        Column("default_line", pa.string(), "name of the default branch"),
        Column("tip", pa.string(), "commit at its end"),
        Column("observed_until", TIMESTAMP, "newest commit date that is not in the future"),
        Column("level", CODE, "structure, or lines when lines were counted too"),
        Column("commits", pa.int64(), "commits reachable from the branches read"),
        Column("shallow", pa.bool_(), "history is cut off"),
        Column("context", pa.int16(), "diff context used for counting lines", unit="lines"),
        Column("git_version", CODE, "git that read it"),
        Column("forge", CODE, "kind of forge its remote points to, if known"),
        Column("since", TIMESTAMP, "commits before this date were left out, when asked"),
    ),
)
