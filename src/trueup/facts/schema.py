"""How a table of facts is declared.

A table is a module of this package with a ``TABLE``; from it come the Arrow schema, the generated
page, the current view and the privacy rules. The five columns of the envelope are added to every
table, so that any row can be traced to what it was read from and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import pyarrow as pa

from trueup.kernel.registry import Registry

TIMESTAMP = pa.timestamp("us", tz="UTC")
#: Repeated text (ids, names of kinds) is stored once per part.
CODE = pa.dictionary(pa.int32(), pa.string())


class Sensitivity(StrEnum):
    """What a column could give away."""

    NONE = "none"
    REFERENCE = "reference"  # leads to a person in one step: hashes, ticket keys, links
    PATH = "path"  # names of files as they stand in the repository
    PSEUDONYM = "pseudonym"  # keyed HMAC of an identity
    PERSON = "person"  # a name or an address; only in `people`


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, Arrow type, meaning, unit, and what it could give away."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    sensitivity: Sensitivity = Sensitivity.NONE


ENVELOPE = (
    Column("source", CODE, "the source that read the row"),
    Column("source_key", CODE, "what the row was read from, in the words of the source"),
    Column("raw_sha256", CODE, "SHA-256 of the raw record it was read from"),
    Column("happened_at", TIMESTAMP, "when it happened", unit="UTC"),
    Column("seen_at", TIMESTAMP, "when it was read; the moment of the run", unit="UTC"),
)


@dataclass(frozen=True)
class Table:
    """One table of immutable facts.

    Args:
        name: also the folder of its parts.
        about: one sentence on what a row is.
        key: the natural key; a changed record is a new row with the same key.
        columns: without the envelope.
        content_addressed: rows of one key never differ (a commit, say), so the current view need
            not look for newer versions, which is what makes it cheap.
    """

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    content_addressed: bool = False

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema of a part, envelope included."""
        return pa.schema([(c.name, c.type) for c in (*self.columns, *ENVELOPE)])

    @cached_property
    def tombstone_schema(self) -> pa.Schema:
        """The Arrow schema of a part of tombstones: the key, when it vanished, and why."""
        types = {c.name: c.type for c in self.columns}
        return pa.schema(
            [(k, types[k]) for k in self.key] + [("seen_at", TIMESTAMP), ("why", CODE)]
        )

    @property
    def personal(self) -> bool:
        """Whether any column holds names or addresses."""
        return any(c.sensitivity is Sensitivity.PERSON for c in self.columns)


TABLES: Registry[Table] = Registry("trueup.facts", "TABLE")
