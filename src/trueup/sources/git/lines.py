"""Which branches are lines of development: the default branch, release branches, and the rest."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trueup.kernel.errors import EmptyRepositoryError, UnknownBranchError
from trueup.sources.git.repository import Ref, head_commit, read_refs, symbolic_ref

if TYPE_CHECKING:
    from trueup.sources.git.repository import Repository

_NUMBER = r"v?\d+(?:[._-]\d+)*"
_SUFFIX = r"(?:[._-](?:[xy]|stable|maint(?:enance)?|dev|lts|release|branch|bugfixes))"
#: What a release branch is called: after its version, behind a telling folder or a project's name.
_RELEASE = re.compile(
    rf"(?:stable|maint|releases?"
    rf"|(?:.*/)?(?:stable|unmaintained|maint(?:enance)?)[-/_.].+"
    rf"|(?:.*/)?releases?[-/_.].*\d.*"
    rf"|(?:.*/)?(?:support|lts|extended|rel|releng|branch|hotfix|versions?)[-/_.]?{_NUMBER}{_SUFFIX}*"
    rf"|(?:[a-z]+[-_])*(?:v?\d+(?:[._]\d+)+|{_NUMBER}{_SUFFIX}+)|v\d+)",
    re.IGNORECASE,
)
#: Words that make a branch somebody's own, whatever version comes after.
_OWN = frozenset(
    "feature features feat fix fixes bugfix bug chore docs doc test tests ci refactor topic user users "
    "wip pr pull revert backport backports bp cherry cherrypick patchback mergify dependabot renovate "
    "snyk greenkeeper pyup copilot claude codex cursor devin jules task story issue ticket sandbox "
    "experiment update upgrade bump deps merge sync prepare add remove drop use".split()
)
#: Those of them that tell wherever they stand.
_ANYWHERE = frozenset(
    "fix bugfix pr revert backport backports cherry merge bump pick notes".split()
)
_VERSION = re.compile(
    r"(?:^|[^\d.])(\d+(?:[._]\d+){1,3}|\d{4,8})(?:[._-]?(a|b|c|rc|cr|alpha|beta|dev|pre|preview|m|milestone"
    r"|ea|snapshot|next|canary|nightly)[._-]?(\d*))?(?:[._-]?(?:final|ga|release|stable|post\d+))?"
    r"(?:\+[\w.-]{1,40})?$",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(
    r"(?:^|[-_./])(?:nightly|daily|weekly|canary|snapshot|edge|build)[-_./]", re.IGNORECASE
)
_USUAL = ("main", "master", "trunk", "develop", "default")


@dataclass(frozen=True, slots=True)
class Line:
    """A branch: its short name, whether it is local, where it ends, and its kind."""

    name: str
    kind: str
    sha: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that names a version."""

    name: str
    version: str
    prerelease: bool
    sha: str
    made_at: int | None


@dataclass(frozen=True, slots=True)
class Lines:
    """All branches and version tags of a repository; `default` comes first."""

    default: Line
    others: tuple[Line, ...]
    tags: tuple[Tag, ...]

    @property
    def all(self) -> tuple[Line, ...]:
        """The default line and the others."""
        return (self.default, *self.others)


def read_lines(repository: Repository, branch: str = "") -> Lines:
    """Sort the branches of a repository.

    Raises:
        EmptyRepositoryError: nothing has been committed.
        UnknownBranchError: the branch asked for is not there, or none can be taken as default.
    """
    refs = read_refs(repository)
    heads = [r for r in refs if r.name.startswith(("refs/heads/", "refs/remotes/"))]
    heads = [r for r in heads if not r.name.endswith("/HEAD")]
    if not heads and (sha := head_commit(repository)):
        heads = [Ref("HEAD", sha)]  # how machines check out one commit and nothing else
    if not heads:
        raise EmptyRepositoryError.here(str(repository.path))
    default = _default(repository, heads, branch)
    name = short(default.name)
    others = []
    seen = {(name, default.sha)}
    for ref in sorted(heads, key=lambda r: r.name):
        mark = (short(ref.name), ref.sha)
        if mark in seen:
            continue
        seen.add(mark)
        kind = "release" if mark[0] != name and is_release(mark[0]) else "topic"
        others.append(Line(mark[0], kind, ref.sha))
    tags = [t for r in refs if r.name.startswith("refs/tags/") and (t := _tag(r))]
    return Lines(Line(name, "default", default.sha), tuple(others), tuple(tags))


