"""Messages of mailing lists and chats, as features: who, when, where, in answer to what; no text."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="messages",
    about="One message, without its text; happened_at is when it was written.",
    key=("repo", "channel", "message"),
    columns=(
        Column("repo", CODE, "repository or project it was read for; empty when nobody said"),
        Column("kind", CODE, "mail or chat"),
        Column(
            "channel", CODE, "mailing list or public channel", sensitivity=Sensitivity.REFERENCE
        ),
        Column("message", pa.string(), "hash of its id in the source"),
        Column("thread", pa.string(), "message its thread begins with"),
        Column("answers", pa.string(), "message it answers"),
        Column("author", CODE, "identity that wrote it", sensitivity=Sensitivity.PSEUDONYM),
        Column("automatic", pa.bool_(), "the source says that a program wrote it"),
        Column("changed_at", TIMESTAMP, "when it was last edited", unit="UTC"),
        Column("subject_id", CODE, "hash of its subject, as of subjects of commits"),
        Column("text_bytes", pa.int32(), "length of its text", unit="bytes"),
        Column("asks", pa.bool_(), "holds a question mark outside quotes and code"),
        Column("reactions", pa.int32(), "how many reactions it has"),
        Column("files", pa.int32(), "how many files came with it"),
    ),
)
