"""Names and addresses: the only table that holds any. Read by `sources` and `teams` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

if TYPE_CHECKING:
    from trueup.facts.snapshot import Snapshot

TABLE = Table(
    name="people",
    about="An identity seen in a source: a name and an address, and its keyed pseudonym.",
    key=("told_by", "repo", "identity"),
    columns=(
        Column("identity", pa.string(), "keyed pseudonym", sensitivity=Sensitivity.PSEUDONYM),
        Column("name", pa.string(), "name as written", sensitivity=Sensitivity.PERSON),
        Column("address", pa.string(), "address as written", sensitivity=Sensitivity.PERSON),
        Column("proper_name", pa.string(), "name by the mailmap", sensitivity=Sensitivity.PERSON),
        Column(
            "proper_address", pa.string(), "address by the mailmap", sensitivity=Sensitivity.PERSON
        ),
        Column("repo", CODE, "repository it was seen in"),
        # Each source knows its own addresses: what one tells never takes away what another told.
        Column("told_by", CODE, "source that told it"),
    ),
)


def read(snapshot: Snapshot) -> pa.Table:
    """All identities of the workspace, with names: for merging them, never for showing them."""
    return snapshot.table(TABLE)
