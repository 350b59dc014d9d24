"""What records of AI tools become, where they are not as usual: absent is not zero, and nobody is named."""

from __future__ import annotations

import pytest
from tests.sources.reading import KEY, filled, told

from trueup.facts.pseudonyms import identity
from trueup.facts.rows import OddRecordError, Rows, UnplacedError
from trueup.facts.schema import TABLES
from trueup.sources import claude_code, copilot, cursor, windsurf

KEYS = {"repo", "tool", "report", "day"}


class TestCopilot:
    def usage(self, kind, record, **more):
        more = more or {"about": {"place": "acme"}}
        return told(copilot.SOURCE, kind, record, **more)[0]["tool_usage"]

    def test_what_is_not_told_is_not_zero(self):
        (row,) = self.usage("metrics", {"day": "2025-10-01", "daily_active_users": 0})
        assert filled(row) == KEYS | {"people"}
        assert row["people"] == 0

    @pytest.mark.parametrize(
        ("more", "place"),
        [
            ({"about": {"place": "acme"}, "asked": ""}, "acme"),
            (
                {"about": {"place": "acme"}, "asked": "/orgs/acme/team/core/copilot/metrics"},
                "acme/core",
            ),
            ({"asked": "https://api.github.com/orgs/acme/copilot/metrics/reports?day=x"}, "acme"),
            ({"asked": "https://api.github.com/enterprises/big/copilot/metrics"}, "big"),
            ({"asked": ""}, "7"),
        ],
    )
    def test_whose_use_it_is(self, more, place):
        record = {"day": "2025-10-01", "daily_active_users": 1, "organization_id": "7"}
        assert self.usage("metrics", record, **more)[0]["repo"] == place

    def test_days_of_a_report_belong_to_what_the_report_is_of(self):
        record = {
            "enterprise_id": "3",
            "day_totals": [{"day": "2025-10-01"}, {"day": "2025-10-02"}],
        }
        rows = self.usage("metrics_28_days", record, asked="")
        assert [(r["repo"], r["day"]) for r in rows] == [("3", "2025-10-01"), ("3", "2025-10-02")]

    def test_people_stand_under_a_pseudonym(self):
        record = {
            "day": "2025-10-01",
            "user_login": "Ada-Quill",
            "code_generation_activity_count": 1,
        }
        (row,) = self.usage("user_metrics", record)
        address = "ada-quill@users.noreply.github.com"
        assert row["actor"] == identity(KEY, "Ada-Quill", address)
        assert "Quill" not in repr(row)

    def test_days_of_two_teams_do_not_take_each_others_place(self):
        """An old report tells neither organisation nor team: only the request does."""
        record = {"date": "2024-06-24", "total_active_users": 3, "total_engaged_users": 3}
        places = set()
        for of in ("acme", "acme/team/core", "acme/team/web"):
            asked = f"https://api.github.com/orgs/{of}/copilot/metrics"
            (row,) = self.usage("old_metrics", record, asked=asked)
            places.add(row["repo"])
        assert places == {"acme", "acme/core", "acme/web"}

    def test_use_of_nobody_knows_whom_is_asked_for(self):
        record = {"date": "2024-06-24", "total_active_users": 3, "total_engaged_users": 3}
        with pytest.raises(UnplacedError):
            self.usage("old_metrics", record, asked="")

    @pytest.mark.parametrize("gone", [{"assignee": None}, {"assignee": {"id": 1}}, {}])
    def test_a_seat_of_nobody_is_told(self, gone):
        with pytest.raises(OddRecordError, match="whose seat"):
            told(copilot.SOURCE, "seats", {"created_at": "2025-01-01T00:00:00Z", **gone})

    def test_a_day_without_a_day(self):
        with pytest.raises(OddRecordError, match="which day"):
            self.usage("metrics", {"daily_active_users": 1})

    def test_a_count_that_is_none(self):
        with pytest.raises(OddRecordError, match="daily_active_users"):
            self.usage("metrics", {"day": "2025-10-01", "daily_active_users": 1.5})


