"""Reviews: who looked at a request, when, at which commit, and what they said of it."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="reviews",
    about="One review of a request; happened_at is when it was given.",
    key=("repo", "number", "review"),
    columns=(
        Column("repo", CODE, "repository"),
        Column("number", pa.string(), "request", sensitivity=Sensitivity.REFERENCE),
        Column("review", pa.string(), "id of the review in the forge"),
        Column("reviewer", CODE, "identity that gave it", sensitivity=Sensitivity.PSEUDONYM),
        Column("verdict", CODE, "approved, changes_requested, commented, dismissed or other"),
        Column("verdict_original", CODE, "state in the forge's words"),
        Column("sha", pa.string(), "commit it is about", sensitivity=Sensitivity.REFERENCE),
        Column("text_bytes", pa.int32(), "length of its text", unit="bytes"),
    ),
)
