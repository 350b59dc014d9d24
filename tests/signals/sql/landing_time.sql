WITH "t18" AS (
  SELECT
    "t15"."repo",
    "t15"."sha",
    "t15"."actor",
    "t15"."kind",
    "t15"."landed_at",
    "t15"."landed_by",
    "t15"."authored_at",
    "t15"."applied_by",
    "t15"."applied_by_kind",
    "t15"."made_at",
    "t15"."tool",
    "t15"."files",
    "t15"."mass",
    "t13"."observed_until"
  FROM (
    SELECT
      *
    FROM "made" AS "t1"
    WHERE
      "t1"."landed_at" IS NULL AND "t1"."kind" = 'human' AND NOT (
        "t1"."mass"
      )
  ) AS "t15"
  ANTI JOIN "landings" AS "t7"
    ON "t15"."repo" = "t7"."repo" AND "t15"."sha" = "t7"."sha"
  ANTI JOIN (
    SELECT
      *
    FROM "links" AS "t3"
    WHERE
      "t3"."relation" = 'same_change'
  ) AS "t16"
    ON "t15"."repo" = "t16"."repo" AND "t15"."sha" = "t16"."sha"
  INNER JOIN (
    SELECT
      "t4"."repo",
      "t4"."observed_until"
    FROM "repositories" AS "t4"
  ) AS "t13"
    ON "t15"."repo" = "t13"."repo"
), "t21" AS (
  SELECT
    "t19"."repo",
    "t19"."sha",
    "t19"."actor",
    "t19"."authored_at",
    LEAST(
      CAST(FLOOR(
        (
          EPOCH(CAST("t19"."observed_until" AS TIMESTAMP)) - EPOCH(CAST("t19"."authored_at" AS TIMESTAMP))
        ) / (
          3600
        )
      ) AS BIGINT),
      4320
    ) AS "hours",
    0 AS "landed",
    '' AS "landed_by"
  FROM "t18" AS "t19"
  WHERE
    (
      EPOCH(CAST("t19"."observed_until" AS TIMESTAMP)) - EPOCH(CAST("t19"."authored_at" AS TIMESTAMP))
    ) >= 0
)
SELECT
  "t35"."scope",
  "t35"."week",
  "t35"."hours",
  "t35"."landed",
  COUNT(*) AS "pieces"
