"""Declarations of tables: what the store, the pages and the privacy rules are made from."""

import re

import pyarrow as pa
import pytest

from trueup.facts import people
from trueup.facts.schema import CODE, ENVELOPE, TABLES, TIMESTAMP, Column, Sensitivity, Table
from trueup.facts.snapshot import _duck_type
from trueup.sources.git import SOURCE

NAME = re.compile(r"[a-z][a-z_]{1,30}")


@pytest.mark.parametrize("table", list(TABLES), ids=lambda t: t.name)
class TestTable:
    """A table is a module of this package with a ``TABLE``."""

    def test_names(self, table: Table) -> None:
        columns = [c.name for c in table.columns]
        assert NAME.fullmatch(table.name)
        assert all(NAME.fullmatch(c) for c in columns)
        assert len(set(columns)) == len(columns)
        assert not set(columns) & {c.name for c in ENVELOPE}
        assert set(table.key) <= set(columns)
        assert table.about.endswith(".")

    def test_types_are_known_to_the_engine(self, table: Table) -> None:
        for column in table.schema:
            assert _duck_type(column.type)
        assert table.schema.names[-len(ENVELOPE) :] == [c.name for c in ENVELOPE]
        assert table.tombstone_schema.names == [*table.key, "seen_at", "why"]

    def test_people_are_in_one_table_alone(self, table: Table) -> None:
        personal = [c for c in table.columns if c.sensitivity is Sensitivity.PERSON]
        assert table.personal == bool(personal) == (table.name == people.TABLE.name)
        for column in table.columns:
            if column.name in {"author", "committer", "actor", "identity", "owner"}:
                assert column.sensitivity is Sensitivity.PSEUDONYM
            if column.name in {"sha", "target", "commit"}:
                assert column.sensitivity is not Sensitivity.NONE

    def test_moments_have_a_zone(self, table: Table) -> None:
        for column in table.columns:
            if pa.types.is_timestamp(column.type):
                assert column.type == TIMESTAMP


def test_everything_a_source_calls_sensitive_is_declared() -> None:
    for place in SOURCE.sensitive:
        table, column = place.split(".")
        told = {c.name: c.sensitivity for c in TABLES[table].columns}
        assert told[column] is Sensitivity.PERSON
    assert set(SOURCE.writes) <= set(TABLES.names())


def test_schemas_are_made_once() -> None:
    table = Table("things", "Things.", ("name",), (Column("name", CODE, "a name"),))
    assert table.schema is table.schema
    assert table.schema.field("name").type == CODE
    assert not table.personal
