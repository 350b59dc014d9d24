"""`trueup claims write-off` and `take-back`: on record, counted beside, and never verified by it."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.running import trueup

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.running import Ran

LEAD = ("--role", "delivery lead", "--reason", "bought instead")


@pytest.fixture
def owed(copied: Path) -> str:
    found = json.loads(trueup(copied, "claims", "--status", "contradicted", "--json", "-").out)
    return str(found["claims"][0]["id"])


def scan(folder: Path, repository: Path, *more: str) -> dict[str, Any]:
    ran = trueup(folder, "scan", repository, "--offline", "--json", "told.json", *more)
    assert ran.code == 0, ran.err
    told: dict[str, Any] = json.loads((folder / "told.json").read_text("utf-8"))
    return told


def ask(folder: Path, *arguments: str) -> Ran:
    return trueup(folder, "claims", *arguments)


def test_written_off_and_taken_back(copied: Path, cove: Path, owed: str) -> None:
    before = scan(copied, cove)
    ran = ask(copied, "write-off", owed.lower(), *LEAD)
    assert (ran.code, ran.err) == (0, "")
    assert "is written off already" in ask(copied, "write-off", owed, *LEAD).out
    after = scan(copied, cove)
    one, other = before["ledger"], after["ledger"]
    assert other["open"] == one["open"] - 1
    assert other["months"][-1]["written_off_by_hand"] == 1
    assert other["months"][-1]["written_off"] == one["months"][-1]["written_off"] + 1
    assert "1 item is written off by hand and not verified" in other["why"]
    assert after["mix"] == before["mix"], "no verdict changes"
    assert sum(k["written_off_by_hand"] for k in other["kinds"]) == 1
    shown = trueup(copied, "explain", owed).out
    assert "contradicted" in shown.splitlines()[0]
    assert "by delivery lead: bought instead" in shown

    # An organisation sees how many, and nothing else.
    told = scan(copied, cove, "--audience", "organisation")
    assert told["ledger"]["months"][-1]["written_off_by_hand"] == 1
    assert (told["ledger"]["kinds"], told["ledger"]["open_since"]) == ([], [])
    assert owed not in json.dumps(told)
    assert "bought instead" not in json.dumps(told)

    ran = ask(copied, "take-back", owed, "--role", "owner", "--reason", "we need it after all")
    assert "no longer written off" in ran.out
    assert "is not written off" in ask(copied, "take-back", owed, *LEAD).out
    last = scan(copied, cove)["ledger"]
    assert last["open"] == one["open"]
    assert last["months"][-1]["written_off_by_hand"] == 0
    shown = " ".join(trueup(copied, "explain", owed).out.split())
    assert "by delivery lead: bought instead taken back on" in shown
    assert "by owner: we need it after all" in shown


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--role", "ada@acme.example", "--reason", "bought instead"), 2, "this is no role"),
        (("--role", "lead", "--reason", " no  "), 2, "this is no reason"),
        (("--role", "lead"), 2, "--reason"),
    ],
)
def test_what_is_refused(copied: Path, owed: str, more, code, said) -> None:
    ran = ask(copied, "write-off", owed, *more)
    assert ran.code == code
    assert said in ran.err
    assert (
        not (copied / ".trueup" / "state.db").exists()
        or "Written off" not in trueup(copied, "explain", owed).out
    )


def test_only_what_is_owed_is_written_off(copied: Path) -> None:
    found = json.loads(trueup(copied, "claims", "--status", "verified", "--json", "-").out)
    ran = ask(copied, "write-off", found["claims"][0]["id"], *LEAD)
    assert (ran.code, ran.slug) == (2, "usage")
    assert "is not owed" in ran.err
    assert ask(copied, "write-off", "C-AAAAAAA", *LEAD).slug == "usage.unknown-id"


def test_nothing_was_scanned(tmp_path: Path) -> None:
    assert ask(tmp_path, "write-off", "C-AAAAAAA", *LEAD).code == 4


def test_a_damaged_state_ends_no_scan_and_is_told(copied: Path, cove: Path, owed: str) -> None:
    ask(copied, "write-off", owed, *LEAD)
    with sqlite3.connect(copied / ".trueup" / "state.db") as connection:
        connection.execute("drop table write_offs")
    told = scan(copied, cove)
    assert any("counts as open" in gap["cost"] for gap in told["gaps"])
    assert told["ledger"]["months"][-1]["written_off_by_hand"] == 0
    assert "cannot be told" in trueup(copied, "explain", owed).out


def test_status_reports_are_set_beside_what_was_verified(copied: Path, cove: Path) -> None:
    def watched() -> dict[str, str]:
        told = scan(copied, cove)["alarms"]
        return {a["scope"]: a["status"] for a in told if a["name"] == "green_without_progress"}

    assert watched() == {"": "source_missing"}
    rows = ["project,date,colour", *(f"cove,2024-0{m}-01,green" for m in range(1, 10))]
    (copied / "status.csv").write_text("\n".join([*rows, "elsewhere,2024-01-01,red"]) + "\n")
    ran = trueup(copied, "collect", "--from", "status.csv")
    assert ran.code == 0, ran.err
    found = watched()
    assert set(found) == {"cove", "elsewhere"}
    assert found["elsewhere"] == "cannot_tell"