def short(ref: str) -> str:
    """The name of a branch without where it is kept.

    >>> short("refs/remotes/origin/feature/x"), short("refs/heads/main")
    ('feature/x', 'main')
    """
    if ref.startswith("refs/remotes/"):
        return ref.split("/", 3)[-1]
    return ref.removeprefix("refs/heads/").removeprefix("refs/tags/")


def is_release(branch: str) -> bool:
    """Whether a branch is a line from which releases are made, by its name.

    >>> [is_release(b) for b in ("release/1.x", "7-0-stable", "fix/release-1.2", "lodash-bump-4.17")]
    [True, True, False, False]
    """
    words = re.split(r"[-_/.]", branch.lower())
    if words[0] in _OWN or not _ANYWHERE.isdisjoint(words):
        return False
    return _RELEASE.fullmatch(branch) is not None


def public_name(line: Line) -> str:
    """The name that may be kept: topic branches are often named after people, so they are hashed."""
    if line.kind == "topic":
        digest = hashlib.sha256(line.name.encode("utf-8", "surrogateescape")).hexdigest()[:12]
        return f"topic-{digest}"
    return as_text(line.name)


def as_text(name: str) -> str:
    r"""The name of a ref as text; two different names never become the same.

    >>> as_text("v1-\udcff")
    'v1-\\xff'
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def version_of(tag: str) -> tuple[str, bool] | None:
    """The version a tag names and whether it is a pre-release, or nothing.

    >>> version_of("v2.1.0"), version_of("rel_1_4"), version_of("2.0rc1"), version_of("nightly")
    (('2.1.0', False), ('1.4', False), ('2.0rc1', True), None)
    """
    match = _VERSION.search(tag)
    if match is None:
        return None
    number = match[1].replace("_", ".")
    if match[2]:
        return f"{number}{match[2].lower()}{match[3]}", True
    return number, _UNFINISHED.search(tag) is not None


def _tag(ref: Ref) -> Tag | None:
    name = short(ref.name)
    found = version_of(name)
    if found is None:
        return None
    return Tag(as_text(name), *found, ref.sha, ref.made_at)


def _default(repository: Repository, heads: list[Ref], branch: str) -> Ref:
    by_name = {r.name: r for r in heads}
    # Others are often named after people.
    names = {short(r.name) for r in heads}
    known = sorted(n for n in names if n in _USUAL or is_release(n))
    if branch:
        places = ("", "refs/heads/", "refs/remotes/origin/", "refs/remotes/")
        for name in (f"{place}{branch}" for place in places):
            if name in by_name:
                return by_name[name]
        raise UnknownBranchError.named(branch, str(repository.path), known)
    remote = symbolic_ref(repository, "refs/remotes/origin/HEAD")
    local = symbolic_ref(repository, "HEAD")
    if remote in by_name:
        twin = by_name.get(f"refs/heads/{short(remote)}")
        if twin and _contains(repository, twin.sha, by_name[remote].sha):
            return twin  # the local branch has everything the remote one has, and more
        return by_name[remote]
    usual = [p.format(n) for n in _USUAL for p in ("refs/heads/{}", "refs/remotes/origin/{}")]
    for name in (local, *usual):
        if name in by_name:
            return by_name[name]
    if len(by_name) == 1:
        return next(iter(by_name.values()))
    raise UnknownBranchError.named("", str(repository.path), known)


def _contains(repository: Repository, newer: str, older: str) -> bool:
    if newer == older:
        return True
    from trueup.transport.processes import run

    command = repository.git("merge-base", "--is-ancestor", older, newer)
    return run(command, env=repository.env).code == 0
