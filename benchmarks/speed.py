"""Speed and memory against the floor: what git itself takes to print the same history.

    python -m benchmarks.speed REPO...            measure repositories
    python -m benchmarks.speed --generated 1000000  measure a generated history too

Every figure is of a whole process and its children; ratios are taken within one run on the same
copy, which holds the default branch only, so that both sides read the same commits. Absolute seconds
mean little on a shared machine.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

FIELDS = "%x01%H%x00%P%x00%an%x00%ae%x00%at%x00%ad%x00%cn%x00%ce%x00%ct%x00%B%x00"
FLOOR = (
    "log", "-z", "--raw", "--numstat", "--no-abbrev", "-M", "--diff-merges=off", "--date=format:%z",
    f"--format={FIELDS}",
)  # fmt: skip
CLEAN = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "TRUEUP_KEY": "benchmark-key-0123456789",
    "PYTHONDONTWRITEBYTECODE": "",
}


@dataclass
class Run:
    """Wall seconds, CPU seconds of all processes, and the largest own (not git's) resident set."""

    wall: float
    cpu: float
    own_mib: float
    code: int


def timed(command: list[str], folder: Path | None = None) -> Run:
    """Run a command to a null sink and account for it and its children."""
    began = time.monotonic()
    with Path(os.devnull).open("wb") as sink:
        process = subprocess.Popen(
            command, stdout=sink, stderr=subprocess.PIPE, cwd=folder, env=os.environ | CLEAN
        )
        watch = Watch(process.pid)
        watch.start()
        err = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    watch.stop()
    if process.returncode:
        print(f"  {' '.join(command[:3])}: exit {process.returncode}: {err.decode()[-300:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, watch.peak / 1024, process.returncode)


class Watch(threading.Thread):
    """Follows the high-water marks of the Python processes below a process."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.peak = 0
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.05):
            for pid in self._below(self.root):
                self.peak = max(self.peak, self._mark(pid))

    def stop(self) -> None:
        self._over.set()
        self.join()

    def _below(self, pid: int) -> list[int]:
        found = [pid]
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return found
        for child in children:
            found += self._below(int(child))
        return found

    @staticmethod
    def _mark(pid: int) -> int:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return 0
        lines = dict(x.split(":", 1) for x in status.splitlines() if ":" in x)
        if not lines.get("Name", "").strip().startswith(("python", "trueup")):
            return 0
        return int(lines.get("VmHWM", "0 kB").split()[0])


def copy_of_default_line(repository: Path, folder: Path) -> Path:
    """A bare repository that borrows the objects and holds the default branch only."""

    def ask(*words: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(repository), *words], capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    place = folder / "copy.git"
    subprocess.run(["git", "init", "--bare", "--quiet", "--template=", str(place)], check=True)
    common = (repository / ask("rev-parse", "--git-common-dir")).resolve()
    info = place / "objects" / "info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "alternates").write_text(f"{common / 'objects'}\n")
    for words in (["update-ref", "refs/heads/main", ask("rev-parse", "HEAD")],
                  ["symbolic-ref", "HEAD", "refs/heads/main"]):  # fmt: skip
        subprocess.run(["git", "--git-dir", str(place), *words], check=True)
    return place


def repair(copy: Path) -> int:
    """Empty blobs under the ids of those that are missing, in the copy; how many there were."""
    listed = subprocess.run(
        ["git", "--git-dir", str(copy), "rev-list", "--objects", "--missing=print", "HEAD"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    missing = sorted({x[1:].decode() for x in listed.split(b"\n") if x.startswith(b"?")})
    for sha in missing:
        place = copy / "objects" / sha[:2] / sha[2:]
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(zlib.compress(b"blob 0\0"))
    return len(missing)


def measure(repository: Path, folder: Path, rounds: int) -> dict[str, float]:
    """All figures of one repository."""
    copy = copy_of_default_line(repository, folder)
    missing = repair(copy)
    commits = int(
        subprocess.run(
            ["git", "--git-dir", str(copy), "rev-list", "--count", "HEAD"],
            capture_output=True,
            check=True,
        ).stdout
    )
    print(
        f"\n{repository.parent.name}/{repository.name}: {commits:,} commits, {missing} blobs missing"
    )
    trueup = [sys.executable, "-m", "trueup"]
    floors, figures = [], {}
    plans = {
        "lines, 1 process": ["--workers", "1"],
        "lines, 2 processes": ["--workers", "2"],
        "structure, 1 process": ["--workers", "1", "--level", "structure"],
        "structure, 2 processes": ["--workers", "2", "--level", "structure"],
    }
    found: dict[str, list[Run]] = {name: [] for name in plans}
    for _ in range(rounds):
        floors.append(timed(["git", "--git-dir", str(copy), *FLOOR, "main"]))
        for name, options in plans.items():
            workspace = folder / "workspace"
            shutil.rmtree(workspace, ignore_errors=True)
            command = [*trueup, "collect", str(copy), "--workspace", str(workspace), *options]
            found[name].append(timed(command))
    floor = median([r.wall for r in floors])
    print(f"  floor (git log --raw --numstat to a null sink): {floor:.2f} s wall, "
          f"{median([r.cpu for r in floors]):.2f} s cpu")  # fmt: skip
    for name, runs in found.items():
        ratios = [r.wall / f.wall for r, f in zip(runs, floors, strict=True)]
        own = max(r.own_mib for r in runs)
        figures[name] = median(ratios)
        print(f"  collect {name:24} {median(ratios):5.2f} x floor   {median([r.wall for r in runs]):6.2f} s"
              f"   own peak {own:4.0f} MiB a process")  # fmt: skip
    figures |= scan_figures(copy, folder, trueup)
    return figures


def scan_figures(copy: Path, folder: Path, trueup: list[str]) -> dict[str, float]:
    """The whole scan against its collecting; the second time; the first answer."""
    workspace = folder / "workspace"
    shutil.rmtree(workspace, ignore_errors=True)
    command = [*trueup, "scan", str(copy), "--workspace", str(workspace)]
    began = time.monotonic()
    first = 0.0
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | CLEAN,
        text=True,
    ) as process:
        watch = Watch(process.pid)
        watch.start()
        for line in process.stderr or ():
            if line.startswith("First answer"):
                first = time.monotonic() - began
        process.wait()
    whole = time.monotonic() - began
    watch.stop()
    again = timed(command)
    nothing = timed([*trueup, "collect", str(copy), "--workspace", str(workspace)])
    shutil.rmtree(workspace)
    direct = timed([*trueup, "collect", str(copy), "--workspace", str(workspace)])
    answer = f"first answer after {first / whole:.2f} of it" if first else "read at once"
    print(f"  scan {whole:.2f} s = {whole / direct.wall:.2f} x collecting alone ({direct.wall:.2f} s); {answer}; "
          f"own peak {watch.peak / 1024:.0f} MiB")  # fmt: skip
    print(f"  second scan {again.wall:.2f} s; second collect with nothing new {nothing.wall:.2f} s "
          f"(Python's start and imports {start_time():.2f} s)")  # fmt: skip
    return {"scan": whole / direct.wall, "first": first / whole, "nothing": nothing.wall}


def start_time() -> float:
    """Seconds to start Python and import what a collection imports."""
    code = "import trueup.sources.git.collect, trueup.facts.store, duckdb"
    return median([timed([sys.executable, "-c", code]).wall for _ in range(3)])


def against_pydriller(repository: Path, folder: Path, commits: int) -> None:
    """Counts equal PyDriller's exactly, and how much faster they are had, on a slice."""
    copy = copy_of_default_line(repository, folder)
    repair(copy)
    code = f"import sys\nfrom benchmarks.oracle import compare\ncompare({str(copy)!r}, {commits})"
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | CLEAN)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("repositories", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--generated", type=int, default=0, metavar="COMMITS")
    parser.add_argument("--slice", type=int, default=2000, metavar="COMMITS", help="for PyDriller")
    told = parser.parse_args()
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as place:
        targets = [p.resolve() for p in told.repositories]
        if told.generated or not targets:
            targets.append(generated(told.generated or 20_000, Path(place)))
        for number, target in enumerate(targets):
            folder = Path(place) / str(number)
            folder.mkdir()
            results[f"{target.parent.name}/{target.name}"] = measure(target, folder, told.rounds)
            (folder / "oracle").mkdir()
            against_pydriller(target, folder / "oracle", told.slice)
    print(
        "\n" + json.dumps({k: {n: round(v, 3) for n, v in f.items()} for k, f in results.items()})
    )


def generated(commits: int, folder: Path) -> Path:
    """A generated history of so many commits."""
    from trueup.simulate.scenarios import large
    from trueup.simulate.stream import write

    print(f"generating {commits:,} commits ({datetime.now(UTC):%H:%M})")
    return write(large(commits), folder)


if __name__ == "__main__":
    main()
