"""Use of AI tools as their vendors count it: by day, by person where told, or single uses."""

import pyarrow as pa

from trueup.facts.schema import CODE, Column, Sensitivity, Table

_LINES = "lines"
_TOKENS = "tokens"

TABLE = Table(
    name="tool_usage",
    about=(
        "What a tool counts of its use, in one of its reports; happened_at is the day or moment of use. Reports "
        "tell the same use in several ways: rows of different reports, and totals and their parts, are never added."
    ),
    key=(
        "repo",
        "tool",
        "report",
        "day",
        "event",
        "actor",
        "account",
        "feature",
        "model",
        "language",
        "editor",
        "plan",
    ),
    columns=(
        Column("repo", CODE, "organisation or team of the tool; nothing where it is not told"),
        Column("tool", CODE, "the tool"),
        Column("report", CODE, "report or list of the tool, and by what it splits its totals"),
        Column("day", CODE, "day as the tool counts it, in UTC"),
        Column("event", pa.string(), "what tells single uses apart; nothing for days"),
        Column("actor", CODE, "identity that used it", sensitivity=Sensitivity.PSEUDONYM),
        Column(
            "account",
            CODE,
            "hash of the key or account that used it, where that is all there is",
            sensitivity=Sensitivity.PSEUDONYM,
        ),
        Column("feature", CODE, "feature or mode, in the tool's words; nothing for all"),
        Column("model", CODE, "model; nothing for all"),
        Column("language", CODE, "language of the code; nothing for all"),
        Column("editor", CODE, "editor or terminal; nothing for all"),
        Column("plan", CODE, "how it is paid for, in the tool's words; nothing for all"),
        Column("people", pa.int32(), "people who used it that day", unit="people"),
        Column("people_engaged", pa.int32(), "people who took something of it", unit="people"),
        Column("people_week", pa.int32(), "people who used it in the seven days", unit="people"),
        Column("people_month", pa.int32(), "people who used it in the month", unit="people"),
        Column("chat_people_month", pa.int32(), "of these, people who chatted", unit="people"),
        Column("agent_people_month", pa.int32(), "of these, people with agents", unit="people"),
        Column("sessions", pa.int64(), "sessions begun"),
        Column("prompts", pa.int64(), "messages or questions that people sent"),
        Column("requests", pa.float64(), "requests to a model, as the tool counts or bills them"),
        Column("suggested", pa.int64(), "suggestions, blocks or edits it offered"),
        Column("accepted", pa.int64(), "of these, accepted"),
        Column("rejected", pa.int64(), "of these, refused"),
        Column("lines_suggested", pa.int64(), "lines it offered to add", unit=_LINES),
        Column("deletions_suggested", pa.int64(), "lines it offered to delete", unit=_LINES),
        Column("lines_accepted", pa.int64(), "its lines that were added", unit=_LINES),
        Column("deletions_accepted", pa.int64(), "lines deleted by it", unit=_LINES),
        Column("commits", pa.int64(), "commits made by it"),
        Column("pulls", pa.int64(), "pull requests opened by anybody"),
        Column("pulls_by_tool", pa.int64(), "pull requests opened by it"),
        Column("pulls_reviewed", pa.int64(), "pull requests reviewed by anybody"),
        Column("pulls_reviewed_by_tool", pa.int64(), "pull requests reviewed by it"),
        Column("tokens_in", pa.int64(), "tokens sent, without those of the cache", unit=_TOKENS),
        Column("tokens_out", pa.int64(), "tokens given back", unit=_TOKENS),
        Column("tokens_cached", pa.int64(), "tokens written to the cache", unit=_TOKENS),
        Column("tokens_reused", pa.int64(), "tokens read from the cache", unit=_TOKENS),
        Column(
            "cost_cents", pa.float64(), "cost the tool tells or estimates", unit="0.01 currency"
        ),
        Column("currency", CODE, "currency of the cost"),
    ),
)
