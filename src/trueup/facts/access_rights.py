"""Access lists: who may do what where."""

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="access_rights",
    about="One right of one holder in one system as it was last seen; happened_at is when it was given.",
    key=("repo", "holder_kind", "holder", "level_original"),
    columns=(
        Column("repo", CODE, "system or repository it is for"),
        Column("holder_kind", CODE, "person, group or service"),
        Column(
            "holder",
            CODE,
            "identity of a person; name of a group or service",
            sensitivity=Sensitivity.PSEUDONYM,
        ),
        Column("level", CODE, "read, write, admin or other"),
        Column("level_original", CODE, "right or role in the words of the list"),
        Column("granted_by", CODE, "identity that gave it", sensitivity=Sensitivity.PSEUDONYM),
        Column("ends_at", TIMESTAMP, "when it ends or ended", unit="UTC"),
        Column("reviewed_at", TIMESTAMP, "when somebody last looked at it", unit="UTC"),
        Column("used_at", TIMESTAMP, "when it was last used", unit="UTC"),
    ),
)
