"""No name, address or secret of a repository in anything that a command prints or keeps.

`How we would know it was wrong: a planted name appears in any file of the workspace outside
facts/people, or in any output.`
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from tests.cli.leaks import told_in, told_in_files
from tests.cli.running import Ran, trueup
from tests.sources.git.making import Repo, git

from trueup.simulate.organisation import write
from trueup.simulate.scenarios import small

if TYPE_CHECKING:
    from pathlib import Path

BIRD = "Zebulon Quagmire <zebulon.quagmire@canary.example>"
#: Names and addresses, which nobody may see.
NAMES = ("zebulon", "quagmire", "xylophonist", "kanarienvogel", "canary.example")
#: What only bodies of messages, remotes and contents hold: it is never shown.
HIDDEN = ("hunter2", "akiaschnabel", "s3cretremote")
#: In subjects alone: the team sees them in a terminal, nobody in a file.
SUBJECTS = ("rotate the wombat token", "thanks to the platypus")
END = 1_728_205_078

COMMITS = (
    ("Thanks to the platypus and Zebulon Quagmire (#901)", "hunter2\n\nCloses #901\n"),
    ("Rotate the wombat token of zebulon.quagmire@canary.example (#902)", "AKIASCHNABEL\n"),
    ("Merge pull request #903 from zebulon-quagmire/topic", "Tidy, says Kanarienvogel\n"),
    ("zebulon quagmire <ZEBULON.QUAGMIRE@canary.example>: closes #904", "Zebulon: hunter2\n"),
    ('Revert "Thanks to the platypus and Zebulon Quagmire (#901)"', "See xylophonist (#905).\n"),
)
TRAILERS = (
    f"Signed-off-by: {BIRD}\nReviewed-by: Kanarienvogel <k@canary.example>\n"
    "Quagmire-by: hunter2\nCo-authored-by: xylophonist <xylophonist@canary.example>\n"
)
SETTINGS = """
[[team]]
name = "aviary"
members = ["zebulon.quagmire@canary.example", { person = "xylophonist@canary.example" }]
"""
#: Every command in all its forms; `{repo}` is the repository.
COMMANDS = (
    "collect {repo}",
    "scan {repo}",
    "scan {repo} --json team.json",
    "scan {repo} --json -",
    "scan {repo} --audience organisation --json board.json --report board.html",
    "scan {repo} nowhere",
    "claims --limit 0",
    "claims --limit 0 --json claims.json",
    "claims --limit 0 --json -",
    "claims --find C-AAAAAAA",
    "explain C-AAAAAAA",
    "explain --list",
    "doctor",
)


@dataclass
class Aviary:
    """A folder in which every command was run on a repository full of canaries."""

    folder: Path
    repository: Path
    ran: dict[str, Ran] = field(default_factory=dict)

    def run(self, line: str) -> Ran:
        """Run a command and keep what it said."""
        words = [str(self.repository) if w == "{repo}" else w for w in line.split()]
        self.ran[line] = trueup(self.folder, *words)
        return self.ran[line]


def birds(place: Path) -> None:
    """Commits in which people are named wherever git lets them be."""
    bird, other = BIRD.encode(), b"Kanarienvogel <k@canary.example>"
    owners = b"* @kanarienvogel xylophonist@canary.example\n/merge/ @acme/merge @kanarienvogel\n"
    files: dict[bytes | str, bytes] = {".mailmap": bird + b" <old@canary.example>\n"}
    files |= {".github/CODEOWNERS": owners, "merge/key.py": b"hunter2 = 'Zebulon'\n"}
    with Repo(place) as repo:
        for number, (subject, body) in enumerate(COMMITS):
            repo.commit(
                files | {f"merge/b{number}.py": b"x = 1\n" * (number + 1)},
                f"{subject}\n\n{body}\n{TRAILERS}",
                author=bird if number % 2 else other,
                committer=other if number % 2 else bird,
                at=END - 40 * 86_400 + number * 3600,
            )
        repo.commit({}, "Off we go", branch="zebulon/quagmire-1.2", parents=[repo.tip()])
        repo.tag("kanarienvogel-says-hello", repo.tip())
    git(place, "config", "user.name", "Zebulon Quagmire")
    remote = "https://zebulon.quagmire:s3cretremote@forge.example/a/b.git"
    git(place, "config", "remote.origin.url", remote)


@pytest.fixture(scope="module")
def aviary(tmp_path_factory: pytest.TempPathFactory) -> Aviary:
    home = tmp_path_factory.mktemp("birds")
    repository = home / write(small(canaries=(BIRD, "xylophonist@canary.example")), home).repository
    birds(repository)
    found = Aviary(tmp_path_factory.mktemp("desk"), repository)
    (found.folder / "trueup.toml").write_text(SETTINGS)
    for line in COMMANDS:
        found.run(line)
    told = json.loads(found.ran["claims --limit 0 --json -"].out)["claims"]
    ours = [c["id"] for c in told if any(f"#90{n}" in c["ticket"] for n in range(1, 6))]
    for name in ours[:6]:
        found.run(f"explain {name}")
    return found


def test_every_command_did_its_work(aviary: Aviary):
    """Else an empty page would be a clean one."""
    codes = {line: ran.code for line, ran in aviary.ran.items() if ran.code}
    assert codes == {"scan {repo} nowhere": 4, "explain C-AAAAAAA": 2}
    assert sum(line.startswith("explain C-") for line in aviary.ran) > 3
    listed = aviary.ran["claims --limit 0 --json -"].out
    assert all(f"#90{n}" in listed for n in (1, 2, 3, 4))


def test_nobody_is_named_in_any_output(aviary: Aviary):
    for line, ran in aviary.ran.items():
        assert told_in(ran.out + ran.err, NAMES + HIDDEN) == set(), line


def test_names_in_subjects_are_masked(aviary: Aviary):
    """`with names and addresses that the workspace knows masked`"""
    claims = json.loads(aviary.ran["claims --limit 0 --json -"].out)["claims"]
    subjects = {c["subject"] for c in claims}
    assert "Thanks to the platypus and [name] (#901)" in subjects
    assert "Rotate the wombat token of [name] (#902)" in subjects
    assert "Merge pull request #903" in subjects
    shown = " ".join(aviary.ran["claims --limit 0"].out.split())
    assert "[name]" in shown


def kept(aviary: Aviary) -> list[Path]:
    """Every file that the commands have written, but for the people."""
    files = [p for p in aviary.folder.rglob("*") if p.is_file() and p.name != "trueup.toml"]
    return [p for p in files if not p.parent.name.startswith("people")]


def test_no_file_holds_a_name_a_secret_or_a_subject(aviary: Aviary):
    files = kept(aviary)
    names = {p.name for p in files}
    assert {"report.html", "report-organisation.html"} & names == {"report.html"}
    assert {"team.json", "board.json", "board.html", "claims.json"} <= names
    assert sum(p.suffix == ".parquet" for p in files) > 12
    assert told_in_files(files, NAMES + HIDDEN + SUBJECTS) == {}


def test_people_are_where_they_belong(aviary: Aviary):
    """The measure itself: what is looked for is found where it may be."""
    people = (aviary.folder / ".trueup/facts").glob("people*/*.parquet")
    found: set[str] = set().union(*told_in_files(people, NAMES + HIDDEN + SUBJECTS).values())
    assert found == set(NAMES)
    terminal = aviary.ran["claims --limit 0"].out
    assert told_in(" ".join(terminal.split()), SUBJECTS)


def test_the_key_is_nowhere(aviary: Aviary):
    from tests.cli.running import KEY

    words = (KEY, KEY.encode().hex())
    assert told_in_files(kept(aviary), words) == {}
    assert all(told_in(ran.out + ran.err, words) == set() for ran in aviary.ran.values())


def test_beyond_the_team_no_claim_is_named(aviary: Aviary):
    board = [(aviary.folder / name).read_text("utf-8") for name in ("board.json", "board.html")]
    claims = json.loads(aviary.ran["claims --limit 0 --json -"].out)["claims"]
    out = aviary.ran[
        "scan {repo} --audience organisation --json board.json --report board.html"
    ].out
    for claim in claims:
        for text in [*board, out]:
            assert claim["id"] not in text
            assert not any(sha[:12] in text for sha in claim["commits"])


def test_an_unknown_branch_names_nobody(aviary: Aviary):
    """`Names of topic branches are hashed.`"""
    ran = trueup(aviary.folder, "scan", aviary.repository, "--branch", "nope")
    assert ran.slug == "git.unknown-branch"
    assert told_in(ran.err, NAMES) == set()


@pytest.mark.parametrize(
    "target", ["https://zebulon:hunter2@localhost:1/a.git", "file://zebulon:hunter2@x/nowhere"]
)
def test_an_address_with_a_secret(target, aviary: Aviary, tmp_path):
    ran = trueup(tmp_path, "scan", target)
    assert (ran.code, ran.slug) == (4, "git.failed")
    assert told_in(ran.out + ran.err, ("zebulon", "hunter2")) == set()
    assert told_in_files([p for p in tmp_path.rglob("*") if p.is_file()], ("hunter2",)) == {}
