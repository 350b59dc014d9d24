WITH "t25" AS (
  SELECT
    "t14"."repo",
    "t14"."sha",
    "t14"."landed_at",
    "t20"."subject_id",
    "t20"."merge"
  FROM (
    SELECT
      "t2"."repo",
      "t2"."sha",
      "t2"."landed_by",
      "t2"."landed_at"
    FROM "landings" AS "t2"
    WHERE
      "t2"."line" = 'default'
  ) AS "t14"
  INNER JOIN (
    SELECT
      "t4"."repo",
      "t4"."sha",
      "t4"."subject_id",
      ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
    FROM "commits" AS "t4"
  ) AS "t20"
    ON "t14"."repo" = "t20"."repo" AND "t14"."sha" = "t20"."sha"
), "t40" AS (
  SELECT
    "t18"."repo",
    "t18"."target_kind",
    "t18"."target",
    "t18"."by",
    "t30"."by_landing",
    "t30"."reverted_at",
    "t30"."by_merge"
  FROM (
    SELECT
      "t3"."repo",
      "t3"."target_kind",
      "t3"."target",
      "t3"."sha" AS "by"
    FROM "links" AS "t3"
    WHERE
      "t3"."relation" = 'reverts'
  ) AS "t18"
  INNER JOIN (
    SELECT
      "t14"."repo",
      "t14"."sha" AS "by",
      "t14"."landed_by" AS "by_landing",
      "t14"."landed_at" AS "reverted_at",
      "t20"."merge" AS "by_merge"
    FROM (
      SELECT
        "t2"."repo",
        "t2"."sha",
        "t2"."landed_by",
        "t2"."landed_at"
      FROM "landings" AS "t2"
      WHERE
        "t2"."line" = 'default'
    ) AS "t14"
    INNER JOIN (
      SELECT
        "t4"."repo",
        "t4"."sha",
        "t4"."subject_id",
        ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
      FROM "commits" AS "t4"
    ) AS "t20"
      ON "t14"."repo" = "t20"."repo" AND "t14"."sha" = "t20"."sha"
  ) AS "t30"
    ON "t18"."repo" = "t30"."repo" AND "t18"."by" = "t30"."by"
), "t71" AS (
  SELECT
    "t70"."repo",
    "t70"."by",
    "t70"."by_landing",
    "t70"."reverted_at",
    "t70"."sha",
    "t70"."merge",
    "t70"."how",
    "t70"."trust",
    MIN("t70"."trust") OVER (
      PARTITION BY "t70"."repo", "t70"."by"
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS "best"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t65"."repo",
        "t65"."by",
        "t65"."by_landing",
        "t65"."reverted_at",
        "t65"."sha",
        "t65"."merge",
        'subject' AS "how",
        2 AS "trust"
      FROM (
        SELECT
          "t63"."repo",
          "t63"."target_kind",
          "t63"."target",
          "t63"."by",
          "t63"."by_landing",
          "t63"."reverted_at",
          "t63"."sha",
          "t63"."landed_at",
          "t63"."merge",
          ROW_NUMBER() OVER (
            PARTITION BY "t63"."repo", "t63"."by", "t63"."target"
            ORDER BY "t63"."landed_at" DESC, "t63"."sha" ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) - 1 AS "place"
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t57"."repo",
              "t57"."target_kind",
              "t57"."target",
              "t57"."by",
              "t57"."by_landing",
              "t57"."reverted_at",
              "t39"."sha",
              "t39"."landed_at",
              "t39"."merge"
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  "t51".*
                  EXCLUDE ("by_merge")
                FROM (
                  SELECT
                    *
                  FROM (
                    SELECT
                      *
                    FROM "t40" AS "t42"
                    WHERE
                      NOT (
                        "t42"."by_merge"
                      )
                  ) AS "t46"
                  UNION ALL
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t48"."repo",
                      "t48"."target_kind",
                      "t48"."target",
                      "t48"."by",
                      "t48"."by_landing",
                      "t48"."reverted_at",
                      "t48"."by_merge"
                    FROM (
                      SELECT
                        *
                      FROM "t40" AS "t42"
                      WHERE
                        "t42"."by_merge"
                    ) AS "t48"
                    ANTI JOIN (
                      SELECT
                        "t42"."repo",
                        "t42"."by_landing" AS "by"
                      FROM "t40" AS "t42"
                      WHERE
                        NOT (
                          "t42"."by_merge"
                        )
                    ) AS "t49"
                      ON "t48"."repo" = "t49"."repo" AND "t48"."by" = "t49"."by"
                  ) AS "t50"
                ) AS "t51"
              ) AS "t52"
              WHERE
                "t52"."target_kind" = 'subject'
            ) AS "t57"
            INNER JOIN (
              SELECT
                "t29"."repo",
                "t29"."sha",
                "t29"."landed_at",
                "t29"."subject_id" AS "target",
                "t29"."merge"
              FROM "t25" AS "t29"
              WHERE
                NOT (
                  "t29"."merge"
                )
            ) AS "t39"
              ON "t57"."repo" = "t39"."repo" AND "t57"."target" = "t39"."target"
          ) AS "t60"
          WHERE
            "t60"."landed_at" <= "t60"."reverted_at" AND "t60"."sha" <> "t60"."by"
        ) AS "t63"
      ) AS "t65"
      WHERE
        "t65"."place" = 0
    ) AS "t67"
    UNION
    SELECT
      *
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t66"."repo",
          "t66"."by",
          "t66"."by_landing",
          "t66"."reverted_at",
          "t66"."sha",
          "t66"."merge",
          CASE WHEN "t66"."merge" THEN 'merge' ELSE 'commit' END AS "how",
          0 AS "trust"
        FROM (
          SELECT
            "t64"."repo",
            "t64"."target_kind",
            "t64"."target",
            "t64"."by",
            "t64"."by_landing",
            "t64"."reverted_at",
            "t64"."digits",
            "t64"."sha",
            "t64"."landed_at",
            "t64"."merge",
            COUNT("t64"."sha") OVER (
              PARTITION BY "t64"."repo", "t64"."by", "t64"."target"
              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
            ) AS "fitting"
          FROM (
            SELECT
              *
            FROM (
              SELECT
                "t58"."repo",
                "t58"."target_kind",
                "t58"."target",
                "t58"."by",
                "t58"."by_landing",
                "t58"."reverted_at",
                "t58"."digits",
                "t41"."sha",
                "t41"."landed_at",
                "t41"."merge"
              FROM (
                SELECT
                  "t52"."repo",
                  "t52"."target_kind",
                  "t52"."target",
                  "t52"."by",
                  "t52"."by_landing",
                  "t52"."reverted_at",
                  SUBSTRING(
                    "t52"."target",
                    CASE WHEN (
                      0 + 1
                    ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t52"."target") END,
                    7
                  ) AS "digits"
                FROM (
                  SELECT
                    "t51".*
                    EXCLUDE ("by_merge")
                  FROM (
                    SELECT
                      *
                    FROM (
                      SELECT
                        *
                      FROM "t40" AS "t42"
                      WHERE
                        NOT (
                          "t42"."by_merge"
                        )
                    ) AS "t46"
                    UNION ALL
                    SELECT
                      *
                    FROM (
                      SELECT
                        "t48"."repo",
                        "t48"."target_kind",
                        "t48"."target",
                        "t48"."by",
                        "t48"."by_landing",
                        "t48"."reverted_at",
                        "t48"."by_merge"
                      FROM (
                        SELECT
                          *
                        FROM "t40" AS "t42"
                        WHERE
                          "t42"."by_merge"
                      ) AS "t48"
                      ANTI JOIN (
                        SELECT
                          "t42"."repo",
                          "t42"."by_landing" AS "by"
                        FROM "t40" AS "t42"
                        WHERE
                          NOT (
                            "t42"."by_merge"
                          )
                      ) AS "t49"
                        ON "t48"."repo" = "t49"."repo" AND "t48"."by" = "t49"."by"
                    ) AS "t50"
                  ) AS "t51"
                ) AS "t52"
                WHERE
                  "t52"."target_kind" = 'commit'
              ) AS "t58"
              INNER JOIN (
                SELECT
                  "t36".*
                  EXCLUDE ("subject_id")
                FROM (
                  SELECT
                    "t29"."repo",
                    "t29"."sha",
                    "t29"."landed_at",
                    "t29"."subject_id",
                    "t29"."merge",
                    SUBSTRING(
                      "t29"."sha",
                      CASE WHEN (
                        0 + 1
                      ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t29"."sha") END,
                      7
                    ) AS "digits"
                  FROM "t25" AS "t29"
                ) AS "t36"
              ) AS "t41"
                ON "t58"."repo" = "t41"."repo" AND "t58"."digits" = "t41"."digits"
            ) AS "t61"
            WHERE
              SUBSTRING(
                "t61"."sha",
                CASE WHEN (
                  0 + 1
                ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t61"."sha") END,
                LENGTH("t61"."target")
              ) = "t61"."target"
              AND "t61"."landed_at" <= "t61"."reverted_at"
              AND "t61"."sha" <> "t61"."by"
          ) AS "t64"
        ) AS "t66"
        WHERE
          "t66"."fitting" = 1
      ) AS "t68"
      UNION
      SELECT
        *
      FROM (
        SELECT
          "t59"."repo",
          "t59"."by",
          "t59"."by_landing",
          "t59"."reverted_at",
          "t59"."sha",
          "t59"."merge",
          'pull' AS "how",
          1 AS "trust"
        FROM (
          SELECT
            "t56"."repo",
            "t56"."target_kind",
            "t56"."target",
            "t56"."by",
            "t56"."by_landing",
            "t56"."reverted_at",
            "t17"."sha",
            "t32"."landed_at",
            "t32"."subject_id",
            "t32"."merge"
          FROM (
            SELECT
              *
            FROM (
              SELECT
                "t51".*
                EXCLUDE ("by_merge")
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    *
                  FROM "t40" AS "t42"
                  WHERE
                    NOT (
                      "t42"."by_merge"
                    )
                ) AS "t46"
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    "t48"."repo",
                    "t48"."target_kind",
                    "t48"."target",
                    "t48"."by",
                    "t48"."by_landing",
                    "t48"."reverted_at",
                    "t48"."by_merge"
                  FROM (
                    SELECT
                      *
                    FROM "t40" AS "t42"
                    WHERE
                      "t42"."by_merge"
                  ) AS "t48"
                  ANTI JOIN (
                    SELECT
                      "t42"."repo",
                      "t42"."by_landing" AS "by"
                    FROM "t40" AS "t42"
                    WHERE
                      NOT (
                        "t42"."by_merge"
                      )
                  ) AS "t49"
                    ON "t48"."repo" = "t49"."repo" AND "t48"."by" = "t49"."by"
                ) AS "t50"
              ) AS "t51"
            ) AS "t52"
            WHERE
              "t52"."target_kind" = 'pull'
          ) AS "t56"
          INNER JOIN (
            SELECT
              "t3"."repo",
              "t3"."sha",
              "t3"."target"
            FROM "links" AS "t3"
            WHERE
              "t3"."relation" = 'pull'
          ) AS "t17"
            ON "t56"."repo" = "t17"."repo" AND "t56"."target" = "t17"."target"
          INNER JOIN "t25" AS "t32"
            ON "t56"."repo" = "t32"."repo" AND "t17"."sha" = "t32"."sha"
        ) AS "t59"
        WHERE
          "t59"."landed_at" <= "t59"."reverted_at" AND "t59"."sha" <> "t59"."by"
      ) AS "t62"
    ) AS "t69"
  ) AS "t70"
), "t81" AS (
  SELECT
    *
  FROM (
    SELECT
      "t75"."repo",
      "t75"."sha",
      "t75"."by",
      "t35"."landed_by",
      "t75"."by_landing",
      "t35"."landed_at",
      "t75"."reverted_at",
      "t75"."how"
    FROM (
      SELECT
        *
      FROM "t71" AS "t72"
      WHERE
        "t72"."trust" = "t72"."best" AND NOT (
          "t72"."merge"
        )
    ) AS "t75"
    INNER JOIN (
      SELECT
        "t23"."repo",
        "t23"."sha",
        "t23"."landed_by",
        "t23"."landed_at"
      FROM (
        SELECT
          "t14"."repo",
          "t14"."sha",
          "t14"."landed_by",
          "t14"."landed_at",
          "t20"."subject_id",
          "t20"."merge"
        FROM (
          SELECT
            "t2"."repo",
            "t2"."sha",
            "t2"."landed_by",
            "t2"."landed_at"
          FROM "landings" AS "t2"
          WHERE
            "t2"."line" = 'default'
        ) AS "t14"
        INNER JOIN (
          SELECT
            "t4"."repo",
            "t4"."sha",
            "t4"."subject_id",
            ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
          FROM "commits" AS "t4"
        ) AS "t20"
          ON "t14"."repo" = "t20"."repo" AND "t14"."sha" = "t20"."sha"
      ) AS "t23"
      WHERE
        NOT (
          "t23"."merge"
        )
    ) AS "t35"
      ON "t75"."repo" = "t35"."repo" AND "t75"."sha" = "t35"."sha"
  ) AS "t79"
  UNION
  SELECT
    *
  FROM (
    SELECT
      "t78"."repo",
      "t35"."sha",
      "t78"."by",
      "t78"."landed_by",
      "t78"."by_landing",
      "t35"."landed_at",
      "t78"."reverted_at",
      "t78"."how"
    FROM (
      SELECT
        "t76"."repo",
        "t76"."by",
        "t76"."by_landing",
        "t76"."reverted_at",
        "t76"."sha" AS "landed_by",
        "t76"."how",
        "t76"."trust",
        "t76"."best"
      FROM (
        SELECT
          "t74".*
          EXCLUDE ("merge")
        FROM (
          SELECT
            *
          FROM "t71" AS "t72"
          WHERE
            "t72"."trust" = "t72"."best" AND "t72"."merge"
        ) AS "t74"
      ) AS "t76"
    ) AS "t78"
    INNER JOIN (
      SELECT
        "t23"."repo",
        "t23"."sha",
        "t23"."landed_by",
        "t23"."landed_at"
      FROM (
        SELECT
          "t14"."repo",
          "t14"."sha",
          "t14"."landed_by",
          "t14"."landed_at",
          "t20"."subject_id",
          "t20"."merge"
        FROM (
          SELECT
            "t2"."repo",
            "t2"."sha",
            "t2"."landed_by",
            "t2"."landed_at"
          FROM "landings" AS "t2"
          WHERE
            "t2"."line" = 'default'
        ) AS "t14"
        INNER JOIN (
          SELECT
            "t4"."repo",
            "t4"."sha",
            "t4"."subject_id",
            ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
          FROM "commits" AS "t4"
        ) AS "t20"
          ON "t14"."repo" = "t20"."repo" AND "t14"."sha" = "t20"."sha"
      ) AS "t23"
      WHERE
        NOT (
          "t23"."merge"
        )
    ) AS "t35"
      ON "t78"."repo" = "t35"."repo" AND "t78"."landed_by" = "t35"."landed_by"
  ) AS "t80"
), "t92" AS (
  SELECT
    *
  FROM (
    SELECT
      "t82"."repo",
      "t82"."sha",
      "t82"."by",
      "t82"."landed_by",
      "t82"."landed_at",
      "t82"."reverted_at",
      "t82"."how"
    FROM "t81" AS "t82"
    WHERE
      "t82"."landed_by" <> "t82"."by_landing"
      AND "t82"."landed_at" <= "t82"."reverted_at"
  ) AS "t83"
  UNION
  SELECT
    *
  FROM (
    SELECT
      "t90"."repo",
      "t90"."revert" AS "sha",
      "t90"."by",
      "t90"."revert" AS "landed_by",
      "t90"."reverted_at" AS "landed_at",
      "t90"."again_at" AS "reverted_at",
      'reapply' AS "how"
    FROM (
      SELECT
        "t89"."repo",
        "t89"."revert",
        "t89"."reverted_at",
        "t89"."by",
        "t27"."again_at"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t85"."repo",
            "t85"."revert",
            "t85"."reverted_at",
            "t15"."by"
          FROM (
            SELECT
              "t82"."repo",
              "t82"."reverted_at",
              "t82"."by" AS "revert",
              "t82"."sha" AS "before"
            FROM "t81" AS "t82"
            WHERE
              "t82"."landed_by" <> "t82"."by_landing"
              AND "t82"."landed_at" <= "t82"."reverted_at"
          ) AS "t85"
          INNER JOIN (
            SELECT
              "t14"."repo",
              "t20"."subject_id",
              "t14"."sha" AS "before"
            FROM (
              SELECT
                "t2"."repo",
                "t2"."sha",
                "t2"."landed_by",
                "t2"."landed_at"
              FROM "landings" AS "t2"
              WHERE
                "t2"."line" = 'default'
            ) AS "t14"
            INNER JOIN (
              SELECT
                "t4"."repo",
                "t4"."sha",
                "t4"."subject_id",
                ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
              FROM "commits" AS "t4"
            ) AS "t20"
              ON "t14"."repo" = "t20"."repo" AND "t14"."sha" = "t20"."sha"
          ) AS "t28"
            ON "t85"."repo" = "t28"."repo" AND "t85"."before" = "t28"."before"
          INNER JOIN (
            SELECT
              "t3"."repo",
              "t3"."sha" AS "by",
              "t3"."target" AS "subject_id"
            FROM "links" AS "t3"
            WHERE
              "t3"."relation" = 'reapplies'
          ) AS "t15"
            ON "t85"."repo" = "t15"."repo" AND "t28"."subject_id" = "t15"."subject_id"
        ) AS "t86"
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            "t85"."repo",
            "t85"."revert",
            "t85"."reverted_at",
            "t16"."by"
          FROM (
            SELECT
              "t82"."repo",
              "t82"."reverted_at",
              "t82"."by" AS "revert",
              "t82"."sha" AS "before"
            FROM "t81" AS "t82"
            WHERE
              "t82"."landed_by" <> "t82"."by_landing"
              AND "t82"."landed_at" <= "t82"."reverted_at"
          ) AS "t85"
          INNER JOIN (
            SELECT
              "t3"."repo",
              "t3"."sha" AS "by",
              "t3"."target" AS "before"
            FROM "links" AS "t3"
            WHERE
              "t3"."relation" = 'returns'
          ) AS "t16"
            ON "t85"."repo" = "t16"."repo" AND "t85"."before" = "t16"."before"
        ) AS "t87"
      ) AS "t89"
      INNER JOIN (
        SELECT
          "t14"."repo",
          "t14"."sha" AS "by",
          "t14"."landed_at" AS "again_at"
        FROM (
          SELECT
            "t2"."repo",
            "t2"."sha",
            "t2"."landed_by",
            "t2"."landed_at"
          FROM "landings" AS "t2"
          WHERE
            "t2"."line" = 'default'
        ) AS "t14"
        INNER JOIN (
          SELECT
            "t4"."repo",
            "t4"."sha",
            "t4"."subject_id",
            ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
          FROM "commits" AS "t4"
        ) AS "t20"
          ON "t14"."repo" = "t20"."repo" AND "t14"."sha" = "t20"."sha"
      ) AS "t27"
        ON "t89"."repo" = "t27"."repo" AND "t89"."by" = "t27"."by"
    ) AS "t90"
    WHERE
      "t90"."reverted_at" <= "t90"."again_at" AND "t90"."revert" <> "t90"."by"
  ) AS "t91"
)
SELECT
  "t113"."scope",
  "t113"."week",
  COUNT(*) AS "changes",
  SUM(CAST(COALESCE("t113"."reverted_at" < "t113"."of_age_at", FALSE) AS BIGINT)) AS "reverted"
