SELECT
  "t13"."scope",
  "t13"."week",
  "t13"."part",
  "t13"."actor",
  SUM("t13"."met") AS "met",
  COUNT(*) AS "of"
FROM (
  SELECT
    *
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t0"."scope",
        CAST(FLOOR((
          EPOCH(CAST("t0"."at" AS TIMESTAMP)) - 1774828800
        ) / (
          604800
        )) AS BIGINT) AS "week",
        "t0"."actor",
        "t0"."met",
        'answered' AS "part"
      FROM "answered" AS "t0"
      WHERE
        "t0"."at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
        AND "t0"."at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
    ) AS "t5"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        "t1"."scope",
        CAST(FLOOR((
          EPOCH(CAST("t1"."at" AS TIMESTAMP)) - 1774828800
        ) / (
          604800
        )) AS BIGINT) AS "week",
        "t1"."actor",
        "t1"."met",
        'late' AS "part"
      FROM "late" AS "t1"
      WHERE
        "t1"."at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
        AND "t1"."at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
    ) AS "t6"
  ) AS "t10"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t2"."scope",
        CAST(FLOOR((
          EPOCH(CAST("t2"."at" AS TIMESTAMP)) - 1774828800
        ) / (
          604800
        )) AS BIGINT) AS "week",
        "t2"."actor",
        "t2"."met",
        'voices' AS "part"
      FROM "voices" AS "t2"
      WHERE
        "t2"."at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
        AND "t2"."at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
    ) AS "t7"
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t3"."scope",
          CAST(FLOOR((
            EPOCH(CAST("t3"."at" AS TIMESTAMP)) - 1774828800
          ) / (
            604800
          )) AS BIGINT) AS "week",
          "t3"."actor",
          "t3"."met",
          'occasions' AS "part"
        FROM "occasions" AS "t3"
        WHERE
          "t3"."at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
          AND "t3"."at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
      ) AS "t8"
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          "t4"."scope",
          CAST(FLOOR((
            EPOCH(CAST("t4"."at" AS TIMESTAMP)) - 1774828800
          ) / (
            604800
          )) AS BIGINT) AS "week",
          "t4"."actor",
          "t4"."met",
          'unsized' AS "part"
        FROM "unsized" AS "t4"
        WHERE
          "t4"."at" >= MAKE_TIMESTAMPTZ(2026, 3, 30, 0, 0, 0.0, 'UTC')
          AND "t4"."at" < MAKE_TIMESTAMPTZ(2026, 6, 29, 0, 0, 0.0, 'UTC')
      ) AS "t9"
    ) AS "t11"
  ) AS "t12"
) AS "t13"
GROUP BY
  1,
  2,
  3,
  4
