"""A real Review Board: filled and changed through its own interface, and followed by ours."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.serving import facts, free_port, installed, rows, serving, stop, sync

from trueup.facts.store import Store
from trueup.kernel.errors import CredentialsError, NotFoundError
from trueup.runs.kinds import SOURCES

pytestmark = pytest.mark.e2e

REVIEWBOARD = SOURCES["reviewboard"]
PASSWORD = "a-word-for-tests"
#: What the page for tokens of Review Board calls read-only.
READS = '{"resources": {"*": {"allow": ["GET", "HEAD", "OPTIONS"], "block": ["*"]}}}'
HOME = "acme/checkout"


@dataclass
class Board:
    """A running Review Board with a repository, two people who work and one who administers."""

    address: str
    clone: Path
    token: str = ""
    repository: int = 0

    def ask(self, who: str, method: str, path: str, files: Any = None, /, **told: Any) -> Any:
        """What one of them does with it."""
        answer = httpx.request(
            method, f"{self.address}/api/{path}/", auth=(who, PASSWORD), data=told, files=files,
            timeout=120, headers={"Accept": "application/json"},
        )  # fmt: skip
        assert answer.is_success, (path, answer.text[:500])
        return answer.json() if answer.content else {}

    def git(self, *command: str) -> str:
        """A command in the clone."""
        who = ("-c", "user.name=Ada Quill", "-c", "user.email=ada@example.org")
        told = ["git", "-C", str(self.clone), *who, *command]
        return subprocess.run(told, capture_output=True, check=True).stdout.decode()

    def commit(self, text: str, message: str) -> tuple[str, str, bytes]:
        """A new commit: its parent, itself, and what it changes."""
        (self.clone / "orders.py").write_text(text)
        self.git("add", "-A")
        parent = self.git("rev-parse", "HEAD").strip()
        self.git("commit", "-qm", message)
        diff = self.git("diff", "--full-index", parent, "HEAD").encode()
        return parent, self.git("rev-parse", "HEAD").strip(), diff

    def request(self, summary: str, *, public: bool = True, **told: Any) -> int:
        """A review request without commits."""
        made = self.ask("ada", "POST", "review-requests", repository=self.repository)
        number = made["review_request"]["id"]
        told = {"summary": summary, "description": "-", "target_people": "ben", **told}
        told |= {"public": 1} if public else {}
        self.ask("ada", "PUT", f"review-requests/{number}/draft", **told)
        return number

    def posted(self, summary: str, text: str, **told: Any) -> int:
        """A review request with a commit, as its own tool posts it."""
        made = self.ask(
            "ada", "POST", "review-requests", repository=self.repository, create_with_history=1
        )
        number = made["review_request"]["id"]
        self.revise(number, summary, text, **told)
        return number

    def revise(self, number: int, summary: str, text: str, **told: Any) -> None:
        """A new diff of one commit."""
        parent, sha, diff = self.commit(text, summary)
        files = {"diff": ("diff", diff)}
        about = {"commit_id": sha, "parent_id": parent}
        checked = self.ask(
            "ada", "POST", "validation/commits", files,
            repository=self.repository, base_commit_id=parent, **about,
        )  # fmt: skip
        info = next(v["validation_info"] for v in checked.values() if "validation_info" in v)
        path = f"review-requests/{number}/draft"
        made = self.ask(
            "ada", "POST", f"review-requests/{number}/diffs", with_history=1, base_commit_id=parent
        )
        path_of_diff = f"{path}/diffs/{made['diff']['revision']}"
        self.ask(
            "ada", "POST", f"{path_of_diff}/draft-commits", files, commit_message=summary,
            author_name="Ada Quill", author_email="ada@example.org",
            author_date="2026-10-02T10:00:00+02:00", committer_name="Ada Quill",
            committer_email="ada@example.org", committer_date="2026-10-02T11:00:00+02:00",
            validation_info="", **about,
        )  # fmt: skip
        self.ask(
            "ada", "PUT", path_of_diff, {"cumulative_diff": ("diff", diff)},
            finalize_commit_series=1, validation_info=info,
        )  # fmt: skip
        told = {"summary": summary, "description": "-", "target_people": "ben", **told}
        self.ask("ada", "PUT", path, public=1, **told)

    def review(self, number: int, **told: Any) -> int:
        """What Ben says of it."""
        made = self.ask("ben", "POST", f"review-requests/{number}/reviews", **told)
        return made["review"]["id"]

    def discuss(self, number: int) -> None:
        """Ben asks about a line and about the whole; Ada answers both."""
        review = self.review(number, body_top="Two questions.")
        path = f"review-requests/{number}/reviews/{review}"
        (file,) = self.ask("ben", "GET", f"review-requests/{number}/diffs/1/files")["files"]
        line = self.ask(
            "ben", "POST", f"{path}/diff-comments", filediff_id=file["id"], first_line=1,
            num_lines=1, text="What if it fails?", issue_opened=1,
        )["diff_comment"]["id"]  # fmt: skip
        whole = self.ask("ben", "POST", f"{path}/general-comments", text="Is it documented?")
        self.ask("ben", "PUT", path, public=1)
        reply = self.ask("ada", "POST", f"{path}/replies", body_top="Thanks.")["reply"]["id"]
        path = f"{path}/replies/{reply}"
        self.ask("ada", "POST", f"{path}/diff-comments", reply_to_id=line, text="Then it waits.")
        whole_id = whole["general_comment"]["id"]
        self.ask("ada", "POST", f"{path}/general-comments", reply_to_id=whole_id, text="Done.")
        self.ask("ada", "PUT", path, public=1)

    def put(self, number: int, status: str, why: str = "") -> None:
        """Close or open it again."""
        told = {"close_description": why} if why else {}
        self.ask("ada", "PUT", f"review-requests/{number}", status=status, **told)


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    program = str(installed("reviewboard/bin/rb-site"))
    folder = tmp_path_factory.mktemp("reviewboard")
    site = folder / "site"
    command = [
        program, "install", "--noinput", "--no-color", "--opt-out-support-data",
        "--domain-name=127.0.0.1", "--allowed-host=127.0.0.1", "--db-type=sqlite3",
        f"--db-name={site}/data/reviews.db", "--cache-type=file", f"--cache-info={folder}/cache",
        "--admin-user=admin", f"--admin-password={PASSWORD}", "--admin-email=admin@example.org",
        str(site),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()[-2000:]
    port = free_port()
    command = [program, "manage", str(site), "runserver", f"127.0.0.1:{port}", "--noreload"]
    server = serving(command, port, folder / "log")
    try:
        found = Board(f"http://127.0.0.1:{port}", folder / "clone")
        _people_and_repository(found)
        version = found.ask("admin", "GET", "info")["info"]["product"]["package_version"]
        print(f"Review Board {version}")
        yield found
    finally:
        stop(server)


def _people_and_repository(board: Board) -> None:
    for login, name in (("ada", "Quill"), ("ben", "Ito")):
        told = {"first_name": login.title(), "last_name": name, "password": PASSWORD}
        board.ask("admin", "POST", "users", username=login, email=f"{login}@example.org", **told)
    made = board.ask("admin", "POST", "users/admin/api-tokens", note="reads", policy=READS)
    board.token = made["api_token"]["token"]
    board.clone.mkdir()
    board.git("init", "-q", "-b", "main")
    (board.clone / "README").write_text("Orders\n")
    board.git("add", "-A")
    board.git("commit", "-qm", "Begin")
    made = board.ask(
        "admin", "POST", "repositories", name="Checkout", path=f"{board.clone}/.git", tool="Git",
        mirror_path=f"https://forge.example/{HOME}.git",
    )  # fmt: skip
    board.repository = made["repository"]["id"]
    (board.clone.parent / "other").mkdir()
    other = board.clone.parent / "other"
    subprocess.run(["git", "init", "-q", "--bare", str(other)], check=True)
    board.ask("admin", "POST", "repositories", name="Other", path=str(other), tool="Git")


@pytest.fixture(scope="module")
def filled(board: Board) -> dict[str, int]:
    """Requests of every kind."""
    landed = board.posted(
        "Retry orders", "retry = True\n", bugs_closed="12, KAFKA-3", branch="main", testing_done="-"
    )
    board.discuss(landed)
    board.review(landed, ship_it=1, public=1, body_top="Ship It!")
    board.put(landed, "submitted", "Pushed to main (1c44b46)")
    return {
        "landed": landed,
        "revised": board.posted("Count retries", "retry = 1\n"),
        "dropped": board.request("Drop the cache", bugs_closed="14"),
        "erased": _discussed(board, "By mistake"),
        "draft": board.request("Not yet", public=False),
    }


def _discussed(board: Board, summary: str) -> int:
    """A request that has something of everything that is listed by itself."""
    number = board.posted(summary, "mistake = True\n")
    board.discuss(number)
    return number


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "workspace")


def follow(
    board: Board, store: Store, place: str = "Checkout", source: Any = REVIEWBOARD, **more: bool
):
    """A sync in which everything could be read and understood."""
    taken, refused = sync(source, store, place, board.address, board.token, **more)
    assert (refused, taken.problems, dict(taken.unknown_values)) == ([], [], {})
    assert dict(taken.unknown_fields) == {}, "fields that nobody knows"
    return taken


def test_what_stands_there_is_read(board: Board, filled: dict[str, int], store: Store):
    landed = str(filled["landed"])
    follow(board, store)
    requests = rows(store, "requests", "repo", "number", "status", "commits")
    numbers = [filled[name] for name in ("landed", "revised", "dropped", "erased")]
    states = ("merged", "open", "open", "open")
    assert requests == sorted(
        (HOME, str(n), state, None if n == filled["dropped"] else 1)
        for n, state in zip(numbers, states, strict=True)
    )
    ((merged, closed, opened),) = [
        row[1:]
        for row in rows(store, "requests", "number", "merged_at", "closed_at", "happened_at")
        if row[0] == landed
    ]
    assert merged == closed > opened
    given = [v for n, v in rows(store, "reviews", "number", "verdict") if n == landed]
    assert given == ["approved", "commented"]
    told = rows(store, "comments", "key", "kind", "path", "asks")
    assert [row for key, *row in told if key == f"#{landed}"] == [
        ["discussion", None, False], ["discussion", None, False], ["discussion", None, True],
        ["line", "orders.py", False], ["line", "orders.py", True],
    ]  # fmt: skip
    links = rows(store, "item_links", "item", "relation", "target")
    assert (landed, "mentions", "#12") in links
    assert (landed, "mentions", "KAFKA-3") in links
    assert (landed, "closed_by", "1c44b46") in links
    sha = board.git("log", "--format=%H", "--grep=Retry orders").strip()
    assert (landed, sha) in rows(store, "request_commits", "number", "sha")


def test_pages_are_followed_to_the_end(board: Board, filled: dict[str, int], tmp_path: Path):
    """Two records fit a page here, and fifty as we ask."""
    whole, paged = Store(tmp_path / "whole"), Store(tmp_path / "paged")
    kinds = tuple(
        replace(k, listing=replace(k.listing, params={**k.listing.params, "max-results": 2}))
        for k in REVIEWBOARD.kinds
    )
    follow(board, whole)
    follow(board, paged, source=replace(REVIEWBOARD, kinds=kinds))
    assert facts(paged, REVIEWBOARD) == facts(whole, REVIEWBOARD)
    assert len(rows(paged, "requests", "number")) == len(filled) - 1


def test_places(board: Board, filled: dict[str, int], tmp_path: Path):
    """By name, by number, all of them, an empty one, and one that is not there."""
    named, numbered, everything = (Store(tmp_path / name) for name in "abc")
    follow(board, named)
    follow(board, numbered, str(board.repository))
    follow(board, everything, "*")
    assert facts(named, REVIEWBOARD) == facts(numbered, REVIEWBOARD)
    assert facts(named, REVIEWBOARD) == facts(everything, REVIEWBOARD)
    assert rows(named, "requests", "number")
    follow(board, empty := Store(tmp_path / "d"), "Other")
    assert rows(empty, "requests", "number") == []
    with pytest.raises(NotFoundError):
        sync(REVIEWBOARD, Store(tmp_path / "e"), "Nowhere", board.address, board.token)


def test_a_wrong_token(board: Board, store: Store):
    with pytest.raises(CredentialsError, match="REVIEWBOARD_TOKEN"):
        sync(REVIEWBOARD, store, "Checkout", board.address, "rbp_wrong")


def test_the_token_may_change_nothing(board: Board, filled: dict[str, int]):
    """The least that reads: a token with the policy that we name."""
    answer = httpx.put(
        f"{board.address}/api/review-requests/{filled['revised']}/", data={"status": "discarded"},
        headers=REVIEWBOARD.interface.headers(board.token),
    )  # fmt: skip
    assert answer.status_code == httpx.codes.FORBIDDEN


def test_what_changes_behind_our_back(board: Board, filled: dict[str, int], tmp_path: Path):
    """Edited, discarded, opened again, revised, published, erased: every change once."""
    store, fresh = Store(tmp_path / "kept"), Store(tmp_path / "fresh")
    follow(board, store)
    assert follow(board, store).rows == 0
    board.ask(
        "ada", "PUT", f"review-requests/{filled['dropped']}/draft",
        summary="Drop a cache", bugs_closed="15", public=1,
    )  # fmt: skip
    board.put(filled["dropped"], "discarded", "Nobody needs it")
    board.put(filled["landed"], "pending")
    board.review(filled["revised"], ship_it=1, public=1)
    first = board.git("rev-parse", "HEAD").strip()
    board.revise(filled["revised"], "Count all retries", "retry = 2\n")
    board.ask("ada", "PUT", f"review-requests/{filled['draft']}/draft", public=1)
    board.ask("admin", "DELETE", f"review-requests/{filled['erased']}")
    follow(board, store)
    status = dict(rows(store, "requests", "number", "status"))
    assert {name: status[str(number)] for name, number in filled.items()} == {
        "landed": "open", "revised": "open", "dropped": "closed", "draft": "open", "erased": "open",
    }  # fmt: skip
    dropped = str(filled["dropped"])
    said = [
        row[1:]
        for row in rows(store, "item_links", "item", "relation", "target")
        if row[0] == dropped
    ]
    assert said == [("mentions", "#15")], "the bug it named before is not its any more"
    own = [
        sha
        for n, sha in rows(store, "request_commits", "number", "sha")
        if int(n) == filled["revised"]
    ]
    assert own == [board.git("rev-parse", "HEAD").strip()] != [first]
    opened = (f"#{filled['landed']}", "status", "done", "open")
    assert opened in rows(store, "issue_events", "key", "field", "before", "after")
    moments = dict(rows(store, "requests", "number", "merged_at"))
    assert moments[str(filled["landed"])] is None
    assert follow(board, store).rows == 0
    # What was read bit by bit is what is there now, and the one that was erased.
    follow(board, fresh)
    kept, now = facts(store, REVIEWBOARD), facts(fresh, REVIEWBOARD)
    assert all(set(now[name]) <= set(kept[name]) for name in now)
    told = {name for name in kept if set(kept[name]) - set(now[name])}
    assert told == {"requests", "comments", "request_commits", "reviews"}
    assert follow(board, store, whole=True).gone > 0
    assert facts(store, REVIEWBOARD) == now
    assert follow(board, store).rows == 0
