"""Claims, evidence and books made by hand, in days counted from one first day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from trueup.claims.book import Book, Commit, Entry, Link, Mark, Ran, Release
from trueup.claims.forge import Look, Request
from trueup.claims.habits import Habits
from trueup.claims.model import Claim, Evidence, Kind, Rung
from trueup.claims.policy import Policy
from trueup.claims.tracker import Issue, Reopening

FIRST = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = Policy()
NO_HABITS = Habits(())


def day(number: float) -> datetime:
    return FIRST + number * DAY


def claim(number: float = 0, *evidence: Evidence, kind: Kind = Kind.COMMIT, **known) -> Claim:
    """A claim made on a day."""
    key = known.pop("key", f"sha:{number}")
    shas = known.pop("shas", ("a" * 40,))
    return Claim("acme/x", kind, key, day(number), shas, evidence=list(evidence), **known)


def present(number: float = 0, how: str = "ancestry") -> Evidence:
    return Evidence(Rung.PRESENT, day(number), how)


def inspected(number: float = 0, how: str = "trailer") -> Evidence:
    return Evidence(Rung.INSPECTED, day(number), how)


def passed(number: float = 0, how: str = "tests_passed") -> Evidence:
    return Evidence(Rung.TESTED, day(number), how)


def failed(how: str, number: float = 0) -> Evidence:
    return Evidence(Rung.TESTED, day(number), how, against=True)


def flawed(how: str, number: float = 0) -> Evidence:
    return Evidence(Rung.INSPECTED, day(number), how, against=True)


def reopened(number: float, until: float | None = None) -> Evidence:
    end = None if until is None else day(until)
    return Evidence(Rung.SURVIVED, day(number), "reopened", against=True, until=end)


def released(number: float = 0, how: str = "contained", *, against: bool = False) -> Evidence:
    return Evidence(Rung.RELEASED, day(number), how, "v1", against=against)


def reverted(number: float, until: float | None = None, *, made_good: bool = False) -> Evidence:
    end = None if until is None else day(until)
    return Evidence(
        Rung.PRESENT, day(number), "reverted", against=True, until=end, made_good=made_good
    )


def refixed(number: float, until: float | None = None) -> Evidence:
    end = None if until is None else day(until)
    return Evidence(
        Rung.SURVIVED, day(number), "refixed", against=True, until=end, made_good=until is not None
    )


def habit_of(*evidence: Evidence, kind: Kind = Kind.COMMIT, n: int = 20) -> Habits:
    """Habits of a repository in which claims normally look like this."""
    return Habits([claim(0, *evidence, kind=kind) for _ in range(n)])


class Told:
    """A book written commit by commit; a name stands for a commit, and its id is made from it."""

    def __init__(self) -> None:
        self.book = Book("acme/x")

    def commit(
        self,
        name: str,
        at: float,
        *links: Link,
        subject: str = "",
        actor: str = "ada",
        kind: str = "human",
        landed: float | None = -1,
        by: str = "",
        made: float | None = None,
        merge: str = "",
        parent: str = "",
        files: int = 1,
    ) -> str:
        """A commit made on a day, that landed then and by itself unless told otherwise."""
        sha = id_of(name)
        made_at = day(at if made is None else made)
        landed_at = None if landed is None else day(at if landed == -1 else landed)
        self.book.commits[sha] = Commit(
            repo="acme/x",
            sha=sha,
            actor=actor,
            kind=kind,
            subject=subject or f"subject of {name}",
            made_at=made_at,
            authored_at=made_at,
            landed_at=landed_at,
            landed_by="" if landed_at is None else id_of(by) if by else sha,
            merge=bool(merge),
            first_parent=id_of(parent) if parent else "",
            second_parent=id_of(merge) if merge else "",
            files=0 if merge else files,
        )
        self.book.links[sha] += links
        return sha

    def look(self, name: str, by: str, how: str = "trailer") -> None:
        self.book.inspected[id_of(name)].add(Mark(how, by))

    def request(
        self, number: str, *looks: Look, opened: float = 0, merged: float = 1, **known
    ) -> None:
        """A merged request of ada's, merged by her, unless told otherwise."""
        told = {"author": "ada", "kind": "human", "merger": "ada", "merge_sha": "", "head": ""}
        told |= {"target": "main", "sign": ""} | known
        self.book.requests[number] = Request(
            number, opened_at=day(opened), merged_at=day(merged), looks=list(looks), **told
        )

    def issue(
        self,
        key: str,
        *closings: float,
        opened: tuple[float, ...] = (),
        refused: float | None = None,
        **known,
    ) -> None:
        """An issue made on day 0, closed, opened again, and in the end refused on some days."""
        told = {"kind": "bug", "closer": "ada", "closer_kind": "human"} | known
        shut = [day(n) for n in closings]
        given_up = None if refused is None else day(refused)
        ends = [*shut[1:], given_up]
        told |= {"closings": shut, "refused_at": given_up}
        told["openings"] = [
            Reopening(day(n), end, refused=end is not None and end == given_up)
            for n, end in zip(opened, ends, strict=False)
        ]
        self.book.issues[key] = Issue(
            self.book.repo,
            self.book.repo,
            key,
            made_at=day(0),
            reported_at=told["closings"][0],
            **told,
        )

    def ran(self, name: str, outcome: str, told: str = "report", at: float | None = None) -> None:
        sha = id_of(name)
        self.book.tested[sha] = Ran(sha, outcome, told, None if at is None else day(at))

    def release(self, tag: str, at: float, *names: str, after: tuple[str, ...] = ()) -> None:
        """A release that contains commits for the first time, and earlier releases."""
        self.book.releases[tag] = Release(tag, day(at), frozenset(after), prerelease=False)
        for name in names:
            self.book.first_in[id_of(name)].append(tag)

    def entry(self, tag: str, target: str, words_of: str = "") -> None:
        at = self.book.releases[tag].made_at
        self.book.entries.append(Entry(tag, target, at, id_of(words_of) if words_of else ""))

    def read(self) -> Book:
        self.book.index()
        return self.book


