"""Finding a repository and making it safe to read.

Nothing is ever run under the configuration of the repository itself: commands that walk history run
in a private scratch repository whose objects are borrowed from the real one. Hostile settings,
hooks, replaced objects and lazy fetching are left behind there; the real repository is not touched.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from trueup.kernel.errors import (
    CorruptRepositoryError,
    GitError,
    GitVersionError,
    NotARepositoryError,
    OwnershipError,
)
from trueup.transport.processes import Finished, run

MINIMUM_GIT = (2, 31)

#: What git gives back to the system it asks for again at the next blob, and glibc gives back
#: readily: two processes at once spend a sixth of their time on that. Others take no notice.
KEEPS_MEMORY = {
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
}

#: Settings of the person at the keyboard that would change what git prints.
NEUTRAL = (
    "-c", "core.quotePath=false", "-c", "diff.renames=true", "-c", "diff.renameLimit=1000",
    "-c", "log.showSignature=false", "-c", "core.fsmonitor=false", "-c", "core.pager=cat",
    "-c", "diff.algorithm=myers", "-c", "core.commitGraph=true",
    "-c", "gc.auto=0", "-c", "protocol.allow=never", "-c", f"core.attributesFile={os.devnull}",
)  # fmt: skip


def git_version() -> str:
    """The version of the git on the path.

    Raises:
        GitVersionError: there is none, or it is older than `MINIMUM_GIT`.
    """
    minimum = ".".join(map(str, MINIMUM_GIT))
    try:
        done = run(["git", "--version"])
    except FileNotFoundError as error:
        raise GitVersionError.found("", minimum) from error
    found = re.search(rb"(\d+)\.(\d+)(?:\.\d+)?", done.out)
    if found is None:
        raise GitVersionError.found("", minimum)
    version = found.group().decode()
    if (int(found.group(1)), int(found.group(2))) < MINIMUM_GIT:
        raise GitVersionError.found(version, minimum)
    return version


@dataclass(frozen=True, slots=True)
class Ref:
    """A branch or tag: full name, the commit it points to, tag date where it has its own."""

    name: str
    sha: str
    made_at: int | None = None


@dataclass
class Repository:
    """A repository that can be read: where it lies, and its private scratch twin."""

    path: Path
    common_dir: Path
    object_format: str
    bare: bool
    shallow: frozenset[str]
    scratch: Path
    env: dict[str, str] = field(repr=False, default_factory=dict)
    #: Ids of objects that are missing and have something else in their place; see `partial`.
    stood_in: frozenset[str] = frozenset()

    def git(self, *arguments: str, stand_ins: bool = False) -> list[str]:
        """A command line that runs git in the scratch twin; it sees stand-ins when it says so."""
        seeing = () if stand_ins else ("--no-replace-objects",)
        return ["git", f"--git-dir={self.scratch}", *NEUTRAL, *seeing, *arguments]

    def run(self, *arguments: str, given: bytes = b"") -> Finished:
        """Run git in the scratch twin to its end.

        Raises:
            GitError: it ended with another exit code than 0.
        """
        done = run(self.git(*arguments), given=given, env=self.env)
        if done.code:
            raise failure(arguments[0], done.code, done.err, str(self.path))
        return done

    def close(self) -> None:
        """Remove the scratch twin."""
        shutil.rmtree(self.scratch, ignore_errors=True)


def failure(command: str, code: int, err: str, where: str) -> GitError:
    """The error that fits what git printed."""
    if "dubious ownership" in err:
        named = re.search(r"repository at '(.+)'", err)  # the folder that git wants to be told
        return OwnershipError.here(named[1] if named else where)
    if "not a git repository" in err:
        return NotARepositoryError.here(where)
    unreadable = (
        r"unable to read|bad object|corrupt|missing|could not (?:parse|read)|bad tree|loose"
    )
    if re.search(unreadable, err, re.IGNORECASE):
        return CorruptRepositoryError.from_command(command, code, err, where)
    return GitError.from_command(command, code, err, where)


def open_repository(path: Path) -> Repository:
    """Find the repository at or above a path and make its scratch twin.

    Raises:
        NotARepositoryError: there is none.
        OwnershipError: git refuses it because another user owns it.
        GitVersionError: git is missing or too old.
    """
    git_version()
    if not path.is_dir():
        raise NotARepositoryError.here(str(path))
    # The folder comes last, for its name may hold a line break.
    asked = ("--is-bare-repository", "--show-object-format", "--git-common-dir")
    bare, object_format, place = _real(path, "rev-parse", *asked).split("\n", 2)
    common = Path(os.path.abspath(path / place))  # noqa: PTH100 - links keep their own name
    shallow_file = common / "shallow"
    shallow = frozenset(shallow_file.read_text().split()) if shallow_file.is_file() else frozenset()
    try:
        scratch = Path(tempfile.mkdtemp(prefix="trueup-git-"))
    except OSError as error:
        raise _no_room(error) from error
    repository = Repository(
        path=path,
        common_dir=common,
        object_format=object_format,
        bare=bare == "true",
        shallow=shallow,
        scratch=scratch,
        env=_scratch_environment(),
    )
    try:
        _make_scratch(repository)
    except OSError as error:
        repository.close()
        raise _no_room(error) from error
    except BaseException:
        repository.close()
        raise
    return repository


def _no_room(error: OSError) -> GitError:
    return GitError(
        f"there is no room for a scratch repository: {error.strerror or error}",
        where=tempfile.gettempdir(),
        remedy="Free some space there, or set TMPDIR to another folder.",
    )


def packed(repository: Repository) -> int:
    """Bytes of the indexes of packs, those it borrows among them: some 28 an object."""
    objects = repository.common_dir / "objects"
    folders = [objects]
    with suppress(OSError):
        told = (objects / "info" / "alternates").read_bytes().split(b"\n")
        folders += [objects / os.fsdecode(line) for line in told if line]
    sizes = 0
    for folder in folders:
        with suppress(OSError):  # packed anew this moment, or no folder at all
            sizes += sum(place.stat().st_size for place in folder.glob("pack/*.idx"))
    return sizes


def _make_scratch(repository: Repository) -> None:
    options = ["--bare", "--quiet", f"--object-format={repository.object_format}", "--template="]
    done = run(["git", "init", *options, str(repository.scratch)], env=repository.env)
    if done.code:
        raise GitError.from_command("init", done.code, done.err, str(repository.scratch))
    info = repository.scratch / "objects" / "info"
    info.mkdir(parents=True, exist_ok=True)
    objects = str(repository.common_dir / "objects")
    # A line that starts with a quote is read as C-quoted, so any path can be written.
    quoted = objects.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    (info / "alternates").write_bytes(os.fsencode(f'"{quoted}"\n'))
    if repository.shallow:
        (repository.scratch / "shallow").write_text("\n".join(sorted(repository.shallow)) + "\n")


def read_refs(repository: Repository) -> list[Ref]:
    """All branches and tags that point to commits; pull request refs and stashes are left out."""
    fields = (
        "refname",
        "objecttype",
        "objectname",
        "*objecttype",
        "*objectname",
        "creatordate:unix",
    )
    shape = "%00".join(f"%({field})" for field in fields)
    listed = _real_bytes(
        repository.path,
        "for-each-ref",
        f"--format={shape}",
        "refs/heads",
        "refs/remotes",
        "refs/tags",
    )
    refs, nested = [], []
    for line in listed.split(b"\n"):
        if not line:
            continue
        name, kind, sha, peeled_kind, peeled, made = line.split(b"\0")
        if kind == b"tag":
            sha, kind = peeled, peeled_kind
        when = int(made) if made.lstrip(b"-").isdigit() else None
        ref = Ref(name.decode("utf-8", "surrogateescape"), sha.decode(), when)
        if kind == b"commit":
            refs.append(ref)
        elif kind == b"tag":
            nested.append(ref)
    return refs + _peeled(repository, nested)


def _peeled(repository: Repository, tags: list[Ref]) -> list[Ref]:
    """Tags of tags, with the commits they lead to in the end."""
    if not tags:
        return []
    given = "".join(f"{tag.sha}^{{commit}}\n" for tag in tags).encode()
    told = repository.run("cat-file", "--batch-check=%(objectname)", given=given).out.decode()
    pairs = zip(tags, told.splitlines(), strict=True)
    return [replace(tag, sha=sha) for tag, sha in pairs if " " not in sha]


def head_commit(repository: Repository) -> str:
    """The commit that is checked out, or an empty string."""
    done = _real_run(repository.path, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return done.out.decode().strip()


def symbolic_ref(repository: Repository, name: str) -> str:
    """What a symbolic ref points to, or an empty string."""
    done = _real_run(repository.path, "symbolic-ref", "--quiet", name)
    return done.out.decode("utf-8", "surrogateescape").strip() if done.code == 0 else ""


def remote_url(repository: Repository) -> str:
    """The address of the remote called origin (or the first one), without any secret in it."""
    done = _real_run(repository.path, "config", "--get-regexp", r"^remote\..*\.url$")
    lines = done.out.decode("utf-8", "replace").splitlines() if done.code == 0 else []
    lines.sort(key=lambda x: (not x.startswith("remote.origin."), x))
    url = lines[0].split(" ", 1)[1].strip() if lines and " " in lines[0] else ""
    return re.sub(r"//[^/@]*@", "//", url)


def _real(path: Path, *arguments: str) -> str:
    return _real_bytes(path, *arguments).decode("utf-8", "surrogateescape").removesuffix("\n")


def _real_bytes(path: Path, *arguments: str) -> bytes:
    done = _real_run(path, *arguments)
    if done.code:
        raise failure(arguments[0], done.code, done.err, str(path))
    return done.out


def _real_run(path: Path, *arguments: str) -> Finished:
    """Ask the real repository; only for commands that run nothing of its configuration."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    # The user's own configuration stays in force here: it may name safe directories.
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CEILING_DIRECTORIES"):
        if name in os.environ:
            env[name] = os.environ[name]
    env |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    env |= {"GIT_NO_REPLACE_OBJECTS": "1"}
    return run(["git", "-C", str(path), *NEUTRAL, *arguments], env=env)


def _scratch_environment() -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return env | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        "TZ": "UTC",
        "GIT_FLUSH": "0",
        **KEEPS_MEMORY,
    }
