SELECT
  "t30"."week",
  "t30"."scope",
  "t30"."voices",
  "t30"."hours",
  "t30"."decided",
  "t30"."stood",
  "t30"."undone",
  COUNT(*) AS "threads"
FROM (
  SELECT
    "t29"."scope",
    "t29"."opened_at",
    "t29"."voices",
    "t29"."hours",
    "t29"."decided",
    "t29"."stood",
    "t29"."undone",
    CAST(FLOOR((
      EPOCH(CAST("t29"."opened_at" AS TIMESTAMP)) - 1774828800
    ) / (
      604800
    )) AS BIGINT) AS "week"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t26"."scope",
        "t26"."opened_at",
        "t26"."voices",
        CAST(FLOOR(
          (
            EPOCH(CAST("t26"."ended_at" AS TIMESTAMP)) - EPOCH(CAST("t26"."opened_at" AS TIMESTAMP))
          ) / (
            3600
          )
        ) AS BIGINT) AS "hours",
        "t26"."decided",
        "t26"."stood",
        "t26"."undone"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t0"."repo",
            "t0"."key",
            "t0"."actor",
            "t0"."opened_at",
            "t0"."voices",
            "t0"."ended_at",
            "t0"."decided",
            "t0"."stood",
            "t0"."undone",
            '' AS "scope"
          FROM "threads" AS "t0"
        ) AS "t6"
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            "t4"."repo",
            "t4"."key",
            "t4"."actor",
            "t4"."opened_at",
            "t4"."voices",
            "t4"."ended_at",
            "t4"."decided",
            "t4"."stood",
            "t4"."undone",
            "t22"."scope"
          FROM "threads" AS "t4"
          INNER JOIN (
            SELECT
              "t18"."repo",
              "t18"."key",
              MIN("t18"."scope") AS "scope"
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  "t4"."repo",
                  "t4"."key",
                  "t4"."actor",
                  "t4"."opened_at",
                  "t4"."voices",
                  "t4"."ended_at",
                  "t4"."decided",
                  "t4"."stood",
                  "t4"."undone",
                  "t5"."scope",
                  "t5"."start",
                  "t5"."end"
                FROM "threads" AS "t4"
                INNER JOIN "memberships" AS "t5"
                  ON "t4"."actor" = "t5"."actor"
              ) AS "t15"
              WHERE
                "t15"."opened_at" >= "t15"."start" AND "t15"."opened_at" < "t15"."end"
            ) AS "t18"
            GROUP BY
              1,
              2
          ) AS "t22"
            ON "t4"."repo" = "t22"."repo" AND "t4"."key" = "t22"."key"
        ) AS "t24"
      ) AS "t26"
      WHERE
        CAST(FLOOR(
          (
            EPOCH(CAST("t26"."ended_at" AS TIMESTAMP)) - EPOCH(CAST("t26"."opened_at" AS TIMESTAMP))
          ) / (
            3600
          )
        ) AS BIGINT) >= 0
    ) AS "t27"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        '' AS "scope",
        "t25"."happened_at" AS "opened_at",
        CAST(CASE
          WHEN COALESCE(ARRAY_LENGTH("t25"."deciders"), 0) > 1
          THEN 2
          WHEN (
            COALESCE(ARRAY_LENGTH("t25"."deciders"), 0) = 1
          )
          AND (
            "t25"."form" = 'record'
          )
          THEN 1
          ELSE 0
        END AS BIGINT) AS "voices",
        CAST(-1 AS BIGINT) AS "hours",
        CAST(1 AS BIGINT) AS "decided",
        CASE
          WHEN CASE
            WHEN CAST(FLOOR(
              (
                EPOCH(
                  CAST(COALESCE(
                    "t25"."again_at",
                    LEAST("t25"."seen_at", MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC'))
                  ) AS TIMESTAMP)
                ) - EPOCH(CAST("t25"."happened_at" AS TIMESTAMP))
              ) / (
                86400
              )
            ) AS BIGINT) IS NULL
            THEN CAST(FLOOR(
              (
                EPOCH(
                  CAST(COALESCE(
                    "t25"."again_at",
                    LEAST("t25"."seen_at", MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC'))
                  ) AS TIMESTAMP)
                ) - EPOCH(CAST("t25"."happened_at" AS TIMESTAMP))
              ) / (
                86400
              )
            ) AS BIGINT)
            ELSE LEAST(
              60,
              CAST(FLOOR(
                (
                  EPOCH(
                    CAST(COALESCE(
                      "t25"."again_at",
                      LEAST("t25"."seen_at", MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC'))
                    ) AS TIMESTAMP)
                  ) - EPOCH(CAST("t25"."happened_at" AS TIMESTAMP))
                ) / (
                  86400
                )
              ) AS BIGINT)
            )
          END IS NULL
          THEN CASE
            WHEN CAST(FLOOR(
              (
                EPOCH(
                  CAST(COALESCE(
                    "t25"."again_at",
                    LEAST("t25"."seen_at", MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC'))
                  ) AS TIMESTAMP)
                ) - EPOCH(CAST("t25"."happened_at" AS TIMESTAMP))
              ) / (
                86400
              )
            ) AS BIGINT) IS NULL
            THEN CAST(FLOOR(
              (
                EPOCH(
                  CAST(COALESCE(
                    "t25"."again_at",
                    LEAST("t25"."seen_at", MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC'))
                  ) AS TIMESTAMP)
                ) - EPOCH(CAST("t25"."happened_at" AS TIMESTAMP))
              ) / (
                86400
              )
            ) AS BIGINT)
            ELSE LEAST(
              60,
              CAST(FLOOR(
                (
                  EPOCH(
                    CAST(COALESCE(
                      "t25"."again_at",
                      LEAST("t25"."seen_at", MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC'))
                    ) AS TIMESTAMP)
                  ) - EPOCH(CAST("t25"."happened_at" AS TIMESTAMP))
                ) / (
                  86400
                )
              ) AS BIGINT)
            )
          END
          ELSE GREATEST(
            0,
            CASE
              WHEN CAST(FLOOR(
                (
                  EPOCH(
                    CAST(COALESCE(
                      "t25"."again_at",
                      LEAST("t25"."seen_at", MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC'))
                    ) AS TIMESTAMP)
                  ) - EPOCH(CAST("t25"."happened_at" AS TIMESTAMP))
                ) / (
                  86400
                )
              ) AS BIGINT) IS NULL
              THEN CAST(FLOOR(
                (
                  EPOCH(
                    CAST(COALESCE(
                      "t25"."again_at",
                      LEAST("t25"."seen_at", MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC'))
                    ) AS TIMESTAMP)
                  ) - EPOCH(CAST("t25"."happened_at" AS TIMESTAMP))
                ) / (
                  86400
                )
              ) AS BIGINT)
              ELSE LEAST(
                60,
                CAST(FLOOR(
                  (
                    EPOCH(
                      CAST(COALESCE(
                        "t25"."again_at",
                        LEAST("t25"."seen_at", MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC'))
                      ) AS TIMESTAMP)
                    ) - EPOCH(CAST("t25"."happened_at" AS TIMESTAMP))
                  ) / (
                    86400
                  )
                ) AS BIGINT)
              )
            END
          )
        END AS "stood",
        CAST((
          "t25"."again_at" IS NOT NULL
        )
        AND (
          CAST(FLOOR(
            (
              EPOCH(
                CAST(COALESCE(
                  "t25"."again_at",
                  LEAST("t25"."seen_at", MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC'))
                ) AS TIMESTAMP)
              ) - EPOCH(CAST("t25"."happened_at" AS TIMESTAMP))
            ) / (
              86400
            )
          ) AS BIGINT) < 60
        ) AS BIGINT) AS "undone"
      FROM (
        SELECT
          "t12"."repo",
          "t12"."decision",
          "t12"."number",
          "t12"."form",
          "t12"."status",
          "t12"."status_original",
          "t12"."deciders",
          "t12"."title_id",
          "t12"."text_bytes",
          "t12"."context",
          "t12"."options",
          "t12"."consequences",
          "t12"."source",
          "t12"."source_key",
          "t12"."raw_sha256",
          "t12"."happened_at",
          "t12"."seen_at",
          "t23"."repo" AS "repo_right",
          "t23"."decision" AS "decision_right",
          "t23"."again_at"
        FROM (
          SELECT
            *
          FROM "decisions" AS "t1"
          WHERE
            "t1"."status" IN ('accepted', 'rejected', 'superseded', 'deprecated')
        ) AS "t12"
        LEFT OUTER JOIN (
          SELECT
            "t19"."repo",
            "t19"."decision",
            MIN("t19"."happened_at") AS "again_at"
          FROM (
            SELECT
              *
            FROM (
              SELECT
                "t13"."repo",
                "t9"."happened_at",
                "t13"."target" AS "decision"
              FROM (
                SELECT
                  "t2"."repo",
                  "t2"."target",
                  "t2"."item" AS "decision"
                FROM "item_links" AS "t2"
                WHERE
                  "t2"."item_kind" = 'decision'
                  AND "t2"."target_kind" = 'decision'
                  AND "t2"."relation" = 'supersedes'
              ) AS "t13"
              INNER JOIN (
                SELECT
                  "t1"."repo",
                  "t1"."decision",
                  "t1"."happened_at"
                FROM "decisions" AS "t1"
              ) AS "t9"
                ON "t13"."repo" = "t9"."repo" AND "t13"."decision" = "t9"."decision"
            ) AS "t16"
            UNION ALL
            SELECT
              *
            FROM (
              SELECT
                "t14"."repo",
                "t9"."happened_at",
                "t14"."item" AS "decision"
              FROM (
                SELECT
                  "t2"."repo",
                  "t2"."item",
                  "t2"."target" AS "decision"
                FROM "item_links" AS "t2"
                WHERE
                  "t2"."item_kind" = 'decision'
                  AND "t2"."target_kind" = 'decision'
                  AND "t2"."relation" = 'superseded_by'
              ) AS "t14"
              INNER JOIN (
                SELECT
                  "t1"."repo",
                  "t1"."decision",
                  "t1"."happened_at"
                FROM "decisions" AS "t1"
              ) AS "t9"
                ON "t14"."repo" = "t9"."repo" AND "t14"."decision" = "t9"."decision"
            ) AS "t17"
          ) AS "t19"
          GROUP BY
            1,
            2
        ) AS "t23"
          ON "t12"."repo" = "t23"."repo" AND "t12"."decision" = "t23"."decision"
      ) AS "t25"
      WHERE
        COALESCE("t25"."again_at" > "t25"."happened_at", TRUE)
    ) AS "t28"
  ) AS "t29"
  WHERE
    "t29"."opened_at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
    AND "t29"."opened_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
) AS "t30"
GROUP BY
  1,
  2,
  3,
  4,
  5,
  6,
  7