FROM (
  SELECT
    "t45"."repo",
    "t45"."sha",
    "t45"."actor",
    "t45"."kind",
    "t45"."landed_at",
    "t45"."landed_by",
    "t45"."authored_at",
    "t45"."applied_by",
    "t45"."applied_by_kind",
    "t45"."made_at",
    "t45"."tool",
    "t45"."files",
    "t45"."mass",
    "t45"."scope",
    "t45"."of_age_at",
    "t45"."week",
    "t112"."repo" AS "repo_right",
    "t112"."sha" AS "sha_right",
    "t112"."reverted_at"
  FROM (
    SELECT
      "t33"."repo",
      "t33"."sha",
      "t33"."actor",
      "t33"."kind",
      "t33"."landed_at",
      "t33"."landed_by",
      "t33"."authored_at",
      "t33"."applied_by",
      "t33"."applied_by_kind",
      "t33"."made_at",
      "t33"."tool",
      "t33"."files",
      "t33"."mass",
      "t33"."scope",
      "t33"."of_age_at",
      CAST(FLOOR((
        EPOCH(CAST("t33"."of_age_at" AS TIMESTAMP)) - 1774828800
      ) / (
        604800
      )) AS BIGINT) AS "week"
    FROM (
      SELECT
        "t31".*
        EXCLUDE ("observed_until")
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t13"."repo",
            "t13"."sha",
            "t13"."actor",
            "t13"."kind",
            "t13"."landed_at",
            "t13"."landed_by",
            "t13"."authored_at",
            "t13"."applied_by",
            "t13"."applied_by_kind",
            "t13"."made_at",
            "t13"."tool",
            "t13"."files",
            "t13"."mass",
            "t13"."scope",
            "t13"."of_age_at",
            "t7"."observed_until"
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
              "t0"."landed_at" + INTERVAL '2592000' SECOND AS "of_age_at"
            FROM "scoped_work" AS "t0"
            WHERE
              "t0"."kind" = 'human' AND NOT (
                "t0"."mass"
              )
          ) AS "t13"
          INNER JOIN (
            SELECT
              "t1"."repo",
              "t1"."observed_until"
            FROM "repositories" AS "t1"
          ) AS "t7"
            ON "t13"."repo" = "t7"."repo"
        ) AS "t21"
        WHERE
          "t21"."of_age_at" <= "t21"."observed_until"
      ) AS "t31"
    ) AS "t33"
    WHERE
      "t33"."of_age_at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
      AND "t33"."of_age_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
  ) AS "t45"
  LEFT OUTER JOIN (
    SELECT
      "t110"."repo",
      "t110"."sha",
      "t110"."reverted_at"
    FROM (
      SELECT
        "t109".*
        EXCLUDE ("landed_by")
      FROM (
        SELECT
          "t108"."repo",
          "t108"."sha",
          "t108"."by",
          "t108"."landed_by",
          "t108"."landed_at",
          "t108"."reverted_at",
          "t108"."how"
        FROM (
          SELECT
            "t107"."repo",
            "t107"."sha",
            "t107"."by",
            "t107"."landed_by",
            "t107"."landed_at",
            "t107"."reverted_at",
            "t107"."how",
            ROW_NUMBER() OVER (
              PARTITION BY "t107"."repo", "t107"."sha"
              ORDER BY "t107"."reverted_at" ASC, "t107"."by" ASC, "t107"."how" ASC
              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
            ) - 1 AS "place"
          FROM (
            SELECT
              "t94"."repo",
              "t94"."sha",
              "t94"."by",
              "t94"."landed_by",
              "t94"."landed_at",
              "t94"."reverted_at",
              "t94"."how"
            FROM "t92" AS "t94"
            ANTI JOIN (
              SELECT
                *
              FROM (
                SELECT
                  "t94"."repo",
                  "t94"."sha" AS "by"
                FROM "t92" AS "t94"
                ANTI JOIN (
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t94"."repo",
                      "t94"."sha" AS "by"
                    FROM "t92" AS "t94"
                    ANTI JOIN (
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t93"."repo",
                          "t93"."sha" AS "by"
                        FROM "t92" AS "t93"
                      ) AS "t95"
                      UNION ALL
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t93"."repo",
                          "t93"."landed_by" AS "by"
                        FROM "t92" AS "t93"
                      ) AS "t96"
                    ) AS "t98"
                      ON "t94"."repo" = "t98"."repo" AND "t94"."by" = "t98"."by"
                  ) AS "t99"
                  UNION ALL
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t94"."repo",
                      "t94"."landed_by" AS "by"
                    FROM "t92" AS "t94"
                    ANTI JOIN (
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t93"."repo",
                          "t93"."sha" AS "by"
                        FROM "t92" AS "t93"
                      ) AS "t95"
                      UNION ALL
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t93"."repo",
                          "t93"."landed_by" AS "by"
                        FROM "t92" AS "t93"
                      ) AS "t96"
                    ) AS "t98"
                      ON "t94"."repo" = "t98"."repo" AND "t94"."by" = "t98"."by"
                  ) AS "t100"
                ) AS "t102"
                  ON "t94"."repo" = "t102"."repo" AND "t94"."by" = "t102"."by"
              ) AS "t103"
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  "t94"."repo",
                  "t94"."landed_by" AS "by"
                FROM "t92" AS "t94"
                ANTI JOIN (
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t94"."repo",
                      "t94"."sha" AS "by"
                    FROM "t92" AS "t94"
                    ANTI JOIN (
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t93"."repo",
                          "t93"."sha" AS "by"
                        FROM "t92" AS "t93"
                      ) AS "t95"
                      UNION ALL
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t93"."repo",
                          "t93"."landed_by" AS "by"
                        FROM "t92" AS "t93"
                      ) AS "t96"
                    ) AS "t98"
                      ON "t94"."repo" = "t98"."repo" AND "t94"."by" = "t98"."by"
                  ) AS "t99"
                  UNION ALL
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t94"."repo",
                      "t94"."landed_by" AS "by"
                    FROM "t92" AS "t94"
                    ANTI JOIN (
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t93"."repo",
                          "t93"."sha" AS "by"
                        FROM "t92" AS "t93"
                      ) AS "t95"
                      UNION ALL
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t93"."repo",
                          "t93"."landed_by" AS "by"
                        FROM "t92" AS "t93"
                      ) AS "t96"
                    ) AS "t98"
                      ON "t94"."repo" = "t98"."repo" AND "t94"."by" = "t98"."by"
                  ) AS "t100"
                ) AS "t102"
                  ON "t94"."repo" = "t102"."repo" AND "t94"."by" = "t102"."by"
              ) AS "t104"
            ) AS "t106"
              ON "t94"."repo" = "t106"."repo" AND "t94"."by" = "t106"."by"
          ) AS "t107"
        ) AS "t108"
        WHERE
          "t108"."place" = 0
      ) AS "t109"
    ) AS "t110"
  ) AS "t112"
    ON "t45"."repo" = "t112"."repo" AND "t45"."sha" = "t112"."sha"
) AS "t113"
GROUP BY
  1,
  2
