"""Controls: what an organisation says it does to stay within its rules, and what testing it showed."""

from trueup.facts.schema import CODE, TIMESTAMP, Column, Sensitivity, Table

TABLE = Table(
    name="controls",
    about="One control as it was last seen, without its text; happened_at is when it was tested last.",
    key=("repo", "framework", "control"),
    columns=(
        Column("repo", CODE, "system or part it is for; nothing for all"),
        Column("framework", CODE, "rules it belongs to, as in `SOC 2`"),
        Column("control", CODE, "its id, as in `CC8.1`"),
        Column("status", CODE, "implemented, partial, missing, not_applicable or other"),
        Column("status_original", CODE, "status in the words of the list"),
        Column("result", CODE, "passed, failed, not_tested or other"),
        Column("result_original", CODE, "result of the last test in the words of the list"),
        Column("owner", CODE, "identity that answers for it", sensitivity=Sensitivity.PSEUDONYM),
        Column("frequency", CODE, "how often it is done or tested, in the words of the list"),
        Column("due_at", TIMESTAMP, "when it is to be tested next", unit="UTC"),
        Column("changed_at", TIMESTAMP, "when the list last changed it", unit="UTC"),
    ),
)
