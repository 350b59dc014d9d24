"""Records of decisions: architecture decision records, enhancement proposals, requests for comments."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

_PEOPLE = pa.list_(pa.string())

TABLE = Table(
    name="decisions",
    about="A recorded decision as its document says, without its text; happened_at is the date it tells.",
    key=("repo", "decision"),
    columns=(
        Column("repo", CODE, "repository it was read for; empty when nobody said"),
        Column(
            "decision",
            pa.string(),
            "its folder, and its number or else the name of its file",
            sensitivity=Sensitivity.PATH,
        ),
        Column("number", pa.int32(), "its number, by its own words or the name of its file"),
        Column("form", CODE, "record (of an architecture decision), or proposal (with headers)"),
        Column(
            "status",
            CODE,
            "proposed, accepted, rejected, superseded, deprecated or other; empty when not told",
        ),
        Column("status_original", CODE, "first words of its status as written"),
        Column(
            "deciders",
            _PEOPLE,
            "identities that decided or wrote it, sorted",
            sensitivity=Sensitivity.PSEUDONYM,
        ),
        Column("title_id", pa.string(), "hash of its title, as of subjects of commits"),
        Column("text_bytes", pa.int32(), "length of its text", unit="bytes"),
        Column("context", pa.bool_(), "has a part on why there is something to decide"),
        Column("options", pa.bool_(), "has a part on what else could be done"),
        Column("consequences", pa.bool_(), "has a part on what follows from it"),
    ),
)