FROM (
  SELECT
    "t34"."scope",
    "t34"."week",
    "t34"."landed",
    "t34"."repo",
    "t34"."landed_by",
    "t34"."actor",
    "t34"."day",
    MAX("t34"."hours") AS "hours"
  FROM (
    SELECT
      "t33"."scope",
      "t33"."week",
      "t33"."hours",
      "t33"."landed",
      "t33"."repo",
      "t33"."landed_by",
      "t33"."actor",
      "t33"."authored_at",
      CAST(FLOOR((
        EPOCH(CAST("t33"."authored_at" AS TIMESTAMP))
      ) / (
        86400
      )) AS BIGINT) AS "day"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t0"."scope",
          CAST(FLOOR((
            EPOCH(CAST("t0"."landed_at" AS TIMESTAMP)) - 1774828800
          ) / (
            604800
          )) AS BIGINT) AS "week",
          CASE
            WHEN (
              (
                EPOCH(CAST("t0"."landed_at" AS TIMESTAMP)) - EPOCH(CAST("t0"."authored_at" AS TIMESTAMP))
              ) >= 0
            )
            AND (
              (
                "t0"."landed_by" <> "t0"."sha"
              )
              OR (
                (
                  EPOCH(CAST("t0"."landed_at" AS TIMESTAMP)) - EPOCH(CAST("t0"."authored_at" AS TIMESTAMP))
                ) >= 60
              )
            )
            THEN CAST(FLOOR(
              (
                EPOCH(CAST("t0"."landed_at" AS TIMESTAMP)) - EPOCH(CAST("t0"."authored_at" AS TIMESTAMP))
              ) / (
                3600
              )
            ) AS BIGINT)
            ELSE -1
          END AS "hours",
          1 AS "landed",
          "t0"."repo",
          "t0"."landed_by",
          "t0"."actor",
          "t0"."authored_at"
        FROM "scoped_work" AS "t0"
        WHERE
          "t0"."kind" = 'human'
          AND NOT (
            "t0"."mass"
          )
          AND "t0"."landed_at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
          AND "t0"."landed_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
      ) AS "t17"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          "t31"."scope",
          CAST(FLOOR((
            EPOCH(CAST("t31"."authored_at" AS TIMESTAMP)) - 1774828800
          ) / (
            604800
          )) AS BIGINT) AS "week",
          "t31"."hours",
          "t31"."landed",
          "t31"."repo",
          "t31"."landed_by",
          "t31"."actor",
          "t31"."authored_at"
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t19"."repo",
              "t19"."sha",
              "t19"."actor",
              "t19"."authored_at",
              LEAST(
                CAST(FLOOR(
                  (
                    EPOCH(CAST("t19"."observed_until" AS TIMESTAMP)) - EPOCH(CAST("t19"."authored_at" AS TIMESTAMP))
                  ) / (
                    3600
                  )
                ) AS BIGINT),
                4320
              ) AS "hours",
              0 AS "landed",
              '' AS "landed_by",
              '' AS "scope"
            FROM "t18" AS "t19"
            WHERE
              (
                EPOCH(CAST("t19"."observed_until" AS TIMESTAMP)) - EPOCH(CAST("t19"."authored_at" AS TIMESTAMP))
              ) >= 0
          ) AS "t20"
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              "t23"."repo",
              "t23"."sha",
              "t23"."actor",
              "t23"."authored_at",
              "t23"."hours",
              "t23"."landed",
              "t23"."landed_by",
              "t29"."scope"
            FROM "t21" AS "t23"
            INNER JOIN (
              SELECT
                "t27"."repo",
                "t27"."sha",
                "t27"."scope"
              FROM (
                SELECT
                  "t26"."repo",
                  "t26"."sha",
                  "t26"."scope",
                  "t26"."n",
                  ROW_NUMBER() OVER (
                    PARTITION BY "t26"."repo", "t26"."sha"
                    ORDER BY "t26"."n" DESC, "t26"."scope" ASC
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                  ) - 1 AS "place"
                FROM (
                  SELECT
                    "t25"."repo",
                    "t25"."sha",
                    "t25"."scope",
                    COUNT(*) AS "n"
                  FROM (
                    SELECT
                      "t8"."repo",
                      "t8"."sha",
                      "t8"."path",
                      "t8"."old_path",
                      "t8"."status",
                      "t8"."kind",
                      "t8"."similarity",
                      "t8"."source",
                      "t8"."source_key",
                      "t8"."raw_sha256",
                      "t8"."happened_at",
                      "t8"."seen_at",
                      "t14"."scope"
                    FROM "changes" AS "t8"
                    SEMI JOIN "t21" AS "t24"
                      ON "t8"."repo" = "t24"."repo" AND "t8"."sha" = "t24"."sha"
                    INNER JOIN (
                      SELECT
                        "t6"."repo",
                        "t6"."path",
                        "t6"."scope"
                      FROM "path_info" AS "t6"
                    ) AS "t14"
                      ON "t8"."repo" = "t14"."repo" AND "t8"."path" = "t14"."path"
                  ) AS "t25"
                  GROUP BY
                    1,
                    2,
                    3
                ) AS "t26"
              ) AS "t27"
              WHERE
                "t27"."place" = 0 AND "t27"."scope" <> ''
            ) AS "t29"
              ON "t23"."repo" = "t29"."repo" AND "t23"."sha" = "t29"."sha"
          ) AS "t30"
        ) AS "t31"
        WHERE
          "t31"."authored_at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
          AND "t31"."authored_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
      ) AS "t32"
    ) AS "t33"
  ) AS "t34"
  GROUP BY
    1,
    2,
    3,
    4,
    5,
    6,
    7
) AS "t35"
GROUP BY
  1,
  2,
  3,
  4
