SELECT
  "t1"."scope",
  "t1"."week",
  COUNT(*) AS "changes",
  SUM(
    CAST((
      "t1"."kind" = 'agent'
    )
    OR (
      COALESCE("t1"."applied_by_kind", '') = 'agent'
    )
    OR (
      "t1"."tool" <> ''
    ) AS BIGINT)
  ) AS "disclosed"
FROM (
  SELECT
    "t0"."repo",
    "t0"."sha",
    "t0"."actor",
    "t0"."kind",
    "t0"."landed_at",
    "t0"."landed_by",
    "t0"."authored_at",
    "t0"."applied_by",
    "t0"."applied_by_kind",
    "t0"."made_at",
    "t0"."tool",
    "t0"."files",
    "t0"."mass",
    "t0"."scope",
    CAST(FLOOR((
      EPOCH(CAST("t0"."landed_at" AS TIMESTAMP)) - 1774828800
    ) / (
      604800
    )) AS BIGINT) AS "week"
  FROM "scoped_work" AS "t0"
  WHERE
    "t0"."kind" IN ('human', 'agent')
    AND NOT (
      "t0"."mass"
    )
    AND "t0"."landed_at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
    AND "t0"."landed_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
) AS "t1"
GROUP BY
  1,
  2