def look(
    by: str,
    verdict: str = "approved",
    at: float | None = 0.5,
    *,
    after: float | None = None,
    kind: str = "human",
    spoke: bool = False,
    reached: bool = True,
) -> Look:
    """What somebody did as a reviewer, on a day before it was merged or after."""
    when = None if at is None or after is not None else day(at)
    approved = when if verdict == "approved" else None
    decided = when if verdict in {"approved", "changes_requested"} else None
    later = None if after is None else day(after)
    stands = verdict if decided else ""
    return Look(by, kind, when, when, later, approved, spoke, stands, decided, reached)


def id_of(name: str) -> str:
    return name.encode().hex().ljust(40, "0")


def closes(ticket: str) -> Link:
    return Link("closes", "issue", ticket, "closing_keyword", 0.95)


def part_of(ticket: str) -> Link:
    return Link("part_of", "issue", ticket, "closing_keyword", 0.95)


def mentions(ticket: str) -> Link:
    return Link("mentions", "issue", ticket, "mention", 0.9)


def pull(number: str, how: str = "squash_subject") -> Link:
    return Link("pull", "pull", number, how, 0.97)


def fixes() -> Link:
    return Link("fixes", "none", "", "conventional_fix", 0.9)


def takes_back(name: str = "", *, subject: str = "", number: str = "") -> Link:
    if name:
        return Link("reverts", "commit", id_of(name), "revert_line", 0.98)
    if number:
        return Link("reverts", "pull", number, "revert_pull", 0.9)
    return Link("reverts", "subject", subject, "revert_subject", 0.85)


def applies_again(subject: str) -> Link:
    return Link("reapplies", "subject", subject, "reapply_subject", 0.9)


def does_again(name: str = "", *, number: str = "") -> Link:
    kind, target = ("commit", id_of(name)[:9]) if name else ("pull", number)
    return Link("reapplies", kind, target, "again_words", 0.85)


def repairs(name: str, digits: int = 40) -> Link:
    return Link("fixes_commit", "commit", id_of(name)[:digits], "fixes_trailer", 0.95)


def same_as(name: str, how: str = "patch_id") -> Link:
    return Link("same_change", "commit", id_of(name), how, 0.99)


def change_id(value: str) -> Link:
    return Link("change", "change", value, "change_id", 0.99)
