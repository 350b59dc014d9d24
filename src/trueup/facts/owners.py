"""Declared owners of paths."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="owners",
    about="One owner of one CODEOWNERS rule at the end of the default branch.",
    key=("repo", "position", "owner"),
    columns=(
        Column("repo", CODE, "repository"),
        Column("position", pa.int32(), "order of the rule; later rules win"),
        Column("pattern", pa.string(), "paths it covers", sensitivity=Sensitivity.PATH),
        Column("owner", CODE, "team handle, or identity", sensitivity=Sensitivity.PSEUDONYM),
        Column("kind", CODE, "team or person"),
    ),
)
