"""`trueup audit`: sheets that hide our verdict, answers in many forms, and what they say of all."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
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


def shown(folder: Path, *arguments: object) -> str:
    """What a command says, on one line."""
    return " ".join(trueup(folder, *arguments).out.split())


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
    assert (
        "0 of 12 drawn items are answered; how many of all are not really done is not known yet"
        in " ".join(before.out.split())
    )
    for rater in (1, 2):
        sheet = drawn / f"audit-1-rater-{rater}.csv"
        fill(sheet, *(["not done"] + ["done"] * 11))
        trueup(drawn, "audit", "answer", sheet)
    ran = trueup(drawn, "audit", "result", "--json", "told.json")
    assert ran.code == 0
    told = json.loads((drawn / "told.json").read_text("utf-8"))
    assert told["schema"] == "trueup.audit/1"
    assert (told["drawn"], told["answered"], told["kappa"], told["both"]) == (12, 12, 1.0, 12)
    assert told["population"] == sum(row["size"] for row in told["by_verdict"])
    by_hand = sum(r["size"] * r["not_done"] / r["looked_at"] for r in told["by_verdict"])
    assert told["share"]["value"] == pytest.approx(by_hand / told["population"])
    assert told["share"]["low"] < told["share"]["value"] < told["share"]["high"]
    assert " ".join(told["text"].split()) in " ".join(ran.out.split())
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
    assert "12 of 12 drawn items are answered" in shown(drawn, "audit", "result")
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
        (lambda t: t.replace("\n1,1,2,", "\n1,2,2,"), "column rater does not hold one number"),
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
    assert "0 of 12 drawn items are answered" in shown(drawn, "audit", "result")


def test_before_there_is_anything(copied: Path, tmp_path: Path) -> None:
    assert "no audit was drawn yet" in trueup(copied, "audit", "result").err
    shutil.rmtree(copied / ".trueup/results")
    assert "Run trueup scan again" in trueup(copied, "audit", "draw").err
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = trueup(empty, "audit", "draw")
    assert (ran.code, "nothing has been collected" in ran.err) == (4, True)
    assert not (empty / ".trueup").exists()
    assert not list(copied.glob("audit-*"))


def test_a_sample_too_small_for_every_verdict(copied: Path) -> None:
    few = trueup(copied, "audit", "draw", "--size", "1")
    assert (few.code, "at least" in few.err) == (2, True)
    assert not list(copied.glob("audit-*"))


def test_sheets_are_never_written_over(copied: Path) -> None:
    (copied / "audit-1-rater-1.csv").write_text("mine")
    ran = trueup(copied, "audit", "draw", "--size", "12")
    assert (ran.code, "audit.sheet" in ran.err) == (4, True)
    assert (copied / "audit-1-rater-1.csv").read_text() == "mine"
    assert "no audit was drawn yet" in trueup(copied, "audit", "result").err
    (copied / "audit-1-rater-1.csv").rename(copied / "audit-1-rater-2.csv")
    assert trueup(copied, "audit", "draw", "--size", "12").code == 4
    assert [p.name for p in copied.glob("audit-*")] == ["audit-1-rater-2.csv"]


def test_as_spreadsheets_write_numbers_and_heads(drawn: Path) -> None:
    sheet = drawn / "audit-1-rater-1.csv"
    fill(sheet, "done")
    rows = rows_of(sheet)
    lines = ["NUMBER;Answer;Audit;Rater;Claim"]
    lines += [
        f"{n}.0;{r['answer']};1.0;1,;{r['claim']}".replace("1,", "1.00")
        for n, r in enumerate(rows, 1)
    ]
    sheet.write_text("\n".join(lines), "utf-8")
    assert "1 answers, 1 of them new" in shown(drawn, "audit", "answer", sheet)


def test_what_is_taken_back_and_what_stands_twice(drawn: Path) -> None:
    sheet = drawn / "audit-1-rater-1.csv"
    fill(sheet, "done", "no", "?")
    trueup(drawn, "audit", "answer", sheet)
    fill(sheet, "done", "", "yes")
    told = shown(drawn, "audit", "answer", sheet)
    assert "2 answers, 1 of them new, 1 taken back" in told
    assert "2 of 12 drawn items are answered" in shown(drawn, "audit", "result")
    text = sheet.read_text("utf-8").splitlines()
    sheet.write_text("\n".join([*text, text[1]]), "utf-8")
    assert "line 14 stands for a claim a second time" in trueup(drawn, "audit", "answer", sheet).err
    assert trueup(drawn, "audit", "answer", sheet, "--rater", "2").code == 2


def test_a_new_audit_does_not_hide_the_answered_one(drawn: Path, cove: Path) -> None:
    sheet = drawn / "audit-1-rater-1.csv"
    fill(sheet, *["done"] * 12)
    trueup(drawn, "audit", "answer", sheet)
    trueup(drawn, "audit", "draw", "--size", "12")
    said = shown(drawn, "scan", cove)
    assert "Audit 1 of" in said
    assert "Audit 2 is under way." in said


def test_an_audit_of_an_earlier_result_says_so(drawn: Path, cove: Path) -> None:
    sheet = drawn / "audit-1-rater-1.csv"
    fill(sheet, *["done"] * 12)
    trueup(drawn, "audit", "answer", sheet)
    (drawn / "trueup.toml").write_text("[policy]\nledger_months = 12\n")
    said = shown(drawn, "scan", cove)
    assert ", of an earlier result: 12 of 12 drawn items are answered" in said
    assert "records alone do not tell" in said
    told = json.loads((drawn / ".trueup/results/team.json").read_text("utf-8"))
    assert told["published"]["audit"] is None, "it is told anew each time"


def test_undecided_items_give_a_range_and_no_number(drawn: Path) -> None:
    for rater, answers in ((1, ["done"] * 12), (2, ["no"] * 12)):
        sheet = drawn / f"audit-1-rater-{rater}.csv"
        fill(sheet, *answers[: 12 if rater == 1 else 5])
        trueup(drawn, "audit", "answer", sheet)
    said = shown(drawn, "audit", "result")
    assert "5 are undecided. Between 0 % and" in said or "is not known yet" in said


def test_the_organisation_sees_the_whole_and_no_parts(drawn: Path, cove: Path) -> None:
    sheet = drawn / "audit-1-rater-1.csv"
    fill(sheet, *["done"] * 12)
    trueup(drawn, "audit", "answer", sheet)
    trueup(drawn, "scan", cove, "--audience", "organisation", "--json", "told.json")
    told = json.loads((drawn / "told.json").read_text("utf-8"))["audit"]
    assert (told["answered"], told["by_verdict"], told["seed"]) == (12, [], 0)


def test_a_state_that_cannot_be_read_costs_no_report(drawn: Path, cove: Path) -> None:
    (drawn / ".trueup/state.db").write_bytes(b"no database" * 999)
    ran = trueup(drawn, "scan", cove)
    assert ran.code == 0
    assert "state.failed" in ran.out
    assert "items reported done" in ran.out


def test_the_group_alone_shows_its_commands() -> None:
    ran = trueup(Path.cwd(), "audit")
    assert (ran.code, "draw" in ran.out, "answer" in ran.out, "result" in ran.out) == (
        0,
        *[True] * 3,
    )
