"""Comments on issues and requests, as features: who, when, how long, on which line; no text."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="comments",
    about="One comment, without its text; happened_at is when it was written.",
    key=("repo", "kind", "comment"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("kind", CODE, "discussion, or line (on a line of a request)"),
        Column("comment", pa.string(), "id of the comment in the source"),
        Column(
            "key",
            pa.string(),
            "issue or request it belongs to, as commits name it",
            sensitivity=Sensitivity.REFERENCE,
        ),
        Column("author", CODE, "identity that wrote it", sensitivity=Sensitivity.PSEUDONYM),
        Column("changed_at", TIMESTAMP, "when it was last edited", unit="UTC"),
        Column("review", pa.string(), "review it is part of"),
        Column("answers", pa.string(), "comment it answers"),
        Column("sha", pa.string(), "commit it is about", sensitivity=Sensitivity.REFERENCE),
        Column("path", pa.string(), "file it is about", sensitivity=Sensitivity.PATH),
        Column("text_bytes", pa.int32(), "length of its text", unit="bytes"),
        Column("asks", pa.bool_(), "holds a question mark outside quotes and code"),
        Column("suggests", pa.bool_(), "proposes other code"),
        Column("approves", pa.bool_(), "a line of it begins with ACK, LGTM, r+ or the like"),
    ),
)