class TestClaudeCode:
    CORE = {"date": "2025-08-08T00:00:00Z", "organization_id": "o-1", "core_metrics": {}}

    def test_a_sync_and_a_file_tell_of_one_organisation(self):
        """A sync knows what people call it, a file only its id: both must give the same rows."""
        record = self.CORE | {"actor": {"email_address": "a@example.org"}}
        for about in ({"place": "acme"}, {}):
            (row,) = told(claude_code.SOURCE, "usage_report", record, about)[0]["tool_usage"]
            assert row["repo"] == "o-1"
        with pytest.raises(UnplacedError):
            told(claude_code.SOURCE, "users", {"email": "a@example.org", "role": "user"})

    def test_a_key_is_no_person(self):
        record = self.CORE | {"actor": {"type": "api_actor", "api_key_name": "Ada's laptop"}}
        found, rows = told(claude_code.SOURCE, "usage_report", record)
        (row,) = found["tool_usage"]
        assert row["actor"] is None
        assert len(row["account"]) == 16
        assert rows.people("here").num_rows == 0
        assert "Ada" not in repr(found)

    def test_keys_of_one_day_are_told_apart(self):
        accounts = set()
        for name in ("TEAM-1 nightly", "TEAM-2 nightly", "ci (#1)", "CI (#2)"):
            record = self.CORE | {"actor": {"api_key_name": name}}
            (row,) = told(claude_code.SOURCE, "usage_report", record)[0]["tool_usage"]
            accounts.add(row["account"])
        assert len(accounts) == 4

    def test_the_name_of_a_key_cannot_be_guessed_without_ours(self):
        """Names of keys follow a pattern that holds a person: a plain hash of them is soon found."""
        record, sealed = self.CORE | {"actor": {"api_key_name": "claude_code_key_ada.quill"}}, set()
        for key in (KEY, b"another key of ours"):
            rows = Rows(key)
            rows.begin("x:1", "0" * 64)
            claude_code.SOURCE.kind("usage_report").to_facts(record, rows)
            ((_, found),) = rows.tables()
            sealed.add(found["account"][0].as_py())
        assert len(sealed) == 2

    @pytest.mark.parametrize("actor", [{}, {"type": "user_actor"}, {"email_address": ""}])
    def test_use_by_nobody(self, actor):
        with pytest.raises(OddRecordError, match="who used it"):
            told(claude_code.SOURCE, "usage_report", self.CORE | {"actor": actor})

    def test_a_cost_without_a_currency_keeps_its_amount(self):
        models = [{"model": "m", "estimated_cost": {"amount": 12.5}}]
        record = self.CORE | {
            "actor": {"email_address": "a@example.org"},
            "model_breakdown": models,
        }
        rows = told(claude_code.SOURCE, "usage_report", record)[0]["tool_usage"]
        (row,) = (r for r in rows if r["report"] == "days by model")
        assert (row["cost_cents"], row["currency"], row["tokens_in"]) == (12.5, None, None)


class TestCursor:
    def test_no_message_or_branch_is_kept(self):
        record = {"commitHash": "a" * 40, "message": "secret plan", "branchName": "ada/secret"}
        found, _ = told(cursor.SOURCE, "ai_commit_metrics", record)
        (row,) = found["ai_lines"]
        assert filled(row) == {"repo", "tool", "sha"}
        assert "secret" not in repr(found)

    def test_requests_that_are_not_told_have_no_row(self):
        record = {"date": 1710720000000, "email": "a@example.org", "chatRequests": 0}
        rows = told(cursor.SOURCE, "daily_usage", record)[0]["tool_usage"]
        told_ = {(r["report"], r["feature"]): r["requests"] for r in rows}
        assert told_ == {
            ("days", None): None, ("days by feature", "completion"): None, ("days by feature", "chat"): 0.0,
        }  # fmt: skip

    def test_what_was_charged_is_more_than_what_the_model_cost(self):
        record = {
            "timestamp": "1750979225854", "userEmail": "a@example.org", "tokenUsage": {"totalCents": 20.0}, "chargedCents": 21.5,
        }  # fmt: skip
        (row,) = told(cursor.SOURCE, "usage_events", record)[0]["tool_usage"]
        assert (row["cost_cents"], row["currency"]) == (21.5, "USD")
        del record["chargedCents"], record["tokenUsage"]
        (row,) = told(cursor.SOURCE, "usage_events", record)[0]["tool_usage"]
        assert (row["cost_cents"], row["currency"]) == (None, None)

    EVENT = {"timestamp": "1767261600000", "model": "m", "userEmail": "a@example.org"}

    def test_what_is_not_charged_costs_nothing(self):
        record = self.EVENT | {"isChargeable": False, "tokenUsage": {"totalCents": 30.0}}
        (row,) = told(cursor.SOURCE, "usage_events", record)[0]["tool_usage"]
        assert (row["cost_cents"], row["currency"]) == (0.0, "USD")

    def test_one_use_is_one_however_its_plan_is_worded(self):
        keys = set()
        for of in ({"kind": "USAGE_EVENT_KIND_USAGE_BASED"}, {"kindLabel": "Usage-based"}):
            (row,) = told(cursor.SOURCE, "usage_events", self.EVENT | of)[0]["tool_usage"]
            keys.add(tuple(row[name] for name in TABLES["tool_usage"].key))
        assert len(keys) == 1

    @pytest.mark.parametrize(
        ("more", "enabled"),
        [({}, None), ({"isRemoved": True}, False), ({"isRemoved": False}, True), ({"active": True}, True)],
    )  # fmt: skip
    def test_who_may_use_it(self, more, enabled):
        record = {"name": "Ada", "email": "a@example.org", "role": "member", **more}
        (row,) = told(cursor.SOURCE, "members", record)[0]["tool_seats"]
        assert row["enabled"] is enabled

    def test_the_key_goes_where_a_name_would(self):
        assert cursor._headers("key_1")["Authorization"] == "Basic a2V5XzE6"
        assert "Authorization" not in cursor._headers("")


