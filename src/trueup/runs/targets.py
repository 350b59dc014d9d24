"""Where to read from: paths, bare repositories, and addresses, which are fetched into the workspace."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from trueup.kernel.errors import GitError, NotARepositoryError
from trueup.transport.processes import run

if TYPE_CHECKING:
    from collections.abc import Callable

_ADDRESS = re.compile(r"^(?:(?:https?|ssh|git|file)://|[\w.-]+@[\w.-]+:(?!//))")
#: Everything else, `ext::` above all, would let an address run a command.
PROTOCOLS = "https:http:ssh:git:file"


def is_address(target: str) -> bool:
    """Whether a target has to be fetched.

    >>> [is_address(t) for t in ("https://forge.example/a/b", "git@forge.example:a/b", "../repo", "ext::sh")]
    [True, True, False, False]
    """
    return bool(_ADDRESS.match(target))


def without_secret(text: str) -> str:
    """The text without names and passwords inside addresses.

    >>> without_secret("cannot read https://ada:secret@forge.example/a/b")
    'cannot read https://forge.example/a/b'
    """
    return re.sub(r"//[^/@\s]*@", "//", text)


def locate(target: str, workspace: Path, progress: Callable[[str, int, int], None]) -> Path:
    """The path of a repository, fetched first when the target is an address.

    Raises:
        NotARepositoryError: there is no such path.
        GitError: the address cannot be fetched.
    """
    if not is_address(target):
        path = Path(target).expanduser()
        if not path.exists():
            raise NotARepositoryError.missing(target)
        return path
    return fetch(target, workspace, progress)


def fetch(address: str, workspace: Path, progress: Callable[[str, int, int], None]) -> Path:
    """Bring the branches and tags of an address into the workspace, or up to date there."""
    plain = without_secret(address)
    name = (
        re.sub(r"[^\w.-]+", "-", plain.rstrip("/").removesuffix(".git").rsplit("/", 1)[-1]) or "x"
    )
    place = workspace / "clones" / hashlib.sha256(plain.encode()).hexdigest()[:12] / f"{name}.git"
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    env |= {"GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": PROTOCOLS, "LC_ALL": "C"}
    progress(f"fetching {plain}", 0, 0)
    if not (place / "HEAD").exists():
        place.mkdir(parents=True, exist_ok=True)
        _git(["init", "--bare", "--quiet", "--template=", str(place)], env, plain)
        _git(["-C", str(place), "config", "remote.origin.url", plain], env, plain)
    refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
    _git(["-C", str(place), "fetch", "--quiet", "--prune", "--no-write-fetch-head", "--", address, *refs],
         env, plain)  # fmt: skip
    head = _git(["ls-remote", "--symref", "--", address, "HEAD"], env, plain)
    if match := re.match(r"ref: (refs/heads/\S+)\tHEAD", head):
        _git(["-C", str(place), "symbolic-ref", "HEAD", match[1]], env, plain)
    return place


def _git(arguments: list[str], env: dict[str, str], where: str) -> str:
    done = run(["git", *arguments], env=env)
    if done.code:
        err = without_secret(done.err)
        raise GitError(
            f"this address cannot be fetched: {err.strip().splitlines()[-1][:200] if err.strip() else 'no reason given'}",
            where=where,
            remedy="Check the address and your access to it: git ls-remote ADDRESS",
        )
    return done.out.decode("utf-8", "replace")
