"""Service levels: what was promised of a service, and what was measured."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Table

TABLE = Table(
    name="service_levels",
    about="One objective of one service for one period; happened_at is when the period ended.",
    key=("repo", "objective", "day"),
    columns=(
        Column("repo", CODE, "service it is about"),
        Column("objective", CODE, "name or id of the objective"),
        Column("indicator", CODE, "what is measured, in the words of the list"),
        Column("day", CODE, "day on which the period ended; nothing where none is told"),
        Column("from_at", TIMESTAMP, "when the period began", unit="UTC"),
        Column("window_days", pa.int32(), "length of the period, where that is told", unit="days"),
        Column("target_percent", pa.float64(), "what was promised", unit="percent"),
        Column("measured_percent", pa.float64(), "what was measured", unit="percent"),
    ),
)
