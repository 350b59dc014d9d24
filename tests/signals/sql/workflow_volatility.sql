SELECT
  "t7"."scope",
  "t7"."week",
  "t7"."files",
  "t7"."lines",
  COUNT(*) AS "changes",
  SUM("t7"."piece") AS "pieces"
FROM (
  SELECT
    "t6"."repo",
    "t6"."sha",
    "t6"."actor",
    "t6"."kind",
    "t6"."landed_at",
    "t6"."landed_by",
    "t6"."authored_at",
    "t6"."applied_by",
    "t6"."applied_by_kind",
    "t6"."made_at",
    "t6"."tool",
    "t6"."files",
    "t6"."mass",
    "t6"."scope",
    "t6"."week",
    "t6"."repo_right",
    "t6"."sha_right",
    COALESCE("t6"."lines", -1) AS "lines",
    CAST((
      ROW_NUMBER() OVER (
        PARTITION BY "t6"."scope", "t6"."repo", "t6"."landed_by", "t6"."actor"
        ORDER BY "t6"."sha" ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) - 1
    ) = 0 AS BIGINT) AS "piece"
  FROM (
    SELECT
      "t5"."repo",
      "t5"."sha",
      "t5"."actor",
      "t5"."kind",
      "t5"."landed_at",
      "t5"."landed_by",
      "t5"."authored_at",
      "t5"."applied_by",
      "t5"."applied_by_kind",
      "t5"."made_at",
      "t5"."tool",
      "t5"."files",
      "t5"."mass",
      "t5"."scope",
      "t5"."week",
      "t4"."repo" AS "repo_right",
      "t4"."sha" AS "sha_right",
      "t4"."lines"
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
        "t0"."kind" = 'human'
        AND NOT (
          "t0"."mass"
        )
        AND "t0"."landed_at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
        AND "t0"."landed_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
    ) AS "t5"
    LEFT OUTER JOIN (
      SELECT
        "t1"."repo",
        "t1"."sha",
        SUM("t1"."added" + "t1"."deleted") AS "lines"
      FROM "touches" AS "t1"
      GROUP BY
        1,
        2
    ) AS "t4"
      ON "t5"."repo" = "t4"."repo" AND "t5"."sha" = "t4"."sha"
  ) AS "t6"
) AS "t7"
GROUP BY
  1,
  2,
  3,
  4
