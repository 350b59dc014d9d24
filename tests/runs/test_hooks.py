"""Deliveries: signed, each once, and an old one changes nothing."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime

import pytest
from tests.fakes.github import issue

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import DeliveryError
from trueup.runs.hooks import Delivery, take_delivery
from trueup.runs.kinds import SOURCES

GITHUB = SOURCES["github"]
SECRET = "between us"
REPOSITORY = {"full_name": "acme/app"}


def event(action: str, **record: object) -> bytes:
    return json.dumps({"action": action, "repository": REPOSITORY, "sender": {}, **record}).encode()


class Desk:
    def __init__(self, folder):
        self.store = Store(folder)
        self.now = datetime(2026, 2, 1, tzinfo=UTC)

    def take(self, body: bytes, own: str = "1", secret: str = SECRET, signature: str = ""):
        made = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
        headers = {"X-Hub-Signature-256": signature or made, "X-GitHub-Delivery": own}
        clock = fixed_clock(self.now)
        found = Delivery(headers, body)
        return take_delivery(GITHUB, found, SECRET, self.store, b"k" * 32, clock)

    def issues(self):
        rows = self.store.snapshot().table(TABLES["issues"]).to_pylist()
        return {r["key"]: r["status"] for r in rows}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


CLOSED = event("closed", issue=issue(7, changed=9, state="closed"))
OPENED = event("opened", issue=issue(7, changed=7))


def test_it_becomes_a_fact(desk):
    assert desk.take(CLOSED).rows == 1 + 1  # and who made it
    assert desk.issues() == {"#7": "done"}


def test_each_counts_once(desk):
    desk.take(CLOSED)
    before = len(desk.store.snapshot().records)
    assert desk.take(CLOSED).rows == 0
    assert desk.take(CLOSED, own="2").rows == 0
    assert desk.issues() == {"#7": "done"}
    assert len(desk.store.snapshot().records) == before + 1, "only its id is remembered"


def test_one_that_is_late_changes_nothing(desk):
    desk.take(CLOSED)
    desk.take(OPENED, own="2")
    assert desk.issues() == {"#7": "done"}


def test_what_is_deleted_is_gone_and_may_come_back(desk):
    desk.take(OPENED)
    desk.take(event("deleted", issue=issue(7, changed=8)), own="2")
    assert desk.issues() == {}
    desk.take(CLOSED, own="3")
    assert desk.issues() == {"#7": "done"}


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "sha1=aa", "\u00e9"])
def test_one_that_is_not_signed_is_not_taken(desk, signature):
    with pytest.raises(DeliveryError, match="not signed"):
        desk.take(CLOSED, secret="another", signature=signature)
    assert desk.issues() == {}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"null", b'{"issue": 1, "repository": {"full_name": "a/b"}}']
)
def test_one_that_is_odd_is_told(desk, body):
    with pytest.raises(DeliveryError, match="cannot be read"):
        desk.take(body)
    assert desk.issues() == {}
