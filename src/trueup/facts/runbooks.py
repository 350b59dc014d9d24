"""Runbooks and playbooks: what to do when something is to be run, or has gone wrong."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="runbooks",
    about="A runbook as its document says, without its text; happened_at is when it last changed, if it tells.",
    key=("repo", "path"),
    columns=(
        Column("repo", CODE, "repository it was read for; empty when nobody said"),
        Column("path", pa.string(), "where its document lies", sensitivity=Sensitivity.PATH),
        Column("kind", CODE, "runbook or playbook; nothing where neither it nor its folder says"),
        Column("title_id", pa.string(), "hash of its title, as of subjects of commits"),
        Column(
            "owners",
            pa.list_(pa.string()),
            "identities that keep it, sorted; a team may be one",
            sensitivity=Sensitivity.PSEUDONYM,
        ),
        Column("reviewed_at", TIMESTAMP, "when it was last looked through or tried", unit="UTC"),
        Column("steps", pa.int32(), "steps it numbers or has boxes for"),
        Column("text_bytes", pa.int32(), "length of its text", unit="bytes"),
    ),
)
