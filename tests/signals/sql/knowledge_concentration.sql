WITH "t12" AS (
  SELECT
    "t5"."repo",
    "t5"."path",
    "t5"."path" AS "then",
    1099511627776 AS "until"
  FROM "files" AS "t5"
  WHERE
    "t5"."role" IN ('code', 'test')
), "t32" AS (
  SELECT
    "t29"."repo",
    "t29"."path",
    "t29"."old_path" AS "then",
    MAX("t29"."moved_at") AS "until"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t22"."repo",
        "t22"."path",
        "t22"."then",
        "t22"."until",
        "t20"."old_path",
        "t20"."moved_at"
      FROM "t12" AS "t22"
      INNER JOIN (
        SELECT
          "t1"."repo",
          "t1"."old_path",
          "t1"."path" AS "then",
          CAST(EPOCH(CAST("t1"."happened_at" AS TIMESTAMP)) AS BIGINT) AS "moved_at"
        FROM "changes" AS "t1"
        WHERE
          "t1"."status" = 'R'
      ) AS "t20"
        ON "t22"."repo" = "t20"."repo" AND "t22"."then" = "t20"."then"
    ) AS "t26"
    WHERE
      "t26"."moved_at" <= "t26"."until"
  ) AS "t29"
  GROUP BY
    1,
    2,
    3
), "t39" AS (
  SELECT
    "t38"."repo",
    "t38"."path",
    "t38"."old_path" AS "then",
    MAX("t38"."moved_at") AS "until"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t36"."repo",
        "t36"."path",
        "t36"."then",
        "t36"."until",
        "t20"."old_path",
        "t20"."moved_at"
      FROM "t32" AS "t36"
      INNER JOIN (
        SELECT
          "t1"."repo",
          "t1"."old_path",
          "t1"."path" AS "then",
          CAST(EPOCH(CAST("t1"."happened_at" AS TIMESTAMP)) AS BIGINT) AS "moved_at"
        FROM "changes" AS "t1"
        WHERE
          "t1"."status" = 'R'
      ) AS "t20"
        ON "t36"."repo" = "t20"."repo" AND "t36"."then" = "t20"."then"
    ) AS "t37"
    WHERE
      "t37"."moved_at" <= "t37"."until"
  ) AS "t38"
  GROUP BY
    1,
    2,
    3
), "t52" AS (
  SELECT
    "t51"."repo",
    "t51"."path",
    "t28"."actor",
    "t28"."kind",
    "t28"."at",
    (
      (
        ROW_NUMBER() OVER (
          PARTITION BY "t51"."repo", "t51"."path"
          ORDER BY "t51"."happened" ASC, "t51"."sha" ASC, "t51"."then" ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) - 1
      ) = 0
    )
    AND (
      "t51"."status" = 'A'
    ) AS "first"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t48"."repo",
        "t48"."path",
        "t48"."then",
        "t48"."until",
        "t19"."sha",
        "t19"."status",
        "t19"."happened"
      FROM (
        SELECT
          "t46"."repo",
          "t46"."path",
          "t46"."then",
          MAX("t46"."until") AS "until"
        FROM (
          SELECT
            *
          FROM (
            SELECT
              *
            FROM "t12" AS "t17"
            UNION ALL
            SELECT
              *
            FROM "t32" AS "t34"
          ) AS "t35"
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              *
            FROM "t39" AS "t40"
            UNION ALL
            SELECT
              *
            FROM (
              SELECT
                "t43"."repo",
                "t43"."path",
                "t43"."old_path" AS "then",
                MAX("t43"."moved_at") AS "until"
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    "t41"."repo",
                    "t41"."path",
                    "t41"."then",
                    "t41"."until",
                    "t20"."old_path",
                    "t20"."moved_at"
                  FROM "t39" AS "t41"
                  INNER JOIN (
                    SELECT
                      "t1"."repo",
                      "t1"."old_path",
                      "t1"."path" AS "then",
                      CAST(EPOCH(CAST("t1"."happened_at" AS TIMESTAMP)) AS BIGINT) AS "moved_at"
                    FROM "changes" AS "t1"
                    WHERE
                      "t1"."status" = 'R'
                  ) AS "t20"
                    ON "t41"."repo" = "t20"."repo" AND "t41"."then" = "t20"."then"
                ) AS "t42"
                WHERE
                  "t42"."moved_at" <= "t42"."until"
              ) AS "t43"
              GROUP BY
                1,
                2,
                3
            ) AS "t44"
          ) AS "t45"
        ) AS "t46"
        GROUP BY
          1,
          2,
          3
      ) AS "t48"
      INNER JOIN (
        SELECT
          "t1"."repo",
          "t1"."sha",
          "t1"."status",
          CAST(EPOCH(CAST("t1"."happened_at" AS TIMESTAMP)) AS BIGINT) AS "happened",
          "t1"."path" AS "then"
        FROM "changes" AS "t1"
        WHERE
          "t1"."kind" = 'file'
      ) AS "t19"
        ON "t48"."repo" = "t19"."repo" AND "t48"."then" = "t19"."then"
    ) AS "t49"
    WHERE
      "t49"."happened" <= "t49"."until"
  ) AS "t51"
  ANTI JOIN (
    SELECT
      *
    FROM (
      SELECT
        "t9"."repo",
        "t9"."sha",
        COUNT(*) AS "n"
      FROM (
        SELECT
          *
        FROM "changes" AS "t1"
        WHERE
          "t1"."kind" = 'file'
      ) AS "t9"
      GROUP BY
        1,
        2
    ) AS "t18"
    WHERE
      "t18"."n" > 100
  ) AS "t24"
    ON "t51"."repo" = "t24"."repo" AND "t51"."sha" = "t24"."sha"
  INNER JOIN (
    SELECT
      "t25".*
      EXCLUDE ("author")
    FROM (
      SELECT
        "t21"."repo",
        "t21"."sha",
        "t21"."at",
        "t10"."author",
        "t11"."actor",
        "t11"."kind"
      FROM (
        SELECT
          "t2"."repo",
          "t2"."sha",
          CAST(EPOCH(CAST("t2"."landed_at" AS TIMESTAMP)) AS BIGINT) AS "at"
        FROM "landings" AS "t2"
        WHERE
          "t2"."line" = 'default'
          AND "t2"."landed_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
      ) AS "t21"
      INNER JOIN (
        SELECT
          "t3"."repo",
          "t3"."sha",
          "t3"."author"
        FROM "commits" AS "t3"
      ) AS "t10"
        ON "t21"."repo" = "t10"."repo" AND "t21"."sha" = "t10"."sha"
      INNER JOIN (
        SELECT
          "t4"."actor",
          "t4"."kind",
          "t4"."identity" AS "author"
        FROM "actors" AS "t4"
      ) AS "t11"
        ON "t10"."author" = "t11"."author"
    ) AS "t25"
  ) AS "t28"
    ON "t51"."repo" = "t28"."repo" AND "t51"."sha" = "t28"."sha"
), "t62" AS (
  SELECT
    "t59"."repo",
    "t59"."path",
    "t59"."total",
    "t59"."heat",
    COALESCE("t61"."actor", '') AS "actor",
    COALESCE("t61"."own", 0) AS "own",
    COALESCE("t61"."first", 0) AS "first",
    COALESCE("t61"."alive", 0) AS "alive"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t53"."repo",
        "t53"."path",
        COUNT(*) AS "total",
        SUM(CAST("t53"."at" >= 1751155200 AS BIGINT)) AS "heat"
      FROM "t52" AS "t53"
      GROUP BY
        1,
        2
    ) AS "t55"
    WHERE
      "t55"."heat" > 0
  ) AS "t59"
  LEFT OUTER JOIN (
    SELECT
      "t58"."repo",
      "t58"."path",
      "t58"."actor",
      "t58"."own",
      "t58"."first",
      "t33"."alive"
    FROM (
      SELECT
        "t54"."repo",
        "t54"."path",
        "t54"."actor",
        COUNT(*) AS "own",
        MAX(CAST("t54"."first" AS BIGINT)) AS "first"
      FROM (
        SELECT
          *
        FROM "t52" AS "t53"
        WHERE
          "t53"."kind" = 'human'
      ) AS "t54"
      GROUP BY
        1,
        2,
        3
    ) AS "t58"
    LEFT OUTER JOIN (
      SELECT
        "t30"."actor",
        1 AS "alive"
      FROM (
        SELECT DISTINCT
          "t27"."actor"
        FROM (
          SELECT
            "t25".*
            EXCLUDE ("author")
          FROM (
            SELECT
              "t21"."repo",
              "t21"."sha",
              "t21"."at",
              "t10"."author",
              "t11"."actor",
              "t11"."kind"
            FROM (
              SELECT
                "t2"."repo",
                "t2"."sha",
                CAST(EPOCH(CAST("t2"."landed_at" AS TIMESTAMP)) AS BIGINT) AS "at"
              FROM "landings" AS "t2"
              WHERE
                "t2"."line" = 'default'
                AND "t2"."landed_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
            ) AS "t21"
            INNER JOIN (
              SELECT
                "t3"."repo",
                "t3"."sha",
                "t3"."author"
              FROM "commits" AS "t3"
            ) AS "t10"
              ON "t21"."repo" = "t10"."repo" AND "t21"."sha" = "t10"."sha"
            INNER JOIN (
              SELECT
                "t4"."actor",
                "t4"."kind",
                "t4"."identity" AS "author"
              FROM "actors" AS "t4"
            ) AS "t11"
              ON "t10"."author" = "t11"."author"
          ) AS "t25"
        ) AS "t27"
        WHERE
          "t27"."at" >= 1751155200
      ) AS "t30"
    ) AS "t33"
      ON "t58"."actor" = "t33"."actor"
  ) AS "t61"
    ON "t59"."repo" = "t61"."repo" AND "t59"."path" = "t61"."path"
)
SELECT
  *
FROM (
  SELECT
    "t63"."repo" || ':' || "t63"."path" AS "file",
    "t63"."actor",
    "t63"."own",
    "t63"."first",
    "t63"."alive",
    "t63"."total",
    "t63"."heat",
    '' AS "scope"
  FROM "t62" AS "t63"
) AS "t64"
UNION ALL
SELECT
  *
FROM (
  SELECT
    "t66"."file",
    "t66"."actor",
    "t66"."own",
    "t66"."first",
    "t66"."alive",
    "t66"."total",
    "t66"."heat",
    "t13"."scope"
  FROM (
    SELECT
      "t63"."repo",
      "t63"."path",
      "t63"."total",
      "t63"."heat",
      "t63"."actor",
      "t63"."own",
      "t63"."first",
      "t63"."alive",
      "t63"."repo" || ':' || "t63"."path" AS "file"
    FROM "t62" AS "t63"
  ) AS "t66"
  INNER JOIN (
    SELECT
      "t0"."repo",
      "t0"."path",
      "t0"."scope"
    FROM "path_info" AS "t0"
    WHERE
      "t0"."scope" <> ''
  ) AS "t13"
    ON "t66"."repo" = "t13"."repo" AND "t66"."path" = "t13"."path"
) AS "t67"
