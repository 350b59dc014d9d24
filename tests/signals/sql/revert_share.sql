WITH "t23" AS (
  SELECT
    "t16"."repo",
    "t16"."sha",
    "t16"."landed_at",
    "t18"."subject_id",
    "t18"."merge"
  FROM (
    SELECT
      "t3"."repo",
      "t3"."sha",
      "t3"."landed_by",
      "t3"."landed_at"
    FROM "landings" AS "t3"
    WHERE
      "t3"."line" = 'default'
  ) AS "t16"
  INNER JOIN (
    SELECT
      "t4"."repo",
      "t4"."sha",
      "t4"."subject_id",
      ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
    FROM "commits" AS "t4"
  ) AS "t18"
    ON "t16"."repo" = "t18"."repo" AND "t16"."sha" = "t18"."sha"
), "t39" AS (
  SELECT
    "t15"."repo",
    "t15"."target_kind",
    "t15"."target",
    "t15"."by",
    "t28"."by_landing",
    "t28"."reverted_at",
    "t28"."by_merge"
  FROM (
    SELECT
      "t2"."repo",
      "t2"."target_kind",
      "t2"."target",
      "t2"."sha" AS "by"
    FROM "links" AS "t2"
    WHERE
      "t2"."relation" = 'reverts'
  ) AS "t15"
  INNER JOIN (
    SELECT
      "t16"."repo",
      "t16"."sha" AS "by",
      "t16"."landed_by" AS "by_landing",
      "t16"."landed_at" AS "reverted_at",
      "t18"."merge" AS "by_merge"
    FROM (
      SELECT
        "t3"."repo",
        "t3"."sha",
        "t3"."landed_by",
        "t3"."landed_at"
      FROM "landings" AS "t3"
      WHERE
        "t3"."line" = 'default'
    ) AS "t16"
    INNER JOIN (
      SELECT
        "t4"."repo",
        "t4"."sha",
        "t4"."subject_id",
        ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
      FROM "commits" AS "t4"
    ) AS "t18"
      ON "t16"."repo" = "t18"."repo" AND "t16"."sha" = "t18"."sha"
  ) AS "t28"
    ON "t15"."repo" = "t28"."repo" AND "t15"."by" = "t28"."by"
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
              "t38"."sha",
              "t38"."landed_at",
              "t38"."merge"
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
                    FROM "t39" AS "t42"
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
                      FROM "t39" AS "t42"
                      WHERE
                        "t42"."by_merge"
                    ) AS "t48"
                    ANTI JOIN (
                      SELECT
                        "t42"."repo",
                        "t42"."by_landing" AS "by"
                      FROM "t39" AS "t42"
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
                "t27"."repo",
                "t27"."sha",
                "t27"."landed_at",
                "t27"."subject_id" AS "target",
                "t27"."merge"
              FROM "t23" AS "t27"
              WHERE
                NOT (
                  "t27"."merge"
                )
            ) AS "t38"
              ON "t57"."repo" = "t38"."repo" AND "t57"."target" = "t38"."target"
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
                      FROM "t39" AS "t42"
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
                        FROM "t39" AS "t42"
                        WHERE
                          "t42"."by_merge"
                      ) AS "t48"
                      ANTI JOIN (
                        SELECT
                          "t42"."repo",
                          "t42"."by_landing" AS "by"
                        FROM "t39" AS "t42"
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
                  "t34".*
                  EXCLUDE ("subject_id")
                FROM (
                  SELECT
                    "t27"."repo",
                    "t27"."sha",
                    "t27"."landed_at",
                    "t27"."subject_id",
                    "t27"."merge",
                    SUBSTRING(
                      "t27"."sha",
                      CASE WHEN (
                        0 + 1
                      ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t27"."sha") END,
                      7
                    ) AS "digits"
                  FROM "t23" AS "t27"
                ) AS "t34"
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
            "t14"."sha",
            "t30"."landed_at",
            "t30"."subject_id",
            "t30"."merge"
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
                  FROM "t39" AS "t42"
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
                    FROM "t39" AS "t42"
                    WHERE
                      "t42"."by_merge"
                  ) AS "t48"
                  ANTI JOIN (
                    SELECT
                      "t42"."repo",
                      "t42"."by_landing" AS "by"
                    FROM "t39" AS "t42"
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
              "t2"."repo",
              "t2"."sha",
              "t2"."target"
            FROM "links" AS "t2"
            WHERE
              "t2"."relation" = 'pull'
          ) AS "t14"
            ON "t56"."repo" = "t14"."repo" AND "t56"."target" = "t14"."target"
          INNER JOIN "t23" AS "t30"
            ON "t56"."repo" = "t30"."repo" AND "t14"."sha" = "t30"."sha"
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
      "t33"."landed_by",
      "t75"."by_landing",
      "t33"."landed_at",
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
        "t20"."repo",
        "t20"."sha",
        "t20"."landed_by",
        "t20"."landed_at"
      FROM (
        SELECT
          "t16"."repo",
          "t16"."sha",
          "t16"."landed_by",
          "t16"."landed_at",
          "t18"."subject_id",
          "t18"."merge"
        FROM (
          SELECT
            "t3"."repo",
            "t3"."sha",
            "t3"."landed_by",
            "t3"."landed_at"
          FROM "landings" AS "t3"
          WHERE
            "t3"."line" = 'default'
        ) AS "t16"
        INNER JOIN (
          SELECT
            "t4"."repo",
            "t4"."sha",
            "t4"."subject_id",
            ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
          FROM "commits" AS "t4"
        ) AS "t18"
          ON "t16"."repo" = "t18"."repo" AND "t16"."sha" = "t18"."sha"
      ) AS "t20"
      WHERE
        NOT (
          "t20"."merge"
        )
    ) AS "t33"
      ON "t75"."repo" = "t33"."repo" AND "t75"."sha" = "t33"."sha"
  ) AS "t79"
  UNION
  SELECT
    *
  FROM (
    SELECT
      "t78"."repo",
      "t33"."sha",
      "t78"."by",
      "t78"."landed_by",
      "t78"."by_landing",
      "t33"."landed_at",
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
        "t20"."repo",
        "t20"."sha",
        "t20"."landed_by",
        "t20"."landed_at"
      FROM (
        SELECT
          "t16"."repo",
          "t16"."sha",
          "t16"."landed_by",
          "t16"."landed_at",
          "t18"."subject_id",
          "t18"."merge"
        FROM (
          SELECT
            "t3"."repo",
            "t3"."sha",
            "t3"."landed_by",
            "t3"."landed_at"
          FROM "landings" AS "t3"
          WHERE
            "t3"."line" = 'default'
        ) AS "t16"
        INNER JOIN (
          SELECT
            "t4"."repo",
            "t4"."sha",
            "t4"."subject_id",
            ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
          FROM "commits" AS "t4"
        ) AS "t18"
          ON "t16"."repo" = "t18"."repo" AND "t16"."sha" = "t18"."sha"
      ) AS "t20"
      WHERE
        NOT (
          "t20"."merge"
        )
    ) AS "t33"
      ON "t78"."repo" = "t33"."repo" AND "t78"."landed_by" = "t33"."landed_by"
  ) AS "t80"
), "t91" AS (
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
      "t89"."repo",
      "t89"."revert" AS "sha",
      "t89"."by",
      "t89"."revert" AS "landed_by",
      "t89"."reverted_at" AS "landed_at",
      "t89"."again_at" AS "reverted_at",
      'reapply' AS "how"
    FROM (
      SELECT
        "t88"."repo",
        "t88"."reverted_at",
        "t88"."revert",
        "t88"."subject_id",
        "t40"."by",
        "t40"."again_at"
      FROM (
        SELECT
          "t86".*
          EXCLUDE ("sha")
        FROM (
          SELECT
            "t85"."repo",
            "t85"."sha",
            "t85"."reverted_at",
            "t85"."revert",
            "t25"."subject_id"
          FROM (
            SELECT
              "t82"."repo",
              "t82"."sha",
              "t82"."reverted_at",
              "t82"."by" AS "revert"
            FROM "t81" AS "t82"
            WHERE
              "t82"."landed_by" <> "t82"."by_landing"
              AND "t82"."landed_at" <= "t82"."reverted_at"
          ) AS "t85"
          INNER JOIN (
            SELECT
              "t16"."repo",
              "t16"."sha",
              "t18"."subject_id"
            FROM (
              SELECT
                "t3"."repo",
                "t3"."sha",
                "t3"."landed_by",
                "t3"."landed_at"
              FROM "landings" AS "t3"
              WHERE
                "t3"."line" = 'default'
            ) AS "t16"
            INNER JOIN (
              SELECT
                "t4"."repo",
                "t4"."sha",
                "t4"."subject_id",
                ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
              FROM "commits" AS "t4"
            ) AS "t18"
              ON "t16"."repo" = "t18"."repo" AND "t16"."sha" = "t18"."sha"
          ) AS "t25"
            ON "t85"."repo" = "t25"."repo" AND "t85"."sha" = "t25"."sha"
        ) AS "t86"
      ) AS "t88"
      INNER JOIN (
        SELECT
          "t13"."repo",
          "t13"."by",
          "t13"."subject_id",
          "t26"."again_at"
        FROM (
          SELECT
            "t2"."repo",
            "t2"."sha" AS "by",
            "t2"."target" AS "subject_id"
          FROM "links" AS "t2"
          WHERE
            "t2"."relation" = 'reapplies'
        ) AS "t13"
        INNER JOIN (
          SELECT
            "t16"."repo",
            "t16"."sha" AS "by",
            "t16"."landed_at" AS "again_at"
          FROM (
            SELECT
              "t3"."repo",
              "t3"."sha",
              "t3"."landed_by",
              "t3"."landed_at"
            FROM "landings" AS "t3"
            WHERE
              "t3"."line" = 'default'
          ) AS "t16"
          INNER JOIN (
            SELECT
              "t4"."repo",
              "t4"."sha",
              "t4"."subject_id",
              ARRAY_LENGTH("t4"."parents") > 1 AS "merge"
            FROM "commits" AS "t4"
          ) AS "t18"
            ON "t16"."repo" = "t18"."repo" AND "t16"."sha" = "t18"."sha"
        ) AS "t26"
          ON "t13"."repo" = "t26"."repo" AND "t13"."by" = "t26"."by"
      ) AS "t40"
        ON "t88"."repo" = "t40"."repo" AND "t88"."subject_id" = "t40"."subject_id"
    ) AS "t89"
    WHERE
      "t89"."reverted_at" <= "t89"."again_at" AND "t89"."revert" <> "t89"."by"
  ) AS "t90"
)
SELECT
  "t112"."scope",
  "t112"."week",
  COUNT(*) AS "changes",
  SUM(CAST(COALESCE("t112"."reverted_at" < "t112"."of_age_at", FALSE) AS BIGINT)) AS "reverted"
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
    "t111"."repo" AS "repo_right",
    "t111"."sha" AS "sha_right",
    "t111"."reverted_at"
  FROM (
    SELECT
      "t31"."repo",
      "t31"."sha",
      "t31"."actor",
      "t31"."kind",
      "t31"."landed_at",
      "t31"."landed_by",
      "t31"."authored_at",
      "t31"."applied_by",
      "t31"."applied_by_kind",
      "t31"."made_at",
      "t31"."tool",
      "t31"."files",
      "t31"."mass",
      "t31"."scope",
      "t31"."of_age_at",
      CAST(FLOOR((
        EPOCH(CAST("t31"."of_age_at" AS TIMESTAMP)) - 1774828800
      ) / (
        604800
      )) AS BIGINT) AS "week"
    FROM (
      SELECT
        "t29".*
        EXCLUDE ("observed_until")
      FROM (
        SELECT
          *
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
            "t12"."of_age_at",
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
          ) AS "t12"
          INNER JOIN (
            SELECT
              "t1"."repo",
              "t1"."observed_until"
            FROM "repositories" AS "t1"
          ) AS "t7"
            ON "t12"."repo" = "t7"."repo"
        ) AS "t19"
        WHERE
          "t19"."of_age_at" <= "t19"."observed_until"
      ) AS "t29"
    ) AS "t31"
    WHERE
      "t31"."of_age_at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
      AND "t31"."of_age_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
  ) AS "t45"
  LEFT OUTER JOIN (
    SELECT
      "t109"."repo",
      "t109"."sha",
      "t109"."reverted_at"
    FROM (
      SELECT
        "t108".*
        EXCLUDE ("landed_by")
      FROM (
        SELECT
          "t107"."repo",
          "t107"."sha",
          "t107"."by",
          "t107"."landed_by",
          "t107"."landed_at",
          "t107"."reverted_at",
          "t107"."how"
        FROM (
          SELECT
            "t106"."repo",
            "t106"."sha",
            "t106"."by",
            "t106"."landed_by",
            "t106"."landed_at",
            "t106"."reverted_at",
            "t106"."how",
            ROW_NUMBER() OVER (
              PARTITION BY "t106"."repo", "t106"."sha"
              ORDER BY "t106"."reverted_at" ASC, "t106"."by" ASC, "t106"."how" ASC
              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
            ) - 1 AS "place"
          FROM (
            SELECT
              "t93"."repo",
              "t93"."sha",
              "t93"."by",
              "t93"."landed_by",
              "t93"."landed_at",
              "t93"."reverted_at",
              "t93"."how"
            FROM "t91" AS "t93"
            ANTI JOIN (
              SELECT
                *
              FROM (
                SELECT
                  "t93"."repo",
                  "t93"."sha" AS "by"
                FROM "t91" AS "t93"
                ANTI JOIN (
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t93"."repo",
                      "t93"."sha" AS "by"
                    FROM "t91" AS "t93"
                    ANTI JOIN (
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t92"."repo",
                          "t92"."sha" AS "by"
                        FROM "t91" AS "t92"
                      ) AS "t94"
                      UNION ALL
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t92"."repo",
                          "t92"."landed_by" AS "by"
                        FROM "t91" AS "t92"
                      ) AS "t95"
                    ) AS "t97"
                      ON "t93"."repo" = "t97"."repo" AND "t93"."by" = "t97"."by"
                  ) AS "t98"
                  UNION ALL
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t93"."repo",
                      "t93"."landed_by" AS "by"
                    FROM "t91" AS "t93"
                    ANTI JOIN (
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t92"."repo",
                          "t92"."sha" AS "by"
                        FROM "t91" AS "t92"
                      ) AS "t94"
                      UNION ALL
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t92"."repo",
                          "t92"."landed_by" AS "by"
                        FROM "t91" AS "t92"
                      ) AS "t95"
                    ) AS "t97"
                      ON "t93"."repo" = "t97"."repo" AND "t93"."by" = "t97"."by"
                  ) AS "t99"
                ) AS "t101"
                  ON "t93"."repo" = "t101"."repo" AND "t93"."by" = "t101"."by"
              ) AS "t102"
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  "t93"."repo",
                  "t93"."landed_by" AS "by"
                FROM "t91" AS "t93"
                ANTI JOIN (
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t93"."repo",
                      "t93"."sha" AS "by"
                    FROM "t91" AS "t93"
                    ANTI JOIN (
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t92"."repo",
                          "t92"."sha" AS "by"
                        FROM "t91" AS "t92"
                      ) AS "t94"
                      UNION ALL
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t92"."repo",
                          "t92"."landed_by" AS "by"
                        FROM "t91" AS "t92"
                      ) AS "t95"
                    ) AS "t97"
                      ON "t93"."repo" = "t97"."repo" AND "t93"."by" = "t97"."by"
                  ) AS "t98"
                  UNION ALL
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t93"."repo",
                      "t93"."landed_by" AS "by"
                    FROM "t91" AS "t93"
                    ANTI JOIN (
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t92"."repo",
                          "t92"."sha" AS "by"
                        FROM "t91" AS "t92"
                      ) AS "t94"
                      UNION ALL
                      SELECT
                        *
                      FROM (
                        SELECT
                          "t92"."repo",
                          "t92"."landed_by" AS "by"
                        FROM "t91" AS "t92"
                      ) AS "t95"
                    ) AS "t97"
                      ON "t93"."repo" = "t97"."repo" AND "t93"."by" = "t97"."by"
                  ) AS "t99"
                ) AS "t101"
                  ON "t93"."repo" = "t101"."repo" AND "t93"."by" = "t101"."by"
              ) AS "t103"
            ) AS "t105"
              ON "t93"."repo" = "t105"."repo" AND "t93"."by" = "t105"."by"
          ) AS "t106"
        ) AS "t107"
        WHERE
          "t107"."place" = 0
      ) AS "t108"
    ) AS "t109"
  ) AS "t111"
    ON "t45"."repo" = "t111"."repo" AND "t45"."sha" = "t111"."sha"
) AS "t112"
GROUP BY
  1,
  2
