"""Who may use an AI tool: licences, seats and members of its teams."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="tool_seats",
    about="One seat of a tool as it was last seen; happened_at is when it was given.",
    key=("repo", "tool", "actor"),
    columns=(
        Column("repo", CODE, "organisation or team of the tool; nothing where it is not told"),
        Column("tool", CODE, "the tool"),
        Column("actor", CODE, "identity that has it", sensitivity=Sensitivity.PSEUDONYM),
        Column(
            "account",
            CODE,
            "hash of the key it is used with, as in `tool_usage`",
            sensitivity=Sensitivity.PSEUDONYM,
        ),
        Column("plan", CODE, "what is paid for, in the tool's words"),
        Column("role", CODE, "role in the tool, in its words"),
        Column("enabled", pa.bool_(), "whether it may be used"),
        Column("editor", CODE, "where it was used last, in the tool's words"),
        Column("used_at", TIMESTAMP, "when it was used last", unit="UTC"),
        Column("signed_in_at", TIMESTAMP, "when its owner signed in last", unit="UTC"),
        Column("ends_at", TIMESTAMP, "when it will be taken back", unit="UTC"),
        Column("changed_at", TIMESTAMP, "when it last changed in any way", unit="UTC"),
        Column(
            "active_days",
            pa.int32(),
            "days on which it was used, of those that were asked for",
            unit="days",
        ),
    ),
)
