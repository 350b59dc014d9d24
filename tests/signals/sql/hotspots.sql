WITH "t16" AS (
  SELECT
    "t12"."repo",
    "t12"."path",
    "t12"."scope",
    "t12"."in_week",
    COALESCE("t13"."mends", 0) AS "fixes"
  FROM (
    SELECT
      "t1"."repo",
      "t1"."sha",
      "t1"."path",
      "t1"."scope",
      "t1"."role",
      "t1"."status",
      "t1"."landed_at",
      "t1"."actor",
      "t1"."kind",
      "t1"."mass",
      "t1"."added",
      "t1"."deleted",
      CAST(FLOOR((
        EPOCH(CAST("t1"."landed_at" AS TIMESTAMP)) - 1751241600
      ) / (
        604800
      )) AS BIGINT) AS "in_week"
    FROM "touches" AS "t1"
    WHERE
      "t1"."role" = 'code'
      AND "t1"."kind" = 'human'
      AND NOT (
        "t1"."mass"
      )
      AND "t1"."landed_at" >= MAKE_TIMESTAMPTZ(2025, 6, 30, 0, 0, 0.0, 'UTC')
      AND "t1"."landed_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
  ) AS "t12"
  LEFT OUTER JOIN (
    SELECT
      "t6"."repo",
      "t6"."sha",
      1 AS "mends"
    FROM (
      SELECT DISTINCT
        "t2"."repo",
        "t2"."sha"
      FROM "links" AS "t2"
      WHERE
        "t2"."relation" IN ('closes', 'fixes', 'fixes_commit')
    ) AS "t6"
  ) AS "t13"
    ON "t12"."repo" = "t13"."repo" AND "t12"."sha" = "t13"."sha"
)
SELECT
  "t26"."scope",
  "t26"."in_week",
  "t26"."file",
  "t26"."lines",
  "t26"."indentation",
  "t26"."complicated",
  COUNT(*) AS "touches",
  SUM("t26"."fixes") AS "fixes"
FROM (
  SELECT
    "t25"."scope",
    "t25"."in_week",
    CASE
      WHEN "t25"."indentation" IS NOT NULL
      THEN "t25"."repo" || ':' || "t25"."path"
      ELSE ''
    END AS "file",
    "t25"."fixes",
    COALESCE("t25"."lines", -1) AS "lines",
    COALESCE("t25"."indentation", -1) AS "indentation",
    COALESCE("t25"."complicated", -1) AS "complicated"
  FROM (
    SELECT
      "t22"."repo",
      "t22"."path",
      "t22"."scope",
      "t22"."in_week",
      "t22"."fixes",
      "t24"."scope" AS "scope_right",
      "t24"."repo" AS "repo_right",
      "t24"."path" AS "path_right",
      "t24"."lines",
      "t24"."indentation",
      "t24"."complicated"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t17"."repo",
          "t17"."path",
          '' AS "scope",
          "t17"."in_week",
          "t17"."fixes"
        FROM "t16" AS "t17"
      ) AS "t18"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          *
        FROM "t16" AS "t17"
        WHERE
          "t17"."scope" <> ''
      ) AS "t19"
    ) AS "t22"
    LEFT OUTER JOIN (
      SELECT
        "t20"."scope",
        "t20"."repo",
        "t20"."path",
        "t20"."lines",
        "t20"."indentation",
        CAST((
          "t20"."place" * 10
        ) < "t20"."files" AS BIGINT) AS "complicated"
      FROM (
        SELECT
          "t15"."repo",
          "t15"."path",
          "t15"."lines",
          "t15"."indentation",
          "t15"."scope",
          ROW_NUMBER() OVER (
            PARTITION BY "t15"."scope"
            ORDER BY "t15"."indentation" DESC, "t15"."repo" ASC, "t15"."path" ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) - 1 AS "place",
          COUNT("t15"."path") OVER (
            PARTITION BY "t15"."scope"
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) AS "files"
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t0"."repo",
              "t0"."path",
              "t0"."lines",
              "t0"."indentation",
              '' AS "scope"
            FROM "files" AS "t0"
            WHERE
              "t0"."role" = 'code' AND "t0"."indentation" IS NOT NULL
          ) AS "t4"
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              "t8"."repo",
              "t8"."path",
              "t8"."lines",
              "t8"."indentation",
              "t9"."scope"
            FROM (
              SELECT
                "t0"."repo",
                "t0"."path",
                "t0"."lines",
                "t0"."indentation"
              FROM "files" AS "t0"
              WHERE
                "t0"."role" = 'code' AND "t0"."indentation" IS NOT NULL
            ) AS "t8"
            INNER JOIN (
              SELECT
                "t3"."repo",
                "t3"."path",
                "t3"."scope"
              FROM "path_info" AS "t3"
              WHERE
                "t3"."scope" <> ''
            ) AS "t9"
              ON "t8"."repo" = "t9"."repo" AND "t8"."path" = "t9"."path"
          ) AS "t14"
        ) AS "t15"
      ) AS "t20"
    ) AS "t24"
      ON "t22"."scope" = "t24"."scope"
      AND "t22"."repo" = "t24"."repo"
      AND "t22"."path" = "t24"."path"
  ) AS "t25"
) AS "t26"
GROUP BY
  1,
  2,
  3,
  4,
  5,
  6
