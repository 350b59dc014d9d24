"""Who belonged to which team from when until when, as rosters tell it."""

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="team_members",
    about="One time of one person in one team; happened_at is its beginning.",
    key=("repo", "team", "person", "from_day"),
    columns=(
        Column("repo", CODE, "where the team is kept; nothing for rosters of one's own"),
        Column("team", CODE, "name of the team"),
        Column("person", CODE, "identity", sensitivity=Sensitivity.PSEUDONYM),
        Column("from_day", CODE, "first day; nothing where it is not told"),
        Column("from_at", TIMESTAMP, "when it began; nothing for always", unit="UTC"),
        Column(
            "until_at", TIMESTAMP, "when it ended, itself outside; nothing for not yet", unit="UTC"
        ),
        Column("role", CODE, "role in the team, in the words of the roster"),
    ),
)
