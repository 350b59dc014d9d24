"""The same result however, wherever and how often it is printed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from tests.cli.running import COMMANDING, in_terminal, shell, trueup

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Scanned

LATIN = {"PYTHONIOENCODING": "iso-8859-1", "LC_ALL": "C"}
NO_LOCALE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
ASCII = {"PYTHONIOENCODING": "ascii"}


def without_times(text: str) -> str:
    """The text without the last lines, which tell how long it took."""
    head, found, _ = text.rpartition("\n\n  Report ")
    assert found
    return head


def test_the_first_scan(scanned: Scanned):
    assert scanned.ran.code == 0
    assert not COMMANDING.search(scanned.ran.out + scanned.ran.err)
    assert "Report .trueup/report.html" in scanned.ran.out
    sentence = json.loads(scanned.json)["sentence"]
    assert sentence in " ".join(scanned.ran.out.split())
    assert "error" not in scanned.ran.err


def test_a_second_scan_says_the_same(scanned: Scanned, tmp_path):
    again = scanned.ask("scan", scanned.repository, "--json", tmp_path / "again.json")
    assert (again.code, again.err) == (0, "")
    assert without_times(again.out) == without_times(scanned.ran.out)
    assert (tmp_path / "again.json").read_text("utf-8") == scanned.json
    assert (scanned.workspace / "report.html").read_text("utf-8") == scanned.report
    collected = scanned.ask("collect", scanned.repository)
    assert (collected.code, collected.err) == (0, "")
    assert collected.out.startswith("cove: nothing new, ")


def test_json_alone_is_quiet(scanned: Scanned):
    ran = scanned.ask("scan", scanned.repository, "--json", "-")
    assert (ran.code, ran.err, ran.out) == (0, "", scanned.json)


@pytest.mark.slow
def test_the_report_goes_where_it_is_wanted(copied: Path, scanned: Scanned):
    ran = trueup(copied, "scan", scanned.repository, "--report", "team.html")
    assert (copied / "team.html").read_text("utf-8") == scanned.report
    assert "Report team.html" in ran.out
    ran = trueup(copied, "scan", scanned.repository, "--audience", "organisation")
    assert "Report .trueup/report-organisation.html" in ran.out
    assert "organisation view" in " ".join(ran.out.split())
    assert "trueup explain C-" not in ran.out


@pytest.mark.parametrize("surroundings", [LATIN, NO_LOCALE, ASCII], ids=["latin", "none", "ascii"])
def test_a_terminal_that_knows_few_letters(surroundings, scanned: Scanned):
    ran = scanned.ask("scan", scanned.repository, **surroundings)
    assert (ran.code, ran.err) == (0, "")
    shown = ran.out.encode("utf-8", "surrogateescape").decode("iso-8859-1")
    if surroundings is not LATIN:
        assert shown.isascii()
    expected = without_times(scanned.ran.out).replace("·", r"\xb7").replace("…", r"\u2026")
    assert without_times(shown.replace("\xb7", r"\xb7")) == expected
    alone = scanned.ask("scan", scanned.repository, "--json", "-", **surroundings)
    assert (alone.code, alone.out) == (0, scanned.json)


def test_other_letters_in_arguments(tmp_path):
    ran = trueup(tmp_path, "explain", "nöpe", **NO_LOCALE)
    assert ran.code == 2
    assert not COMMANDING.search(ran.err)


@pytest.mark.parametrize(
    "line",
    [
        "claims --limit 0 | head -n 1",
        "claims --limit 0 --json - | head -c 9",
        "explain --list | true",
        "--help | true",
        "doctor | true",
        "claims --limit 0 2>&1 | true",
    ],
)
def test_a_reader_who_leaves_early(line, scanned: Scanned):
    """Exit code 1 would mean a finding."""
    command, _, reader = line.rpartition(" | ")
    ran = shell(scanned.folder, f"($trueup {command}; echo $? > '{scanned.folder}/rc') | {reader}")
    assert (ran.code, ran.err) == (0, "")
    assert (scanned.folder / "rc").read_text() == "0\n"
    assert (reader == "true") == (ran.out == "")


def test_a_full_scan_into_a_pipe_that_closes(scanned: Scanned):
    ran = shell(scanned.folder, f"$trueup scan '{scanned.repository}' | head -n 1")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == scanned.ran.out.splitlines(keepends=True)[0]


@pytest.mark.parametrize(
    ("closed", "code"),
    [("claims >&-", 0), ("scan nowhere 2>&-", 4), ("scan nowhere 2>/dev/full", 4)],
)
def test_streams_that_are_closed(closed, code, scanned: Scanned):
    ran = shell(scanned.folder, f"$trueup {closed}")
    assert (ran.code, ran.out, ran.err) == (code, "", "")


def bold(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_colour_is_for_terminals_that_want_it(scanned: Scanned):
    plain = scanned.ask("claims").out
    painted = in_terminal(scanned.folder, "claims")
    assert painted.code == 0
    assert "\x1b[1m" in painted.out
    assert bold(painted.out) == plain
    for wish in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert in_terminal(scanned.folder, "claims", **wish).out == plain


@pytest.mark.parametrize(("columns", "widest"), [(40, 60), (70, 70), (200, 100)])
def test_lines_fit_the_terminal(columns, widest, scanned: Scanned):
    """Below 60 columns tables would not hold, above 100 nobody reads."""
    told = {"NO_COLOR": "1"}
    shown = [
        in_terminal(scanned.folder, *arguments, columns=columns, **told).out
        for arguments in (["claims"], ["scan", scanned.repository])
    ]
    shown[1] = shown[1].rpartition("\r")[2]
    assert max(len(line) for text in shown for line in text.splitlines()) <= widest
    flat = [" ".join(text.split()) for text in shown]
    assert json.loads(scanned.json)["sentence"] in flat[1]


def test_progress_fits_a_narrow_terminal(copied: Path, cove: Path):
    ran = in_terminal(copied, "collect", cove, "--workspace", "fresh", columns=24)
    assert ran.code == 0
    *progress, last = ran.out.split("\r")
    assert last == "cove: 375 new commits, 375 in all, level lines\n"
    assert any(p.startswith("reading commits: ") for p in progress)
    assert max(map(len, progress)) < 24
    assert not COMMANDING.search("".join(progress))
    assert progress[-1].strip() == ""


def test_an_error_stands_on_a_line_of_its_own(tmp_path):
    ran = in_terminal(tmp_path, "scan", "file:///nowhere")
    assert ran.code == 4
    assert ran.out.rpartition("\r")[2].startswith("error: this address cannot be fetched")
