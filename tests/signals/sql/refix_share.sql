WITH "t41" AS (
  SELECT
    "t40"."repo",
    "t40"."sha",
    "t40"."subject_id",
    "t40"."landed_by",
    "t40"."landed_at",
    "t40"."ticket",
    "t40"."change",
    MIN("t40"."item") OVER (
      PARTITION BY "t40"."repo", "t40"."ticket", "t40"."landed_by"
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS "item"
  FROM (
    SELECT
      "t39"."repo",
      "t39"."sha",
      "t39"."subject_id",
      "t39"."landed_by",
      "t39"."landed_at",
      "t39"."ticket",
      "t39"."change",
      MIN("t39"."item") OVER (
        PARTITION BY "t39"."repo", "t39"."ticket", "t39"."change"
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) AS "item"
    FROM (
      SELECT
        "t37"."repo",
        "t37"."sha",
        "t37"."subject_id",
        "t37"."landed_by",
        "t37"."landed_at",
        "t37"."ticket",
        "t37"."change",
        MIN("t37"."item") OVER (
          PARTITION BY "t37"."repo", "t37"."ticket", "t37"."subject_id"
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS "item"
      FROM (
        SELECT
          "t35"."repo",
          "t35"."sha",
          "t35"."subject_id",
          "t35"."landed_by",
          "t35"."landed_at",
          "t35"."ticket",
          "t35"."change",
          "t35"."landed_by" AS "item"
        FROM (
          SELECT
            "t33"."repo",
            "t33"."sha",
            "t33"."subject_id",
            "t33"."landed_by",
            "t33"."landed_at",
            "t33"."ticket",
            COALESCE("t27"."change", "t33"."sha") AS "change"
          FROM (
            SELECT
              *
            FROM (
              SELECT
                "t25"."repo",
                "t25"."sha",
                "t25"."subject_id",
                "t22"."landed_by",
                "t22"."landed_at",
                "t19"."ticket"
              FROM (
                SELECT
                  "t3"."repo",
                  "t3"."sha",
                  "t3"."subject_id"
                FROM "commits" AS "t3"
                WHERE
                  ARRAY_LENGTH("t3"."parents") < 2
              ) AS "t25"
              INNER JOIN (
                SELECT
                  "t4"."repo",
                  "t4"."sha",
                  "t4"."landed_by",
                  "t4"."landed_at"
                FROM "landings" AS "t4"
                WHERE
                  "t4"."line" = 'default'
              ) AS "t22"
                ON "t25"."repo" = "t22"."repo" AND "t25"."sha" = "t22"."sha"
              INNER JOIN (
                SELECT
                  "t2"."repo",
                  "t2"."sha",
                  "t2"."target" AS "ticket"
                FROM "links" AS "t2"
                WHERE
                  "t2"."relation" = 'closes' AND "t2"."target_kind" = 'issue'
              ) AS "t19"
                ON "t25"."repo" = "t19"."repo" AND "t25"."sha" = "t19"."sha"
            ) AS "t30"
            UNION
            SELECT
              *
            FROM (
              SELECT
                "t25"."repo",
                "t25"."sha",
                "t25"."subject_id",
                "t22"."landed_by",
                "t22"."landed_at",
                "t20"."ticket"
              FROM (
                SELECT
                  "t3"."repo",
                  "t3"."sha",
                  "t3"."subject_id"
                FROM "commits" AS "t3"
                WHERE
                  ARRAY_LENGTH("t3"."parents") < 2
              ) AS "t25"
              INNER JOIN (
                SELECT
                  "t4"."repo",
                  "t4"."sha",
                  "t4"."landed_by",
                  "t4"."landed_at"
                FROM "landings" AS "t4"
                WHERE
                  "t4"."line" = 'default'
              ) AS "t22"
                ON "t25"."repo" = "t22"."repo" AND "t25"."sha" = "t22"."sha"
              INNER JOIN (
                SELECT
                  "t2"."repo",
                  "t2"."sha" AS "landed_by",
                  "t2"."target" AS "ticket"
                FROM "links" AS "t2"
                WHERE
                  "t2"."relation" = 'closes' AND "t2"."target_kind" = 'issue'
              ) AS "t20"
                ON "t25"."repo" = "t20"."repo" AND "t22"."landed_by" = "t20"."landed_by"
            ) AS "t29"
          ) AS "t33"
          LEFT OUTER JOIN (
            SELECT
              "t11"."repo",
              "t11"."sha",
              MIN("t11"."target") AS "change"
            FROM (
              SELECT
                *
              FROM "links" AS "t2"
              WHERE
                "t2"."relation" = 'change'
            ) AS "t11"
            GROUP BY
              1,
              2
          ) AS "t27"
            ON "t33"."repo" = "t27"."repo" AND "t33"."sha" = "t27"."sha"
        ) AS "t35"
      ) AS "t37"
    ) AS "t39"
  ) AS "t40"
), "t43" AS (
  SELECT
    "t42"."repo",
    "t42"."sha",
    "t42"."ticket",
    "t42"."item"
  FROM "t41" AS "t42"
), "t45" AS (
  SELECT
    "t42"."repo",
    "t42"."sha",
    "t42"."ticket",
    "t42"."landed_by",
    "t42"."landed_at",
    "t42"."item"
  FROM "t41" AS "t42"
), "t52" AS (
  SELECT
    "t48"."repo",
    "t48"."ticket",
    "t48"."item",
    MIN("t48"."landed_at") AS "at"
  FROM "t45" AS "t48"
  GROUP BY
    1,
    2,
    3
), "t59" AS (
  SELECT
    "t54"."repo",
    "t54"."ticket",
    "t54"."item",
    "t54"."at",
    "t58"."landed_at",
    "t58"."refixed_at"
  FROM "t52" AS "t54"
  INNER JOIN (
    SELECT
      "t56".*
      EXCLUDE ("n")
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t53"."repo",
          "t53"."ticket",
          COUNT(*) AS "n",
          MIN("t53"."at") AS "landed_at",
          MAX("t53"."at") AS "refixed_at"
        FROM "t52" AS "t53"
        GROUP BY
          1,
          2
      ) AS "t55"
      WHERE
        "t55"."n" = 2
        AND (
          EPOCH(CAST("t55"."refixed_at" AS TIMESTAMP)) - EPOCH(CAST("t55"."landed_at" AS TIMESTAMP))
        ) >= 86400
        AND (
          EPOCH(CAST("t55"."refixed_at" AS TIMESTAMP)) - EPOCH(CAST("t55"."landed_at" AS TIMESTAMP))
        ) <= 7776000
    ) AS "t56"
  ) AS "t58"
    ON "t54"."repo" = "t58"."repo" AND "t54"."ticket" = "t58"."ticket"
), "t69" AS (
  SELECT DISTINCT
    *
  FROM (
    SELECT
      "t51"."repo",
      "t51"."ticket",
      "t51"."item",
      "t23"."path",
      "t24"."role"
    FROM "t45" AS "t51"
    SEMI JOIN (
      SELECT
        "t65"."repo",
        "t65"."ticket",
        "t65"."first",
        "t65"."landed_at",
        "t65"."refixed_at",
        "t64"."second"
      FROM (
        SELECT
          "t61".*
          EXCLUDE ("at")
        FROM (
          SELECT
            "t60"."repo",
            "t60"."ticket",
            "t60"."item" AS "first",
            "t60"."at",
            "t60"."landed_at",
            "t60"."refixed_at"
          FROM "t59" AS "t60"
          WHERE
            "t60"."at" = "t60"."landed_at"
        ) AS "t61"
      ) AS "t65"
      INNER JOIN (
        SELECT
          "t60"."repo",
          "t60"."ticket",
          "t60"."item" AS "second"
        FROM "t59" AS "t60"
        WHERE
          "t60"."at" = "t60"."refixed_at"
      ) AS "t64"
        ON "t65"."repo" = "t64"."repo" AND "t65"."ticket" = "t64"."ticket"
    ) AS "t67"
      ON "t51"."repo" = "t67"."repo" AND "t51"."ticket" = "t67"."ticket"
    INNER JOIN (
      SELECT
        "t5"."repo",
        "t5"."sha",
        "t5"."path"
      FROM "changes" AS "t5"
      WHERE
        "t5"."kind" = 'file'
    ) AS "t23"
      ON "t51"."repo" = "t23"."repo" AND "t51"."sha" = "t23"."sha"
    INNER JOIN (
      SELECT
        "t6"."repo",
        "t6"."path",
        "t6"."role"
      FROM "path_info" AS "t6"
      WHERE
        "t6"."role" IN ('code', 'data', 'test')
    ) AS "t24"
      ON "t51"."repo" = "t24"."repo" AND "t23"."path" = "t24"."path"
  ) AS "t68"
)
SELECT
  "t95"."scope",
  "t95"."week",
  COUNT(*) AS "fixes",
  SUM("t95"."again") AS "fixed_again"
