"""Messages, paths, tags and names that attack who reads them: shown as text, never obeyed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from tests.cli.running import COMMANDING, in_terminal, trueup
from tests.report.reading import read
from tests.sources.git.making import DAY, START, Repo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.running import Ran

ESCAPES = "\x1b]0;pwned\x07\x1b[2J\x1b[31m\x9b31m\x08\x7f"
IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "</script><script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://x.example","y")'
TURNED = "\u202egnp.exe\u2066\u200b"
FOLDERS = (f"{IMAGE}", f"=1+1 {ESCAPES}", f"{TURNED}", "{{ 7*7 }} {% raw %} ${x}")
SUBJECTS = (
    f"Fixes #1: {ESCAPES}{IMAGE}",
    f"Fixes #2: {SCRIPT}",
    f"{FORMULA} closes #3",
    f"Fixes #4 {TURNED}",
    "+1 closes #5 @SUM(A1) -2\tx\ry",
    "Fixes #6 [link](javascript:alert(1)) {{ 7*7 }}",
    "Fixes #7 " + "m" * 1_000_000,
    "Fixes #8 e" + "\u0301" * 400,
    "Fixes #9 ' onmouseover='alert(1)' \" onfocus=\"alert(1)",
)
BODY = f"{ESCAPES}{IMAGE}\n" + "Fixes #77\n" * 200_000 + "\x00nul" * 10


def attack(place: Path) -> None:
    """A year of work by a dozen people in hostile folders, with hostile messages."""
    with Repo(place) as repo:
        for n in range(120):
            folder = FOLDERS[n % len(FOLDERS)]
            subject = SUBJECTS[n % len(SUBJECTS)].replace("#", f"#{n}0", 1)
            body = BODY if n == 50 else f"Reviewed-by: Bo {IMAGE} <b{n}@x>"
            repo.commit(
                {f"{folder}/{n % 7}{IMAGE}.py": b"x = 1\n    y = 2\n" * (n + 1)},
                f"{subject}\n\n{body}\n".replace("\x00", ""),
                author=f"P{n % 12} {ESCAPES.replace(chr(10), '')} <p{n % 12}@x>".encode(),
                at=START + n * 3 * DAY,
            )
            if n % 40 == 39:
                repo.branch(f"refs/tags/v{n}.0{IMAGE.replace(' ', '')}", repo.tip())
        repo.commit({"NEWS.md": f"# v1 {IMAGE}\n- {SCRIPT} #1\n".encode()}, "News")


class Attacked:
    """What was printed and written about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = f"app {IMAGE.replace('/', '')}\x1b[31m=1+1"
        attack(folder / self.name)
        self.scan = trueup(folder, "scan", self.name, "--json", "scan.json")
        self.json = (folder / "scan.json").read_bytes()
        self.html = (folder / ".trueup/report.html").read_bytes()
        self.claims = trueup(folder, "claims", "--limit", "0", "--json", "-")

    def run(self, *arguments: object) -> Ran:
        return trueup(self.folder, *arguments)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    return Attacked(tmp_path_factory.mktemp("attacked"))


def test_it_is_read_and_judged(attacked: Attacked):
    """Else nothing hostile would have been shown at all."""
    assert (attacked.scan.code, attacked.claims.code) == (0, 0)
    subjects = " ".join(c["subject"] for c in json.loads(attacked.claims.out)["claims"])
    for text in ("\x1b]0;pwned", "\x9b31m", IMAGE, SCRIPT, FORMULA, "\u202e", "m" * 1_000_000):
        assert text in subjects
    areas = {c["area"] for c in json.loads(attacked.claims.out)["claims"]}
    assert {IMAGE, FOLDERS[3]} <= areas
    assert IMAGE in attacked.json.decode()


def test_nothing_commands_a_terminal(attacked: Attacked):
    ids = [c["id"] for c in json.loads(attacked.claims.out)["claims"]][:: len(SUBJECTS) + 2]
    runs = [attacked.scan, attacked.claims, attacked.run("claims", "--limit", "0")]
    runs += [attacked.run("explain", name) for name in ids[:5]]
    runs += [attacked.run("collect", attacked.name), attacked.run("scan", f"{attacked.name}x")]
    runs += [attacked.run("explain", ESCAPES), attacked.run("claims", "--status", ESCAPES)]
    runs += [attacked.run(ESCAPES), attacked.run("scan", f"--{ESCAPES}")]
    runs += [attacked.run("scan", attacked.name, "--branch", ESCAPES)]
    for ran in runs:
        assert COMMANDING.findall(ran.out + ran.err) == []
    shown = "".join("".join(ran.out for ran in runs[2:8]).split())
    assert r"\x1b]0;pwned\x07" in shown


def test_progress_does_not_command_a_terminal(attacked: Attacked, tmp_path):
    ran = in_terminal(attacked.folder, "collect", attacked.name, "--workspace", tmp_path / "w")
    assert ran.code == 0
    assert COMMANDING.findall(ran.out.replace("\r", "")) == []


def test_lists_stay_short(attacked: Attacked):
    """A very long subject takes as many lines as one of a few hundred letters."""
    out = attacked.run("claims", "--limit", "0").out
    assert max(map(len, out.splitlines())) < 200
    assert len(out) < 100_000
    name = next(c["id"] for c in json.loads(attacked.claims.out)["claims"] if "mmm" in c["subject"])
    assert len(attacked.run("explain", name).out) < 4000


def test_marks_do_not_climb(attacked: Attacked):
    assert re.search("\u0301{5}", attacked.run("claims", "--limit", "0").out) is None


def test_the_page_runs_nothing_of_it(attacked: Attacked):
    text = attacked.html.decode("utf-8")
    page = read(text)
    assert page.find("img") == []
    assert all("alert" not in "".join(s.texts) for s in page.find("script", "style"))
    for element in page.walk():
        assert not [a for a in element.attributes if a.startswith("on")]
        links = [element.attributes.get(a) or "" for a in ("href", "src", "action")]
        assert not [k for k in links if re.match(r"\s*(javascript|data|https?):", k)]
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_nothing_is_a_template(attacked: Attacked):
    assert b"{{ 7*7 }}" in attacked.json
    assert b"{{ 7*7 }}" in attacked.html
    assert b"49 {% raw %}" not in attacked.html


def test_json_is_sound_and_writes_out_what_commands(attacked: Attacked):
    for text in (attacked.json.decode("utf-8"), attacked.claims.out):
        assert COMMANDING.findall(text) == []
        json.loads(text)


def test_megabytes_stay_out_of_the_workspace(attacked: Attacked):
    files = [p for p in (attacked.folder / ".trueup").rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) < 2_000_000
    assert all(b"m" * 400 not in p.read_bytes() for p in files)
