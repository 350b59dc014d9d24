"""Objects that are not there: finding them, and standing in for them so that the rest can be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.transport.processes import streaming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.sources.git.repository import Repository

#: So many missing blobs can be stood in for; with more, line counts are not worth having.
STAND_INS = 20_000
#: So many missing ids are remembered, to see by them whether the contents have come since.
REMEMBERED = 8


def missing_objects(repository: Repository, tips: Iterable[str]) -> set[str]:
    """Ids of objects that are reachable from the tips but not there."""
    command = repository.git("rev-list", "--objects", "--missing=print", "--stdin")
    given = "".join(f"{tip}\n" for tip in tips).encode()
    found: set[str] = set()
    with streaming(command, given=given, env=repository.env) as running:
        left = b""
        while chunk := running.out.read(1 << 20):
            *listed, left = (left + chunk).split(b"\n")
            found.update(x[1:].decode() for x in listed if x.startswith(b"?"))
    return found


def objects_named(err: str) -> set[str]:
    """Ids in what git printed when it gave up: the object that could not be read is among them."""
    return set(re.findall(r"\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b", err))


def stand_in(repository: Repository, missing: Iterable[str]) -> None:
    """Put a blob that holds its id in the place of each missing object, in the scratch twin only.

    Their contents must differ: git counts no lines where nothing changed, not even none.
    """
    lost = sorted(missing)
    blobs = "".join(f"blob\nmark :{n}\ndata {len(sha)}\n{sha}\n" for n, sha in enumerate(lost, 1))
    marks = repository.scratch / "stand-ins"
    repository.run("fast-import", "--quiet", f"--export-marks={marks}", given=blobs.encode())
    written = dict(line[1:].split() for line in marks.read_text().splitlines())
    lines = "".join(f"{written[str(n)]} refs/replace/{sha}\n" for n, sha in enumerate(lost, 1))
    (repository.scratch / "packed-refs").write_text(
        "# pack-refs with: peeled fully-peeled sorted \n" + lines
    )
    repository.stood_in = frozenset(lost)


def any_there(repository: Repository, shas: Iterable[str]) -> bool:
    """Whether one of these objects is there."""
    given = "".join(f"{sha}\n" for sha in shas).encode()
    told = repository.run("cat-file", "--batch-check", given=given).out if given else b""
    return any(not line.endswith(b" missing") for line in told.splitlines())