class TestWindsurf:
    def rows(self, *items):
        record = {"responseItems": [{"item": item} for item in items]}
        found, rows = told(windsurf.SOURCE, "custom_analytics", record)
        return found.get("tool_usage", []), rows.unknown_values

    def test_a_sum_of_no_day_is_not_kept(self):
        assert self.rows({"percent_code_written": "0.68"}) == ([], {})

    def test_a_field_nobody_knows_is_counted(self):
        found, unknown = self.rows({"date": "2024-01-15", "sum_num_widgets": "3"})
        assert found == []
        assert unknown == {("custom_analytics.item", "num_widgets"): 1}

    def test_one_answer_about_two_parts_of_the_tool(self):
        found, _ = self.rows({"date": "2024-01-15", "num_acceptances": "4", "chat_loc_used": "9"})
        told_ = {(r["feature"], r["accepted"], r["lines_accepted"]) for r in found}
        assert told_ == {("completion", 4, None), ("chat", None, 9)}

    @pytest.mark.parametrize("finer", ["hour", "version", "provider_source", "timestamp"])
    def test_sums_of_parts_of_a_day_are_added_up(self, finer):
        """User data are told by user and hour; a day is all of it, not the last hour."""
        parts = [{"date": "2024-01-15", finer: n, "sum_num_acceptances": n} for n in ("5", "7")]
        found, _ = self.rows(*parts)
        assert [r["accepted"] for r in found] == [12]

    def test_sums_that_may_be_split_by_an_unknown_field_are_refused(self):
        with pytest.raises(OddRecordError, match="split by a field"):
            self.rows({"date": "2024-01-15", "department": "a", "sum_num_acceptances": "5"})

    def test_an_unknown_language_does_not_take_the_place_of_all(self):
        found, _ = self.rows(
            {"date": "2024-01-15", "language": "", "num_acceptances": "2"},
            {"date": "2024-01-15", "language": "PYTHON", "num_acceptances": "5"},
        )
        assert {(r["report"], r["language"], r["accepted"]) for r in found} == {
            ("completion days language", "", 2), ("completion days language", "PYTHON", 5),
        }  # fmt: skip

    def test_lines_of_commands_are_offered_until_they_are_accepted(self):
        """Command data include declined ones."""
        (row,), _ = self.rows({"date": "2024-01-15", "sum_lines_added": "95"})
        assert (row["lines_suggested"], row["lines_accepted"]) == (95, None)
        (row,), _ = self.rows(
            {"date": "2024-01-15", "accepted": "true", "sum_lines_added": "5", "sum_lines_removed": "1"},
            {"date": "2024-01-15", "accepted": "false", "sum_lines_added": "90", "sum_lines_removed": "2"},
        )  # fmt: skip
        assert (row["lines_suggested"], row["lines_accepted"]) == (95, 5)
        assert (row["deletions_suggested"], row["deletions_accepted"]) == (3, 1)
        with pytest.raises(OddRecordError, match="accepted"):
            self.rows({"date": "2024-01-15", "accepted": "maybe", "sum_lines_added": "5"})

    def test_answers_are_no_questions(self):
        (row,), _ = self.rows({"date": "2024-01-15", "sum_num_chats_received": "9"})
        assert (row["prompts"], row["requests"]) == (None, 9.0)

    def test_keys_are_hashed_alike_in_accounts_and_use(self):
        record = {"email": "a@example.org", "apiKey": "k-1", "activeDays": 1}
        (seat,) = told(windsurf.SOURCE, "user_page_analytics", record)[0]["tool_seats"]
        (use,), _ = self.rows({"date": "2024-01-15", "api_key": "k-1", "num_acceptances": "1"})
        assert seat["account"] == use["account"] != "k-1"

    def test_an_account_that_was_never_used(self):
        record = {"email": "a@example.org", "activeDays": 0}
        (row,) = told(windsurf.SOURCE, "user_page_analytics", record)[0]["tool_seats"]
        assert filled(row) == {"repo", "tool", "actor", "active_days"}


@pytest.mark.parametrize("source", [copilot, claude_code, cursor, windsurf], ids=lambda m: m.TOOL)
def test_no_question_or_answer_is_ever_kept(source):
    """Whatever stands in a field nobody reads does not reach a row."""
    for kind in source.SOURCE.kinds:
        assert not kind.known & {"prompt", "prompts", "completion", "content", "messages", "text"}
    writes = {*source.SOURCE.writes}
    assert writes <= {"tool_usage", "tool_seats", "ai_lines", "people"}
