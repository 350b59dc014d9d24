"""`trueup audit`: sheets that hide our verdict, answers in many forms, and what they say of all."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from tests.cli.running import in_terminal, trueup

VERDICTS = ("verified", "partial", "contradicted", "unverified", "not_assessable", "pending")


def rows_of(sheet: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.read_text("utf-8"))))


def fill(sheet: Path, *answers: str, encoding: str = "utf-8", delimiter: str = ",") -> None:
    """Answers from the top, as a spreadsheet saves them."""
    rows = rows_of(sheet)
    for row, answer in zip(rows, answers, strict=False):
        row["answer"] = answer
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    sheet.write_text(text.getvalue(), encoding)


@pytest.fixture
def drawn(copied: Path) -> Path:
    ran = trueup(copied, "audit", "draw", "--size", "12", "--seed", "7")
    assert ran.code == 0, ran.err
    return copied


def test_drawing(copied: Path) -> None:
    ran = trueup(copied, "audit", "draw", "--size", "12", "--seed", "7")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.split("(")[0].strip() == "Audit 1: 12 items"
    one, other = (rows_of(copied / f"audit-1-rater-{n}.csv") for n in (1, 2))
    assert [r["claim"] for r in one] == [r["claim"] for r in other]
    assert ([r["rater"] for r in one], len(one)) == (["1"] * 12, 12)
    again = trueup(copied, "audit", "draw", "--size", "12", "--seed", "7", "--folder", ".")
    assert again.out.strip().startswith("Audit 2")
    assert [r["claim"] for r in rows_of(copied / "audit-2-rater-1.csv")] == [
        r["claim"] for r in one
    ]


def test_a_sheet_says_nothing_of_what_we_think_and_no_text(drawn: Path, scanned) -> None:
    text = (drawn / "audit-1-rater-1.csv").read_text("utf-8")
    assert not [word for word in VERDICTS if word in text]
    claims = json.loads(scanned.ask("claims", "--limit", "0", "--json", "-").out)["claims"]
    subjects = [c["subject"] for c in claims if len(c["subject"]) > 8]
    assert subjects
    assert not [subject for subject in subjects if subject in text]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", ";")],
)
def test_sheets_as_spreadsheets_save_them(drawn: Path, encoding: str, delimiter: str) -> None:
    sheet = drawn / "audit-1-rater-1.csv"
    fill(
        sheet,
        "Done",
        "NOT DONE",
        "no",
        " yes ",
        "?",
        "not_done",
        encoding=encoding,
        delimiter=delimiter,
    )
    ran = trueup(drawn, "audit", "answer", sheet)
    assert "Audit 1, rater 1: 6 answers, 6 of them new. Then: trueup audit result" in ran.out
    assert "0 of them new" in trueup(drawn, "audit", "answer", sheet).out


def test_what_the_answers_say(drawn: Path, cove: Path) -> None:
    before = trueup(drawn, "audit", "result")
    assert "people judged 0 of 12 drawn items; nothing can be said of all yet" in " ".join(
        before.out.split()
    )
    for rater in (1, 2):
        sheet = drawn / f"audit-1-rater-{rater}.csv"
        fill(sheet, *(["not done"] + ["done"] * 11))
        trueup(drawn, "audit", "answer", sheet)
    ran = trueup(drawn, "audit", "result", "--json", "told.json")
    assert ran.code == 0
    told = json.loads((drawn / "told.json").read_text("utf-8"))
    assert told["schema"] == "trueup.audit/1"
    assert (told["drawn"], told["looked_at"], told["kappa"], told["both"]) == (12, 12, 1.0, 12)
    assert told["population"] == sum(row["size"] for row in told["by_verdict"])
    by_hand = sum(r["size"] * r["not_done"] / r["looked_at"] for r in told["by_verdict"])
    assert told["share"]["value"] == pytest.approx(by_hand / told["population"])
    assert told["share"]["low"] < told["share"]["value"] < told["share"]["high"]
    shown = " ".join(ran.out.split())
    assert " ".join(told["text"].split()) in shown
    scan = trueup(drawn, "scan", cove)
    assert " ".join(told["text"].split()) in " ".join(scan.out.split())
    assert told["text"] in (drawn / ".trueup/report.html").read_text("utf-8")
    assert "may not really be done (as recorded)" in " ".join(scan.out.split())


def test_judging_in_a_terminal(drawn: Path) -> None:
    ran = in_terminal(drawn, "audit", "answer", "--rater", "2", typed="y\nwhat\nn\nq\n")
    assert ran.code == 0
    assert "12 items left" in ran.out
    again = in_terminal(drawn, "audit", "answer", "--rater", "2", typed="?\n" * 10)
    assert "10 items left" in again.out
    assert "That was the last one" in again.out
    assert "people judged 12 of 12" in trueup(drawn, "audit", "result").out
    assert trueup(drawn, "audit", "answer", "--rater", "2").code == 2, "nobody is there to answer"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.replace("audit,rater", "what,rater"), "columns"),
        (
            lambda t: t.replace("\n1,1,2,,", "\n1,1,2,perhaps,"),
            "line 3 holds something that is no answer",
        ),
        (lambda t: t.replace("\n1,1,2,", "\n1,1,5,"), "line 3 names another claim"),
        (lambda t: t.replace("\n1,", "\n9,"), "there is no audit 9"),
        (lambda t: t.replace("\n1,1,2,", "\n1,2,2,"), "one rater"),
        (lambda t: t.replace("\n1,1,", "\n1,7,"), "rater 7"),
        (lambda _: "", "columns"),
        (lambda _: "\x00\x01\x02", "columns"),
        (lambda t: t.replace("\n1,1,1,,", '\n1,1,1,"done,'), "a quote is not closed"),
    ],
)
def test_a_sheet_that_is_none_keeps_nothing(drawn: Path, change, told: str) -> None:
    sheet = drawn / "audit-1-rater-1.csv"
    fill(sheet, "done")
    text = sheet.read_text("utf-8").replace("\r\n", "\n")
    sheet.write_text(change(re.sub(r"^(1,1,1,)done", r"\1", text, flags=re.MULTILINE)), "utf-8")
    ran = trueup(drawn, "audit", "answer", sheet)
    assert ran.code == 4
    assert told in " ".join(ran.err.split())
    assert "people judged 0 of 12" in trueup(drawn, "audit", "result").out


def test_before_there_is_anything(copied: Path, tmp_path: Path) -> None:
    assert "no audit was drawn yet" in trueup(copied, "audit", "result").err
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = trueup(empty, "audit", "draw")
    assert (ran.code, "nothing has been collected" in ran.err) == (4, True)
    assert not (empty / ".trueup").exists()
    few = trueup(copied, "audit", "draw", "--size", "1")
    assert (few.code, "at least" in few.err) == (2, True)
    assert not list(copied.glob("audit-*"))


def test_sheets_are_never_written_over(copied: Path) -> None:
    (copied / "audit-1-rater-1.csv").write_text("mine")
    ran = trueup(copied, "audit", "draw", "--size", "12")
    assert (ran.code, "audit.sheet" in ran.err) == (4, True)
    assert (copied / "audit-1-rater-1.csv").read_text() == "mine"


def test_the_group_alone_shows_its_commands() -> None:
    ran = trueup(Path.cwd(), "audit")
    assert (ran.code, "draw" in ran.out, "answer" in ran.out, "result" in ran.out) == (
        0,
        *[True] * 3,
    )
