SELECT
  "t13"."scope",
  "t13"."week",
  COUNT(*) AS "changes",
  SUM(COALESCE("t13"."is_marked", 0)) AS "marked"
FROM (
  SELECT
    "t12"."repo",
    "t12"."sha",
    "t12"."actor",
    "t12"."kind",
    "t12"."landed_at",
    "t12"."landed_by",
    "t12"."authored_at",
    "t12"."applied_by",
    "t12"."applied_by_kind",
    "t12"."made_at",
    "t12"."tool",
    "t12"."files",
    "t12"."mass",
    "t12"."scope",
    "t12"."week",
    "t9"."repo" AS "repo_right",
    "t9"."sha" AS "sha_right",
    "t9"."is_marked"
  FROM (
    SELECT
      "t10"."repo",
      "t10"."sha",
      "t10"."actor",
      "t10"."kind",
      "t10"."landed_at",
      "t10"."landed_by",
      "t10"."authored_at",
      "t10"."applied_by",
      "t10"."applied_by_kind",
      "t10"."made_at",
      "t10"."tool",
      "t10"."files",
      "t10"."mass",
      "t10"."scope",
      CAST(FLOOR((
        EPOCH(CAST("t10"."landed_at" AS TIMESTAMP)) - 1774828800
      ) / (
        604800
      )) AS BIGINT) AS "week"
    FROM (
      SELECT
        "t8"."repo",
        "t8"."sha",
        "t8"."actor",
        "t8"."kind",
        "t8"."landed_at",
        "t8"."landed_by",
        "t8"."authored_at",
        "t8"."applied_by",
        "t8"."applied_by_kind",
        "t8"."made_at",
        "t8"."tool",
        "t8"."files",
        "t8"."mass",
        "t8"."scope"
      FROM (
        SELECT
          *
        FROM "scoped_work" AS "t1"
        WHERE
          "t1"."kind" = 'human' AND NOT (
            "t1"."mass"
          )
      ) AS "t8"
      SEMI JOIN (
        SELECT
          "t2"."repo"
        FROM "shows_reviews" AS "t2"
        WHERE
          "t2"."shows"
      ) AS "t6"
        ON "t8"."repo" = "t6"."repo"
    ) AS "t10"
    WHERE
      "t10"."landed_at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
      AND "t10"."landed_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
  ) AS "t12"
  LEFT OUTER JOIN (
    SELECT
      "t3"."repo",
      "t3"."sha",
      1 AS "is_marked"
    FROM (
      SELECT DISTINCT
        "t0"."repo",
        "t0"."sha"
      FROM "inspections" AS "t0"
    ) AS "t3"
  ) AS "t9"
    ON "t12"."repo" = "t9"."repo" AND "t12"."sha" = "t9"."sha"
) AS "t13"
GROUP BY
  1,
  2
