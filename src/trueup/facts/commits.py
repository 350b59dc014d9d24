"""Commits reachable from any branch that was read."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="commits",
    about="One commit, without its text: who, when, and hashed or counted features of its message.",
    key=("repo", "sha"),
    content_addressed=True,
    columns=(
        Column("repo", CODE, "repository"),
        Column("sha", pa.string(), "commit id", sensitivity=Sensitivity.REFERENCE),
        Column("parents", pa.list_(pa.string()), "ids of its parents, in order"),
        Column("author", CODE, "identity that wrote it", sensitivity=Sensitivity.PSEUDONYM),
        Column("committer", CODE, "identity that applied it", sensitivity=Sensitivity.PSEUDONYM),
        Column("web_committed", pa.bool_(), "applied by a forge's own web committer"),
        Column("authored_at", TIMESTAMP, "author date; happened_at is the commit date", unit="UTC"),
        Column("offset_minutes", pa.int16(), "author's offset from UTC", unit="minutes"),
        Column("subject_id", pa.string(), "hash of the subject without ticket and branch marks"),
        Column("message_bytes", pa.int32(), "length of the message", unit="bytes"),
    ),
)
