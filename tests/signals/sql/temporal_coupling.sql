WITH "t6" AS (
  SELECT
    "t4"."repo",
    "t4"."sha",
    "t4"."path",
    "t4"."scope",
    "t4"."role",
    "t4"."status",
    "t4"."landed_at",
    "t4"."actor",
    "t4"."kind",
    "t4"."mass",
    "t4"."added",
    "t4"."deleted"
  FROM (
    SELECT
      *
    FROM "touches" AS "t0"
    WHERE
      "t0"."role" IN ('code', 'test') AND "t0"."kind" = 'human'
  ) AS "t4"
  SEMI JOIN (
    SELECT
      "t1"."repo",
      "t1"."sha"
    FROM "work" AS "t1"
    WHERE
      "t1"."files" <= 30
  ) AS "t5"
    ON "t4"."repo" = "t5"."repo" AND "t4"."sha" = "t5"."sha"
), "t10" AS (
  SELECT
    "t7"."repo",
    "t7"."sha",
    CAST(FLOOR((
      EPOCH(CAST("t7"."landed_at" AS TIMESTAMP)) - 1751241600
    ) / (
      604800
    )) AS BIGINT) AS "week",
    "t7"."scope",
    "t7"."role",
    "t7"."repo" || ':' || "t7"."path" AS "file",
    CASE
      WHEN "t7"."scope" <> ''
      THEN "t7"."scope"
      ELSE CASE
        WHEN (
          STRPOS("t7"."path", '/') - 1
        ) > 0
        THEN SUBSTRING(
          "t7"."path",
          CASE WHEN (
            0 + 1
          ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t7"."path") END,
          STRPOS("t7"."path", '/') - 1
        )
        ELSE '.'
      END
    END AS "area"
  FROM "t6" AS "t7"
  WHERE
    "t7"."landed_at" >= MAKE_TIMESTAMPTZ(2025, 6, 30, 0, 0, 0.0, 'UTC')
    AND "t7"."landed_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
), "t13" AS (
  SELECT
    "t11"."file",
    COUNT(*) AS "changes",
    MIN("t11"."area") AS "area"
  FROM "t10" AS "t11"
  GROUP BY
    1
), "t15" AS (
  SELECT
    "t11"."repo",
    "t11"."sha",
    "t11"."week",
    COUNT(DISTINCT CASE WHEN "t11"."role" = 'code' THEN "t11"."area" ELSE NULL END) AS "areas"
  FROM "t10" AS "t11"
  GROUP BY
    1,
    2,
    3
)
SELECT
  *
FROM (
  SELECT
    '' AS "scope",
    "t32"."one",
    "t32"."other",
    "t32"."one_area",
    "t32"."other_area",
    0 AS "in_week",
    0 AS "changes",
    0 AS "spanning",
    0 AS "pool",
    "t32"."together"
  FROM (
    SELECT
      "t31"."one",
      "t31"."other",
      COUNT(*) AS "together",
      MIN("t31"."one_area") AS "one_area",
      MIN("t31"."other_area") AS "other_area"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t12"."repo",
          "t12"."sha",
          "t12"."file" AS "one",
          "t12"."area" AS "one_area",
          "t26"."other",
          "t26"."other_area"
        FROM "t10" AS "t12"
        SEMI JOIN (
          SELECT
            "t14"."file"
          FROM "t13" AS "t14"
          WHERE
            "t14"."changes" >= 5
        ) AS "t20"
          ON "t12"."file" = "t20"."file"
        INNER JOIN (
          SELECT
            "t23"."repo",
            "t23"."sha",
            "t23"."one" AS "other",
            "t23"."one_area" AS "other_area"
          FROM (
            SELECT
              "t12"."repo",
              "t12"."sha",
              "t12"."file" AS "one",
              "t12"."area" AS "one_area"
            FROM "t10" AS "t12"
            SEMI JOIN (
              SELECT
                "t14"."file"
              FROM "t13" AS "t14"
              WHERE
                "t14"."changes" >= 5
            ) AS "t20"
              ON "t12"."file" = "t20"."file"
          ) AS "t23"
        ) AS "t26"
          ON "t12"."repo" = "t26"."repo" AND "t12"."sha" = "t26"."sha"
      ) AS "t29"
      WHERE
        "t29"."one" < "t29"."other" AND "t29"."one_area" <> "t29"."other_area"
    ) AS "t31"
    GROUP BY
      1,
      2
  ) AS "t32"
  WHERE
    "t32"."together" >= 5
) AS "t33"
UNION ALL
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t27"."scope",
      '' AS "one",
      '' AS "other",
      '' AS "one_area",
      '' AS "other_area",
      "t27"."week" AS "in_week",
      "t27"."changes",
      "t27"."spanning",
      "t27"."pool",
      0 AS "together"
    FROM (
      SELECT
        "t24"."scope",
        "t24"."week",
        SUM(CAST("t24"."areas" > 0 AS INT)) AS "changes",
        SUM(CAST("t24"."areas" > 1 AS INT)) AS "spanning",
        COUNT(*) AS "pool"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t16"."repo",
            "t16"."sha",
            "t16"."week",
            "t16"."areas",
            '' AS "scope"
          FROM "t15" AS "t16"
        ) AS "t21"
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            "t19"."repo",
            "t19"."sha",
            "t19"."week",
            "t19"."areas",
            "t9"."scope"
          FROM "t15" AS "t19"
          INNER JOIN (
            SELECT DISTINCT
              "t7"."repo",
              "t7"."sha",
              "t7"."scope"
            FROM "t6" AS "t7"
            WHERE
              "t7"."landed_at" >= MAKE_TIMESTAMPTZ(2025, 6, 30, 0, 0, 0.0, 'UTC')
              AND "t7"."landed_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
              AND "t7"."role" = 'code'
              AND "t7"."scope" <> ''
          ) AS "t9"
            ON "t19"."repo" = "t9"."repo" AND "t19"."sha" = "t9"."sha"
        ) AS "t22"
      ) AS "t24"
      GROUP BY
        1,
        2
    ) AS "t27"
  ) AS "t28"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      '' AS "scope",
      "t14"."file" AS "one",
      '' AS "other",
      "t14"."area" AS "one_area",
      '' AS "other_area",
      0 AS "in_week",
      "t14"."changes",
      0 AS "spanning",
      0 AS "pool",
      0 AS "together"
    FROM "t13" AS "t14"
    WHERE
      "t14"."changes" >= 5
  ) AS "t17"
) AS "t30"
