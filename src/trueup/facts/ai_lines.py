"""How many lines of a commit an AI tool says it wrote."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="ai_lines",
    about="What a tool says of the lines of one commit; happened_at is when the commit was made.",
    key=("repo", "tool", "sha"),
    columns=(
        Column("repo", CODE, "repository; nothing where the tool does not know it"),
        Column("tool", CODE, "the tool"),
        Column("sha", pa.string(), "the commit", sensitivity=Sensitivity.REFERENCE),
        Column("author", CODE, "identity that made it", sensitivity=Sensitivity.PSEUDONYM),
        Column("default_branch", pa.bool_(), "whether it was made on the default branch"),
        Column("added", pa.int64(), "lines added in all", unit="lines"),
        Column("deleted", pa.int64(), "lines deleted in all", unit="lines"),
        Column("completed_added", pa.int64(), "of these, completed by the tool", unit="lines"),
        Column("completed_deleted", pa.int64(), "the same of deletions", unit="lines"),
        Column("generated_added", pa.int64(), "of these, written by its agent", unit="lines"),
        Column("generated_deleted", pa.int64(), "the same of deletions", unit="lines"),
        Column("other_added", pa.int64(), "of these, not by the tool", unit="lines"),
        Column("other_deleted", pa.int64(), "the same of deletions", unit="lines"),
        Column("noted_at", TIMESTAMP, "when the tool worked this out", unit="UTC"),
    ),
)
