SELECT
  "t2"."scope",
  "t2"."week",
  "t2"."actor",
  COUNT(*) AS "days"
FROM (
  SELECT
    "t1"."scope",
    "t1"."actor",
    "t1"."day",
    MIN("t1"."week") AS "week"
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
      )) AS BIGINT) AS "week",
      CAST(FLOOR((
        EPOCH(CAST("t0"."authored_at" AS TIMESTAMP))
      ) / (
        86400
      )) AS BIGINT) AS "day"
    FROM "scoped_work" AS "t0"
    WHERE
      "t0"."kind" = 'human'
      AND NOT (
        "t0"."mass"
      )
      AND "t0"."landed_at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
      AND "t0"."landed_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
  ) AS "t1"
  GROUP BY
    1,
    2,
    3
) AS "t2"
GROUP BY
  1,
  2,
  3
