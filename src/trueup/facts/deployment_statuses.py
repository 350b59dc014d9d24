"""What became of deployments, where the source tells it bit by bit."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

TABLE = Table(
    name="deployment_statuses",
    about="One report on a deployment; happened_at is when it was made. The newest holds.",
    key=("repo", "deployment", "report"),
    columns=(
        Column("repo", CODE, "repository or project"),
        Column("deployment", pa.string(), "the deployment it is about"),
        Column("report", pa.string(), "id of the report in the source"),
        Column("status", CODE, "queued, running, done or other"),
        Column("status_original", CODE, "status in the words of the source"),
        Column("result", CODE, "success, failure, cancelled, skipped, neutral or other"),
        Column("reporter", CODE, "identity that reported it", sensitivity=Sensitivity.PSEUDONYM),
    ),
)
