"""Trailers and marks of commit messages."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="trailers",
    about="One `Key: value` line of a commit message that names a person or a tool.",
    key=("repo", "sha", "position"),
    content_addressed=True,
    columns=(
        Column("repo", CODE, "repository"),
        Column("sha", CODE, "commit id", sensitivity=Sensitivity.REFERENCE),
        Column("position", pa.int16(), "order within the message"),
        Column("key", CODE, "lower-case key when it is a known one, else `other`"),
        Column("actor", CODE, "identity it names", sensitivity=Sensitivity.PSEUDONYM),
        Column("tool", CODE, "AI tool it discloses, by the exact list"),
        Column("in_last_block", pa.bool_(), "git itself would count it as a trailer"),
    ),
)
