"""Releases as a forge or registry published them; tags alone are in `releases`."""

import pyarrow as pa

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="publications",
    about="A published release as it was last seen, without its text; happened_at is when it was published.",
    key=("repo", "tag"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("tag", pa.string(), "tag it is published for"),
        Column("draft", pa.bool_(), "not published yet"),
        Column("prerelease", pa.bool_(), "said to be no final release"),
        Column("created_at", TIMESTAMP, "when it was prepared", unit="UTC"),
        Column("author", CODE, "identity that published it", sensitivity=Sensitivity.PSEUDONYM),
        Column("files", pa.int32(), "files attached"),
        Column("text_bytes", pa.int32(), "length of its text", unit="bytes"),
    ),
)
