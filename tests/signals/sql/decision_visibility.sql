SELECT
  "t11"."scope",
  "t11"."week",
  COUNT(*) AS "changes",
  COUNT("t11"."inputs") AS "known_inputs",
  COUNT("t11"."alternatives") AS "known_alternatives",
  COUNT("t11"."approver") AS "known_approver",
  COUNT("t11"."outcome") AS "known_outcome",
  COUNT("t11"."all") AS "known_all",
  COALESCE(SUM("t11"."inputs"), 0) AS "has_inputs",
  COALESCE(SUM("t11"."alternatives"), 0) AS "has_alternatives",
  COALESCE(SUM("t11"."approver"), 0) AS "has_approver",
  COALESCE(SUM("t11"."outcome"), 0) AS "has_outcome",
  COALESCE(SUM("t11"."all"), 0) AS "has_all"
FROM (
  SELECT
    "t10"."repo",
    "t10"."key",
    "t10"."actor",
    "t10"."at",
    "t10"."inputs",
    "t10"."alternatives",
    "t10"."approver",
    "t10"."outcome",
    "t10"."scope",
    CAST(FLOOR((
      EPOCH(CAST("t10"."at" AS TIMESTAMP)) - 1774828800
    ) / (
      604800
    )) AS BIGINT) AS "week",
    "t10"."inputs" * "t10"."alternatives" * "t10"."approver" * "t10"."outcome" AS "all"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t0"."repo",
        "t0"."key",
        "t0"."actor",
        "t0"."at",
        "t0"."inputs",
        "t0"."alternatives",
        "t0"."approver",
        "t0"."outcome",
        '' AS "scope"
      FROM "traces" AS "t0"
    ) AS "t4"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        "t2"."repo",
        "t2"."key",
        "t2"."actor",
        "t2"."at",
        "t2"."inputs",
        "t2"."alternatives",
        "t2"."approver",
        "t2"."outcome",
        "t8"."scope"
      FROM "traces" AS "t2"
      INNER JOIN (
        SELECT
          "t6"."repo",
          "t6"."key",
          MIN("t6"."scope") AS "scope"
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t2"."repo",
              "t2"."key",
              "t2"."actor",
              "t2"."at",
              "t2"."inputs",
              "t2"."alternatives",
              "t2"."approver",
              "t2"."outcome",
              "t3"."scope",
              "t3"."start",
              "t3"."end"
            FROM "traces" AS "t2"
            INNER JOIN "memberships" AS "t3"
              ON "t2"."actor" = "t3"."actor"
          ) AS "t5"
          WHERE
            "t5"."at" >= "t5"."start" AND "t5"."at" < "t5"."end"
        ) AS "t6"
        GROUP BY
          1,
          2
      ) AS "t8"
        ON "t2"."repo" = "t8"."repo" AND "t2"."key" = "t8"."key"
    ) AS "t9"
  ) AS "t10"
  WHERE
    "t10"."at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
    AND "t10"."at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
) AS "t11"
GROUP BY
  1,
  2