FROM (
  SELECT
    "t94"."scope",
    "t94"."repo",
    "t94"."ticket",
    "t94"."item",
    MIN("t94"."week") AS "week",
    MAX(COALESCE("t94"."again", 0)) AS "again"
  FROM (
    SELECT
      "t38"."scope",
      "t38"."week",
      "t38"."repo",
      "t38"."sha",
      "t49"."ticket",
      "t49"."item",
      "t93"."repo" AS "repo_right",
      "t93"."sha" AS "sha_right",
      "t93"."ticket" AS "ticket_right",
      "t93"."again"
    FROM (
      SELECT
        "t34"."scope",
        CAST(FLOOR((
          EPOCH(CAST("t34"."of_age_at" AS TIMESTAMP)) - 1774828800
        ) / (
          604800
        )) AS BIGINT) AS "week",
        "t34"."repo",
        "t34"."sha"
      FROM (
        SELECT
          "t32".*
          EXCLUDE ("observed_until")
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t17"."repo",
              "t17"."sha",
              "t17"."actor",
              "t17"."kind",
              "t17"."landed_at",
              "t17"."landed_by",
              "t17"."authored_at",
              "t17"."applied_by",
              "t17"."applied_by_kind",
              "t17"."made_at",
              "t17"."tool",
              "t17"."files",
              "t17"."mass",
              "t17"."scope",
              "t17"."of_age_at",
              "t9"."observed_until"
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
                "t0"."landed_at" + INTERVAL '7776000' SECOND AS "of_age_at"
              FROM "scoped_work" AS "t0"
              WHERE
                "t0"."kind" = 'human' AND NOT (
                  "t0"."mass"
                )
            ) AS "t17"
            INNER JOIN (
              SELECT
                "t1"."repo",
                "t1"."observed_until"
              FROM "repositories" AS "t1"
            ) AS "t9"
              ON "t17"."repo" = "t9"."repo"
          ) AS "t28"
          WHERE
            "t28"."of_age_at" <= "t28"."observed_until"
        ) AS "t32"
      ) AS "t34"
      WHERE
        "t34"."of_age_at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
        AND "t34"."of_age_at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
    ) AS "t38"
    INNER JOIN "t43" AS "t49"
      ON "t38"."repo" = "t49"."repo" AND "t38"."sha" = "t49"."sha"
    LEFT OUTER JOIN (
      SELECT
        "t91"."repo",
        "t91"."sha",
        "t91"."ticket",
        1 AS "again"
      FROM (
        SELECT DISTINCT
          *
        FROM (
          SELECT
            "t50"."repo",
            "t50"."sha",
            "t50"."ticket"
          FROM "t43" AS "t50"
          INNER JOIN (
            SELECT
              "t82"."repo",
              "t82"."ticket",
              "t82"."first" AS "item",
              "t82"."landed_at",
              "t82"."refixed_at",
              "t82"."second"
            FROM (
              SELECT
                "t65"."repo",
                "t65"."ticket",
                "t65"."first",
                "t65"."landed_at",
                "t65"."refixed_at",
                "t64"."second"
              FROM (
                SELECT
                  "t61".*
                  EXCLUDE ("at")
                FROM (
                  SELECT
                    "t60"."repo",
                    "t60"."ticket",
                    "t60"."item" AS "first",
                    "t60"."at",
                    "t60"."landed_at",
                    "t60"."refixed_at"
                  FROM "t59" AS "t60"
                  WHERE
                    "t60"."at" = "t60"."landed_at"
                ) AS "t61"
              ) AS "t65"
              INNER JOIN (
                SELECT
                  "t60"."repo",
                  "t60"."ticket",
                  "t60"."item" AS "second"
                FROM "t59" AS "t60"
                WHERE
                  "t60"."at" = "t60"."refixed_at"
              ) AS "t64"
                ON "t65"."repo" = "t64"."repo" AND "t65"."ticket" = "t64"."ticket"
              SEMI JOIN (
                SELECT
                  "t73"."repo",
                  "t73"."ticket",
                  "t73"."path"
                FROM (
                  SELECT
                    "t70"."repo",
                    "t70"."ticket",
                    "t70"."item" AS "first",
                    "t70"."path",
                    "t70"."role"
                  FROM "t69" AS "t70"
                ) AS "t73"
                SEMI JOIN (
                  SELECT
                    "t65"."repo",
                    "t65"."ticket",
                    "t65"."first",
                    "t65"."landed_at",
                    "t65"."refixed_at",
                    "t64"."second"
                  FROM (
                    SELECT
                      "t61".*
                      EXCLUDE ("at")
                    FROM (
                      SELECT
                        "t60"."repo",
                        "t60"."ticket",
                        "t60"."item" AS "first",
                        "t60"."at",
                        "t60"."landed_at",
                        "t60"."refixed_at"
                      FROM "t59" AS "t60"
                      WHERE
                        "t60"."at" = "t60"."landed_at"
                    ) AS "t61"
                  ) AS "t65"
                  INNER JOIN (
                    SELECT
                      "t60"."repo",
                      "t60"."ticket",
                      "t60"."item" AS "second"
                    FROM "t59" AS "t60"
                    WHERE
                      "t60"."at" = "t60"."refixed_at"
                  ) AS "t64"
                    ON "t65"."repo" = "t64"."repo" AND "t65"."ticket" = "t64"."ticket"
                ) AS "t67"
                  ON "t73"."repo" = "t67"."repo"
                  AND "t73"."ticket" = "t67"."ticket"
                  AND "t73"."first" = "t67"."first"
                INNER JOIN (
                  SELECT
                    "t74"."repo",
                    "t74"."ticket",
                    "t74"."path"
                  FROM (
                    SELECT
                      "t70"."repo",
                      "t70"."ticket",
                      "t70"."item" AS "second",
                      "t70"."path",
                      "t70"."role"
                    FROM "t69" AS "t70"
                  ) AS "t74"
                  SEMI JOIN (
                    SELECT
                      "t65"."repo",
                      "t65"."ticket",
                      "t65"."first",
                      "t65"."landed_at",
                      "t65"."refixed_at",
                      "t64"."second"
                    FROM (
                      SELECT
                        "t61".*
                        EXCLUDE ("at")
                      FROM (
                        SELECT
                          "t60"."repo",
                          "t60"."ticket",
                          "t60"."item" AS "first",
                          "t60"."at",
                          "t60"."landed_at",
                          "t60"."refixed_at"
                        FROM "t59" AS "t60"
                        WHERE
                          "t60"."at" = "t60"."landed_at"
                      ) AS "t61"
                    ) AS "t65"
                    INNER JOIN (
                      SELECT
                        "t60"."repo",
                        "t60"."ticket",
                        "t60"."item" AS "second"
                      FROM "t59" AS "t60"
                      WHERE
                        "t60"."at" = "t60"."refixed_at"
                    ) AS "t64"
                      ON "t65"."repo" = "t64"."repo" AND "t65"."ticket" = "t64"."ticket"
                  ) AS "t67"
                    ON "t74"."repo" = "t67"."repo"
                    AND "t74"."ticket" = "t67"."ticket"
                    AND "t74"."second" = "t67"."second"
                ) AS "t77"
                  ON "t73"."repo" = "t77"."repo"
                  AND "t73"."ticket" = "t77"."ticket"
                  AND "t73"."path" = "t77"."path"
              ) AS "t81"
                ON "t65"."repo" = "t81"."repo" AND "t65"."ticket" = "t81"."ticket"
              SEMI JOIN (
                SELECT
                  *
                FROM (
                  SELECT
                    "t74"."repo",
                    "t74"."ticket",
                    "t74"."second",
                    "t74"."path",
                    "t74"."role"
                  FROM (
                    SELECT
                      "t70"."repo",
                      "t70"."ticket",
                      "t70"."item" AS "second",
                      "t70"."path",
                      "t70"."role"
                    FROM "t69" AS "t70"
                  ) AS "t74"
                  SEMI JOIN (
                    SELECT
                      "t65"."repo",
                      "t65"."ticket",
                      "t65"."first",
                      "t65"."landed_at",
                      "t65"."refixed_at",
                      "t64"."second"
                    FROM (
                      SELECT
                        "t61".*
                        EXCLUDE ("at")
                      FROM (
                        SELECT
                          "t60"."repo",
                          "t60"."ticket",
                          "t60"."item" AS "first",
                          "t60"."at",
                          "t60"."landed_at",
                          "t60"."refixed_at"
                        FROM "t59" AS "t60"
                        WHERE
                          "t60"."at" = "t60"."landed_at"
                      ) AS "t61"
                    ) AS "t65"
                    INNER JOIN (
                      SELECT
                        "t60"."repo",
                        "t60"."ticket",
                        "t60"."item" AS "second"
                      FROM "t59" AS "t60"
                      WHERE
                        "t60"."at" = "t60"."refixed_at"
                    ) AS "t64"
                      ON "t65"."repo" = "t64"."repo" AND "t65"."ticket" = "t64"."ticket"
                  ) AS "t67"
                    ON "t74"."repo" = "t67"."repo"
                    AND "t74"."ticket" = "t67"."ticket"
                    AND "t74"."second" = "t67"."second"
                ) AS "t75"
                WHERE
                  "t75"."role" <> 'test'
              ) AS "t79"
                ON "t65"."repo" = "t79"."repo" AND "t65"."ticket" = "t79"."ticket"
            ) AS "t82"
          ) AS "t86"
            ON "t50"."repo" = "t86"."repo"
            AND "t50"."ticket" = "t86"."ticket"
            AND "t50"."item" = "t86"."item"
          INNER JOIN (
            SELECT
              "t87"."repo",
              "t87"."ticket",
              MIN("t87"."by") AS "by"
            FROM (
              SELECT
                "t47"."repo",
                "t47"."ticket",
                "t47"."item",
                "t47"."by"
              FROM (
                SELECT
                  "t42"."repo",
                  "t42"."ticket",
                  "t42"."item",
                  "t42"."sha" AS "by"
                FROM "t41" AS "t42"
              ) AS "t47"
              INNER JOIN (
                SELECT
                  "t65"."repo",
                  "t65"."ticket",
                  "t64"."second" AS "item"
                FROM (
                  SELECT
                    "t61".*
                    EXCLUDE ("at")
                  FROM (
                    SELECT
                      "t60"."repo",
                      "t60"."ticket",
                      "t60"."item" AS "first",
                      "t60"."at",
                      "t60"."landed_at",
                      "t60"."refixed_at"
                    FROM "t59" AS "t60"
                    WHERE
                      "t60"."at" = "t60"."landed_at"
                  ) AS "t61"
                ) AS "t65"
                INNER JOIN (
                  SELECT
                    "t60"."repo",
                    "t60"."ticket",
                    "t60"."item" AS "second"
                  FROM "t59" AS "t60"
                  WHERE
                    "t60"."at" = "t60"."refixed_at"
                ) AS "t64"
                  ON "t65"."repo" = "t64"."repo" AND "t65"."ticket" = "t64"."ticket"
                SEMI JOIN (
                  SELECT
                    "t73"."repo",
                    "t73"."ticket",
                    "t73"."path"
                  FROM (
                    SELECT
                      "t70"."repo",
                      "t70"."ticket",
                      "t70"."item" AS "first",
                      "t70"."path",
                      "t70"."role"
                    FROM "t69" AS "t70"
                  ) AS "t73"
                  SEMI JOIN (
                    SELECT
                      "t65"."repo",
                      "t65"."ticket",
                      "t65"."first",
                      "t65"."landed_at",
                      "t65"."refixed_at",
                      "t64"."second"
                    FROM (
                      SELECT
                        "t61".*
                        EXCLUDE ("at")
                      FROM (
                        SELECT
                          "t60"."repo",
                          "t60"."ticket",
                          "t60"."item" AS "first",
                          "t60"."at",
                          "t60"."landed_at",
                          "t60"."refixed_at"
                        FROM "t59" AS "t60"
                        WHERE
                          "t60"."at" = "t60"."landed_at"
                      ) AS "t61"
                    ) AS "t65"
                    INNER JOIN (
                      SELECT
                        "t60"."repo",
                        "t60"."ticket",
                        "t60"."item" AS "second"
                      FROM "t59" AS "t60"
                      WHERE
                        "t60"."at" = "t60"."refixed_at"
                    ) AS "t64"
                      ON "t65"."repo" = "t64"."repo" AND "t65"."ticket" = "t64"."ticket"
                  ) AS "t67"
                    ON "t73"."repo" = "t67"."repo"
                    AND "t73"."ticket" = "t67"."ticket"
                    AND "t73"."first" = "t67"."first"
                  INNER JOIN (
                    SELECT
                      "t74"."repo",
                      "t74"."ticket",
                      "t74"."path"
                    FROM (
                      SELECT
                        "t70"."repo",
                        "t70"."ticket",
                        "t70"."item" AS "second",
                        "t70"."path",
                        "t70"."role"
                      FROM "t69" AS "t70"
                    ) AS "t74"
                    SEMI JOIN (
                      SELECT
                        "t65"."repo",
                        "t65"."ticket",
                        "t65"."first",
                        "t65"."landed_at",
                        "t65"."refixed_at",
                        "t64"."second"
                      FROM (
                        SELECT
                          "t61".*
                          EXCLUDE ("at")
                        FROM (
                          SELECT
                            "t60"."repo",
                            "t60"."ticket",
                            "t60"."item" AS "first",
                            "t60"."at",
                            "t60"."landed_at",
                            "t60"."refixed_at"
                          FROM "t59" AS "t60"
                          WHERE
                            "t60"."at" = "t60"."landed_at"
                        ) AS "t61"
                      ) AS "t65"
                      INNER JOIN (
                        SELECT
                          "t60"."repo",
                          "t60"."ticket",
                          "t60"."item" AS "second"
                        FROM "t59" AS "t60"
                        WHERE
                          "t60"."at" = "t60"."refixed_at"
                      ) AS "t64"
                        ON "t65"."repo" = "t64"."repo" AND "t65"."ticket" = "t64"."ticket"
                    ) AS "t67"
                      ON "t74"."repo" = "t67"."repo"
                      AND "t74"."ticket" = "t67"."ticket"
                      AND "t74"."second" = "t67"."second"
                  ) AS "t77"
                    ON "t73"."repo" = "t77"."repo"
                    AND "t73"."ticket" = "t77"."ticket"
                    AND "t73"."path" = "t77"."path"
                ) AS "t81"
                  ON "t65"."repo" = "t81"."repo" AND "t65"."ticket" = "t81"."ticket"
                SEMI JOIN (
                  SELECT
                    *
                  FROM (
                    SELECT
                      "t74"."repo",
                      "t74"."ticket",
                      "t74"."second",
                      "t74"."path",
                      "t74"."role"
                    FROM (
                      SELECT
                        "t70"."repo",
                        "t70"."ticket",
                        "t70"."item" AS "second",
                        "t70"."path",
                        "t70"."role"
                      FROM "t69" AS "t70"
                    ) AS "t74"
                    SEMI JOIN (
                      SELECT
                        "t65"."repo",
                        "t65"."ticket",
                        "t65"."first",
                        "t65"."landed_at",
                        "t65"."refixed_at",
                        "t64"."second"
                      FROM (
                        SELECT
                          "t61".*
                          EXCLUDE ("at")
                        FROM (
                          SELECT
                            "t60"."repo",
                            "t60"."ticket",
                            "t60"."item" AS "first",
                            "t60"."at",
                            "t60"."landed_at",
                            "t60"."refixed_at"
                          FROM "t59" AS "t60"
                          WHERE
                            "t60"."at" = "t60"."landed_at"
                        ) AS "t61"
                      ) AS "t65"
                      INNER JOIN (
                        SELECT
                          "t60"."repo",
                          "t60"."ticket",
                          "t60"."item" AS "second"
                        FROM "t59" AS "t60"
                        WHERE
                          "t60"."at" = "t60"."refixed_at"
                      ) AS "t64"
                        ON "t65"."repo" = "t64"."repo" AND "t65"."ticket" = "t64"."ticket"
                    ) AS "t67"
                      ON "t74"."repo" = "t67"."repo"
                      AND "t74"."ticket" = "t67"."ticket"
                      AND "t74"."second" = "t67"."second"
                  ) AS "t75"
                  WHERE
                    "t75"."role" <> 'test'
                ) AS "t79"
                  ON "t65"."repo" = "t79"."repo" AND "t65"."ticket" = "t79"."ticket"
              ) AS "t84"
                ON "t47"."repo" = "t84"."repo"
                AND "t47"."ticket" = "t84"."ticket"
                AND "t47"."item" = "t84"."item"
            ) AS "t87"
            GROUP BY
              1,
              2
          ) AS "t89"
            ON "t50"."repo" = "t89"."repo" AND "t50"."ticket" = "t89"."ticket"
          ANTI JOIN (
            SELECT
              "t2"."repo",
              "t2"."target" AS "sha",
              "t2"."sha" AS "by"
            FROM "links" AS "t2"
            WHERE
              "t2"."relation" = 'cherry_pick_of'
          ) AS "t18"
            ON "t50"."repo" = "t18"."repo"
            AND "t50"."sha" = "t18"."sha"
            AND "t89"."by" = "t18"."by"
        ) AS "t90"
      ) AS "t91"
    ) AS "t93"
      ON "t38"."repo" = "t93"."repo"
      AND "t38"."sha" = "t93"."sha"
      AND "t49"."ticket" = "t93"."ticket"
  ) AS "t94"
  GROUP BY
    1,
    2,
    3,
    4
) AS "t95"
GROUP BY
  1,
  2
