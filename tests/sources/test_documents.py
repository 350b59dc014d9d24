"""Mail, chats and decisions from files: what is read, what never is, and what breaks nothing."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.reading import read
from tests.sources.reports import Reading

from trueup.facts.rows import UNREADABLE, Rows
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.intake import take_exports
from trueup.runs.kinds import SOURCES
from trueup.sources import mbox

FLOW = Path(__file__).parents[1] / "flow"
NOW = datetime(2026, 2, 1, tzinfo=UTC)
SECRET = "zanzibar marmalade"
EXAMPLES = int(os.environ.get("TRUEUP_FUZZ", "200"))


@pytest.fixture
def reading(tmp_path):
    return Reading(tmp_path, NOW)


def mail(headers: str, body: str = "Hello") -> str:
    return f"From a@example.org Fri Mar  1 10:00:00 2024\n{headers}\n\n{body}\n\n"


HEADERS = "From: A <a@example.org>\nMessage-ID: <1@example.org>\nList-Id: <dev.example.org>\nDate: Fri, 1 Mar 2024 10:00:00 +0000"


def messages(body: bytes) -> list[dict[str, object]]:
    (kind,) = SOURCES["mbox"].kinds
    return list(kind.form.records(io.BytesIO(body)))


class TestMail:
    def test_packed_archives_of_mailman(self, reading):
        packed = gzip.compress((mail(HEADERS) + mail(HEADERS.replace("<1@", "<2@"))).encode())
        (taken,) = reading.take("2024-March.txt.gz", packed)
        assert (taken.source, taken.records) == ("mbox", {"mail_messages": 2})
        assert {row[0] for row in reading.rows("messages", "channel")} == {"dev.example.org"}

    @pytest.mark.parametrize(
        "line", ["From here on", "From a to b, 10:00 is fine", ">From x 10:00:00 2024"]
    )
    def test_lines_that_look_like_an_envelope_begin_nothing(self, line):
        assert len(messages(mail(HEADERS, f"one\n\n{line}\nthree").encode())) == 1

    PATCH = "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: Bo <bo@example.org>\nSubject: [PATCH] x\n\n---\n"

    @pytest.mark.parametrize(
        "within",
        [
            PATCH,
            "From here on 10:30 it ran until 2024 ended\nand then stopped\n",
            "From here on 10:30 it ran until 2024 ended\n",
        ],
    )
    def test_a_message_is_whole_whatever_its_text_looks_like(self, within):
        """A list sends patches within messages, and few programs mark their first lines."""
        one, two = messages((mail(HEADERS, f"see\n\n{within}") + mail(HEADERS)).encode())
        assert within.strip().splitlines()[-1] in one["text"]
        assert two["text"].strip() == "Hello"

    def test_a_file_of_nothing_but_patches_is_cut_at_each(self):
        found = messages((self.PATCH + "\n" + self.PATCH + "\n").encode())
        assert [one["subject"] for one in found] == ["[PATCH] x"] * 2

    def test_other_texts_are_left(self, reading):
        assert reading.take("2024-March.txt", "From us to you\n\nwith love") == []

    def test_a_message_of_any_size_takes_little(self):
        lines = [
            mail(HEADERS).encode(),
            b"x" * 900_000 + b"\n",
            *[b"y" * 70 + b"\n"] * 60_000,
            b"\n",
        ]
        one, two = messages(b"".join([*lines, mail(HEADERS).encode()]))
        assert (one["text"], one["files"], two["text"].strip()) == (None, None, "Hello")

    @pytest.mark.parametrize(
        ("headers", "expected"),
        [
            ("From: =?utf-8?q?B=C3=B3?= <b@example.org>", ("Bó", "b@example.org")),
            ("From: =?nonsense?q?B?= <b@example.org>", ("=?nonsense?q?B?=", "b@example.org")),
            ("From: =?utf-8?q?Quill=2C_Ada_=3Cx=40y=3E?= <b@example.org>", ("Quill, Ada <x@y>", "b@example.org")),
            ("From: =?é?q?B?= <b@example.org>", ("=?\ufffd\ufffd?q?B?=", "b@example.org")),
            ("From: nobody", ("", "")),
            ("From: ada at example.org (Ada Quill)", ("Ada Quill", "ada@example.org")),
            ('From: "Ada via Dev" <dev@x.org>\nList-Post: <mailto:dev@x.org>', ("Ada", "")),
            ("From: Ada via Dev <dev@x.org>\nX-Original-From: Ada <a@y.org>", ("Ada", "a@y.org")),
        ],
    )  # fmt: skip
    def test_who_wrote_it(self, headers, expected):
        (record,) = messages(mail(f"Message-ID: <1@x>\nList-Id: <d.x.org>\n{headers}").encode())
        rows = Rows(b"a key for tests")
        rows.begin("x", "0" * 64, "", {"place": "acme/app"})
        mbox.message(record, rows)
        people = rows.people("here").to_pylist()
        found = (people[0]["name"], people[0]["address"]) if people else ("", "")
        assert found == expected

    @pytest.mark.parametrize(
        "odd", ["(" * 30_000, "a," * 15_000, "=?utf-8?q?a?= " * 2_000, "<" * 30_000]
    )
    def test_headers_that_are_made_to_break_readers(self, reading, odd):
        told = HEADERS.replace("From: A <a@example.org>", f"From: {odd}").replace(
            "Fri, 1", f"{odd} 1"
        )
        reading.take("dev.mbox", mail(told))
        assert reading.rows("messages", "channel") == [("dev.example.org",)]

    def test_odd_dates_and_missing_ids_are_told(self, reading):
        reading.take("dev.mbox", mail("From: a@example.org\nDate: 31 Feb 1871"))
        assert reading.rows("messages", "happened_at", "channel") == [(None, "dev")]
        assert set(reading.remarks) == {
            "messages without an id, told apart by what they hold",
            "moments that cannot be",
        }


class TestChats:
    def test_what_is_private_is_never_read(self, tmp_path):
        for name in ("slack", "mattermost"):
            store = Store(tmp_path / name)
            (taken,) = take_exports(
                FLOW / name / "raw", store, b"a key for tests", fixed_clock(NOW), lambda *_: None
            )
            assert {
                row["channel"] for row in store.snapshot().table(TABLES["messages"]).to_pylist()
            } <= {
                "C0GEN0001",
                "acme/town-square",
            }
            assert any("never read" in what for what in taken.remarks)
            assert not taken.unread

    def test_an_export_as_it_comes_in_a_zip(self, tmp_path):
        raw = FLOW / "slack" / "raw"
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
            for path in raw.rglob("*.json"):
                archive.write(path, f"{path.relative_to(raw)}")
        store = Store(tmp_path / "w")
        take_exports(
            tmp_path / "export.zip", store, b"a key for tests", fixed_clock(NOW), lambda *_: None
        )
        assert store.snapshot().table(TABLES["messages"]).num_rows == 6

    def slack(self, folder: Path, name: str, *messages: object) -> Path:
        """An export with one channel."""
        told = {"id": "C0GEN0001", "name": name, "creator": "U0ADA0001", "topic": {}, "purpose": {}}
        for path, body in (("channels.json", [told]), (f"{name}/2024-03-01.json", [*messages])):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(orjson.dumps(body))
        return folder

    def test_a_channel_with_another_name_is_the_same(self, tmp_path):
        store = Store(tmp_path / "w")
        said = {
            "type": "message",
            "ts": "1709280000.000100",
            "user": "U0ADA0001",
            "text": "Shipped?",
        }
        gone = {"type": "message", "subtype": "tombstone", "ts": said["ts"], "text": "deleted"}
        counts = []
        for name, message in (("general", said), ("allhands", said), ("company", gone)):
            export = self.slack(tmp_path / name, name, message)
            take_exports(export, store, b"a key for tests", fixed_clock(NOW), lambda *_: None)
            counts.append(store.snapshot().table(TABLES["messages"]).num_rows)
        assert counts == [1, 1, 0]

    @pytest.mark.parametrize(
        ("more", "size", "link"),
        [
            (
                {
                    "attachments": [
                        {
                            "fallback": "x",
                            "text": "Merged <https://forge.example/acme/app/pull/7|it>",
                        }
                    ]
                },
                44,
                "7",
            ),
            (
                {
                    "blocks": [
                        {"type": "section", "text": {"type": "mrkdwn", "text": "Ready for APP-7?"}}
                    ]
                },
                16,
                "APP-7",
            ),
            (
                {
                    "blocks": [
                        {
                            "elements": [
                                {
                                    "elements": [
                                        {"type": "link", "url": "https://t.example/browse/APP-8"}
                                    ]
                                }
                            ]
                        }
                    ]
                },
                30,
                "APP-8",
            ),
            (
                {"attachments": [{"fallback": "x", "image_url": "https://x.example/a.png"}]},
                None,
                None,
            ),
            ({}, 0, None),
        ],
    )
    def test_what_programs_say_stands_in_attachments_and_blocks(self, tmp_path, more, size, link):
        said = {
            "type": "message",
            "subtype": "bot_message",
            "ts": "1709280000.000100",
            "bot_id": "B1",
            "text": "",
            **more,
        }
        store = Store(tmp_path / "w")
        export = self.slack(tmp_path / "export", "general", said)
        take_exports(export, store, b"a key for tests", fixed_clock(NOW), lambda *_: None)
        (row,) = store.snapshot().table(TABLES["messages"]).to_pylist()
        found = store.snapshot().table(TABLES["item_links"]).to_pylist() if link else []
        assert row["text_bytes"] == size
        assert [one["target"].rpartition("#")[2] for one in found] == ([link] if link else [])

    def test_a_person_with_another_name_wrote_no_other_message(self, reading):
        for username in ("ada", "ada.quill"):
            post = {"team": "t", "channel": "dev", "message": "hi", "create_at": 1709280000000}
            lines = [
                {"type": "version", "version": 1},
                {"type": "channel", "channel": {"team": "t", "name": "dev", "type": "O"}},
                *({"type": "post", "post": {**post, "user": who}} for who in (username, "bo")),
            ]
            reading.take("export.jsonl", b"\n".join(orjson.dumps(one) for one in lines))
        assert len({row for (row,) in reading.rows("messages", "message")}) == 2

    def test_a_day_alone_says_not_that_it_is_public(self, reading):
        day = (FLOW / "slack/raw/general/2024-03-01.json").read_bytes()
        reading.take("2024-03-01.json", day)
        assert reading.rows("messages", "channel") == []

    def test_passwords_are_not_looked_at(self):
        (kind,) = SOURCES["mattermost"].kinds
        line = {
            "type": "user",
            "user": {"username": "ada", "password": SECRET, "auth_data": SECRET},
        }
        private = {"type": "direct_post", "direct_post": {"message": SECRET, "user": "ada"}}
        body = b"\n".join(json.dumps(x).encode() for x in (line, private))
        assert SECRET not in repr(list(kind.form.records(io.BytesIO(body))))


class TestDecisions:
    def take(self, tmp_path, name: str, body: str):
        path = tmp_path / "repo" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
        (path.parents[1] / "records.json").write_text(
            '[{"action": "x", "sender": {}}]', encoding="utf-8"
        )
        store = Store(tmp_path / "w")
        take_exports(
            tmp_path / "repo", store, b"a key for tests", fixed_clock(NOW), lambda *_: None
        )
        return store.snapshot().table(TABLES["decisions"]).to_pylist()

    def test_the_same_text_elsewhere_is_none(self, tmp_path):
        assert self.take(tmp_path, "notes/0001-x.md", "# X\n\nStatus: accepted\n") == []
        assert len(self.take(tmp_path, "adr/0001-x.md", "# X\n\nStatus: accepted\n")) == 1

    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            ("Accepted", ("accepted", "Accepted")),
            ("✅ accepted by all on Friday", ("accepted", "accepted")),
            ("Accepted\n\nSupersedes [1. X](0001-x.md)", ("accepted", "Accepted")),
            ("Replaced by ADR-7", ("superseded", "Replaced")),
            ("Under review", ("proposed", "Under review")),
            ("Deferred", ("other", "Deferred")),
            ("Accepted\n\nThis is not superseded by ADR-9, see below.", ("accepted", "Accepted")),
            ("Accepted, superseded by ADR-7", ("superseded", "superseded")),
            ("~~Accepted~~ Superseded by ADR-7", ("superseded", "Superseded")),
            ("This ADR has been superseded by ADR-7", ("superseded", "superseded")),
            (
                "accepted <!-- optional: proposed | superseded by ADR-7 -->",
                ("accepted", "accepted"),
            ),
            ("Not accepted", ("other", "Not")),
        ],
    )
    def test_statuses(self, tmp_path, status, expected):
        (row,) = self.take(
            tmp_path, "adr/0009-y.md", f"# Y\n\n## Status\n\n{status}\n\n## Context\n\nZ\n"
        )
        assert (row["status"], row["status_original"]) == expected

    def test_a_header_counts_before_a_part_called_status(self, tmp_path):
        body = "PEP: 7\nTitle: X\nStatus: Final\nCreated: 05-Jul-2001\n\nStatus\n======\n\nThis is withdrawn.\n"
        (row,) = self.take(tmp_path, "peps/pep-0007.rst", body)
        assert (row["status"], row["number"]) == ("accepted", 7)

    def test_a_record_may_tell_no_status(self, tmp_path):
        body = "# Y\n\n## Context and Problem Statement\n\nA\n\n## Considered Options\n\n* B\n"
        (row,) = self.take(tmp_path, "docs/decisions/0001-y.md", body)
        assert (row["decision"], row["status"], row["options"]) == ("docs/decisions/1", "", True)

    @pytest.mark.parametrize(
        "body",
        [
            "# {title}\n\n## Context\n\n## Decision\n",
            "# T\n\nStatus: {proposed | accepted}\n",
            "- Feature Name: (fill me in)\n- Start Date: (fill me in)\n",
            "# Index\n\n- [one](0001-one.md)\n",
        ],
    )
    def test_templates_and_indexes_are_none(self, tmp_path, body):
        assert self.take(tmp_path, "adr/0000-template.md", body) == []

    def test_two_with_one_number_stay_two(self, tmp_path):
        self.take(tmp_path, "adr/0001-a.md", "# A\n\nStatus: accepted\n")
        rows = self.take(tmp_path, "adr/0001-b.md", "# B\n\nStatus: rejected\n")
        assert sorted(row["decision"] for row in rows) == ["adr/0001-b", "adr/1"]

    def test_what_is_not_superseded_leads_nowhere(self, tmp_path):
        told = "Accepted\n\nThis is not superseded by ADR-9, which never supersedes ADR-3."
        body = f"# Y\n\n## Status\n\n{told}\n\n## Context\n\nZ\n"
        self.take(tmp_path, "adr/0008-y.md", body)
        assert Store(tmp_path / "w").snapshot().table(TABLES["item_links"]).num_rows == 0

    @pytest.mark.parametrize(
        ("deciders", "expected"),
        [
            ("[list everyone involved in the decision]", set()),
            ("[list everyone involved in the decision] <!-- optional -->", set()),
            ("{list everyone involved in the decision}", set()),
            ("TBD", set()),
            ("Ada Quill, Ben Oak <!-- optional -->", {"Ada Quill", "Ben Oak"}),
            (
                "Ada Quill (platform team), Ben Oak (lead, on behalf of all)",
                {"Ada Quill", "Ben Oak"},
            ),
            ("[Ada Quill, Ben Oak]", {"Ada Quill", "Ben Oak"}),
            ("Ada Quill and Anderson Sand", {"Ada Quill", "Anderson Sand"}),
        ],
    )
    def test_what_a_template_left_is_nobody(self, tmp_path, deciders, expected):
        date = "2024-03-01 <!-- optional. To customize the ordering without relying on Git -->"
        head = f"# Use X\n\n- Status: accepted <!-- optional -->\n- Deciders: {deciders}\n- Date: {date}\n"
        (row,) = self.take(tmp_path, "adr/0001-x.md", f"{head}\n## Context and Problem Statement\n")
        people = Store(tmp_path / "w").snapshot().table(TABLES["people"]).to_pylist()
        assert {one["name"] for one in people} == expected
        assert len(row["deciders"] or ()) == len(expected)
        assert (row["status"], f"{row['happened_at']:%Y-%m-%d}") == ("accepted", "2024-03-01")

    def test_people_by_name_or_address(self):
        told = {
            "status": "accepted",
            "deciders": "[Ada Quill](https://x.example/ada), bo@example.com and Cy Birch",
        }
        rows = Rows(b"a key for tests")
        rows.begin("x", "0" * 64, "", {"path": "adr/1.md"})
        SOURCES["decisions"].kinds[0].to_facts(
            {"decision": told, "title": "", "headings": [], "text": ""}, rows
        )
        found = {(p["name"], p["address"]) for p in rows.people("here").to_pylist()}
        assert found == {("Ada Quill", ""), ("bo@example.com", "bo@example.com"), ("Cy Birch", "")}


class TestRunbooks:
    def take(self, tmp_path, name: str, body: str):
        path = tmp_path / "repo" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
        (tmp_path / "repo" / "records.json").write_text(
            '[{"action": "x", "sender": {}}]', encoding="utf-8"
        )
        store = Store(tmp_path / "w")
        take_exports(
            tmp_path / "repo", store, b"a key for tests", fixed_clock(NOW), lambda *_: None
        )
        snapshot = store.snapshot()
        return [snapshot.table(TABLES[table]).to_pylist() for table in ("runbooks", "item_links")]

    def row(self, tmp_path, body: str, name: str = "runbooks/x.md"):
        ((row,), _) = self.take(tmp_path, name, body)
        return row

    @pytest.mark.parametrize(
        ("name", "body"),
        [
            ("notes/x.md", "# X\n\n1. Do it\n"),
            ("notes/x.md", ""),
            ("notes/x.md", "---\ntype: guide\ntags: [runbook]\n---\n\n# On runbooks\n"),
            ("runbooks/x.md", "no title"),
            ("runbooks/x.md", "# {what it is for}\n\n1. Do it\n"),
            ("runbooks/alert-template.md", "# X\n\n1. Do it\n"),
            ("runbooks/_index.md", "# Runbooks\n\n- [x](x.md)\n"),
        ],
    )
    def test_other_documents_are_none(self, tmp_path, name, body):
        assert self.take(tmp_path, name, body) == [[], []]

    @pytest.mark.parametrize(
        ("name", "body", "kind"),
        [
            ("docs/Playbooks/a/x.md", "# X\n", "playbook"),
            ("docs/playbooks/x.md", "# X\n\n- Type: Run book\n", "runbook"),
            ("notes/x.md", "---\ncontentType: Playbook\n---\n# X\n", "playbook"),
            ("runbooks/db/README.md", "# X\n\n1. Do it\n", "runbook"),
        ],
    )
    def test_kinds(self, tmp_path, name, body, kind):
        row = self.row(tmp_path, body, name)
        assert (row["kind"], row["path"]) == (kind, name)

    @pytest.mark.parametrize(
        ("text", "steps"),
        [
            ("Look around.", 0),
            ("1. One\n2) Two\n    1. part of two\n", 2),
            ("- [ ] One\n- [x] Two\n- three\n", 2),
            ("```\n1. code\n```\n\n1. One\n", 1),
            ("~~~\n1. code\n```\n2. code\n~~~\n\n1. One\n", 1),
            ("## Step 1: look\n\n1. left\n2. right\n\n## Step 2\n", 2),
            ("## 1. Purpose\n\n## 2. Do it\n\n1. One\n", 1),
        ],
    )
    def test_steps(self, tmp_path, text, steps):
        assert self.row(tmp_path, f"# X\n\n{text}\n")["steps"] == steps

    def test_what_is_underlined_with_tildes_is_no_code(self, tmp_path):
        body = "X\n=\n\nFirst\n~~~~~\n\n1. One\n2. Two\n"
        assert self.row(tmp_path, body.replace("X\n=", "Xyz\n==="), "runbooks/x.rst")["steps"] == 2

    @pytest.mark.parametrize(
        ("text", "changed", "reviewed"),
        [
            ("> **Last Reviewed**: 2024-03-01", None, "2024-03-01"),
            ("Last updated on 2024-03-01.\n\nLast tested: 2024-04-01", "2024-03-01", "2024-04-01"),
            ("- Updated: March 1, 2024", "2024-03-01", None),
            ("Reviewed: soon", None, None),
            ("It was last changed by Ada.", None, None),
        ],
    )
    def test_days(self, tmp_path, text, changed, reviewed):
        row = self.row(tmp_path, f"# X\n\n{text}\n")
        told = [row["happened_at"], row["reviewed_at"]]
        assert [t and t.date().isoformat() for t in told] == [changed, reviewed]

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ("---\nservices: [orders, `ledger`]\n---\n# X\n", {("service", "orders"), ("service", "ledger")}),
            ("# QueueStuck\n\nThe `QueueStuck` alert fires.\n", {("alert", "QueueStuck")}),
            ("---\ntitle: Queue Stuck\n---\n# QueueStuck\n\n## Meaning\n", {("alert", "QueueStuck")}),
            ("# Queue stuck\n\n- Alert: QueueStuck\n", {("alert", "QueueStuck")}),
            ("# RabbitMQ\n\nHow to restart it.\n", set()),
            ("# X\n\n- Service: it is the one that everybody calls when all else has failed\n", set()),
        ],
    )  # fmt: skip
    def test_what_it_is_for(self, tmp_path, body, expected):
        _, links = self.take(tmp_path, "runbooks/x.md", body)
        assert {(x["target_kind"], x["target"]) for x in links} == expected
        assert {x["relation"] for x in links} <= {"covers"}


class TestArchive:
    EVENT = {"type": "PullRequestEvent", "actor": {"login": "ada"}, "repo": {"name": "acme/app"}, "created_at": "2025-11-04T10:00:00Z"}  # fmt: skip

    def test_of_another_repository_nothing_is_taken(self):
        event = self.EVENT | {"payload": {"action": "opened", "pull_request": {"number": 1}}}
        assert read("github", "archive_events", event)["requests"][0]["status"] == "open"
        assert read("github", "archive_events", event, {"place": "acme/other"}) == {}

    def test_old_news_changes_nothing(self, reading):
        issue = {
            "number": 3, "title": "X", "state": "closed", "state_reason": "completed", "labels": [], "user": {"login": "bo"},
            "url": "https://api.github.com/repos/acme/app/issues/3", "created_at": "2024-05-01T08:00:00Z",
            "updated_at": "2024-06-01T08:00:00Z", "closed_at": "2024-06-01T08:00:00Z", "events_url": "", "comments_url": "",
        }  # fmt: skip
        old = issue | {
            "state": "open",
            "state_reason": None,
            "closed_at": None,
            "updated_at": "2024-05-01T08:00:00Z",
        }
        event = self.EVENT | {"type": "IssuesEvent", "payload": {"action": "opened", "issue": old}}
        short = {"action": "merged", "pull_request": {"number": 3}}
        reading.take("issues.json", orjson.dumps([issue]), {})
        reading.take("2024-05-01-8.json.gz", gzip.compress(orjson.dumps(event)), {})
        assert reading.rows("issues", "key", "status") == [("#3", "done")]
        reading.take("2025-11-04-10.json", orjson.dumps(self.EVENT | {"payload": short}), {})
        assert reading.rows("requests", "number", "status", "title_id") == [("3", "merged", None)]

    def test_a_short_event_that_says_closed_does_not_say_refused(self):
        event = self.EVENT | {"payload": {"action": "closed", "pull_request": {"number": 1}}}
        assert read("github", "archive_events", event) == {}


def samples(name: str) -> list[tuple[str, bytes]]:
    raw = FLOW / name / "raw"
    return [(p.relative_to(raw).as_posix(), p.read_bytes()) for p in sorted(raw.rglob("*.*"))]


SAMPLES = {name: samples(name) for name in ("mbox", "mattermost", "decisions", "runbooks")}
ODD = st.sampled_from([
    b"", b"\0", b"\xff", b"\n\n", b"\r", b"From a 10:00:00 2024\n", b"=?x?q?=?=", b"=?utf-8?b?////?=", b"<", b">", b"@",
    b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: text/plain; charset=zip\n", b"Date: 99 Foo 99999\n",
    b"--b1", b"Content-Transfer-Encoding: base64\n", b"null", b"1e999", b"[]", b"{}", b"\\ud800", b"\xed\xa0\x80", b"## Status\n",
    b"Status:", b"---\n", b"===\n", b"](", b"99999999999999999999", b"-1", b'"type":"post"', b"```\n", b"References: <a> <b>\n",
    b"Content-Type: message/rfc822\n", b"Content-Disposition: attachment; filename*=x''%ff\n",
])  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
@settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_damage_ends_in_facts_or_a_told_problem(name, data):
    path, body = data.draw(st.sampled_from(SAMPLES[name]))
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(body)))
        end = start + data.draw(st.sampled_from([0, 1, 8, 64, 1 << 20]))
        body = body[:start] + data.draw(ODD) + body[end:]
    kind = SOURCES[name].kinds[0]
    for one in SOURCES[name].kinds:
        one.form.begins(body[:4096])
    rows = Rows(b"a key for tests")
    try:
        for record in kind.form.records(io.BytesIO(body)):
            orjson.dumps(record)
            rows.begin("x:1", "0" * 64, "", {"path": path, "place": "acme/app"})
            try:
                kind.to_facts(record, rows)
            except UNREADABLE:
                rows.drop()
    except (ValueError, orjson.JSONEncodeError):
        pass
    list(rows.tables())
    rows.people("here")


@pytest.mark.parametrize("name", [*SAMPLES, "slack"])
def test_no_text_is_kept(name, tmp_path):
    words = (b"Shall we", b"Fixes #9", b"Release of 2.1", b"In a minute", b"Deployed", b"a queue", b"Use a log", b"Words are", b"Yes", b"Tell everybody", b"Restart it", b"The servers")  # fmt: skip
    raw = tmp_path / "raw"
    planted = 0
    for path, body in samples(name):
        changed = body
        for word in words:
            changed = changed.replace(word, SECRET.encode())
        planted += changed != body
        (raw / path).parent.mkdir(parents=True, exist_ok=True)
        (raw / path).write_bytes(changed)
    assert planted
    store = Store(tmp_path / "w")
    take_exports(
        raw, store, b"a key for tests", fixed_clock(NOW), lambda *_: None, {"place": "acme/app"}
    )
    for table in SOURCES[name].writes:
        assert SECRET not in repr(store.snapshot().table(TABLES[table]).to_pylist())
