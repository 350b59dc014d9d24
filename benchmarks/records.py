"""Taking in exported records beside parsing the same bytes with the standard library, and beside dlt.

    python -m benchmarks.records             20,000 requests with two reviews each
    python -m benchmarks.records --requests 100000

Whole processes, one after the other, in one run; the records are generated.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PARSE = """
import json, pathlib, sys
for name in sys.argv[1:]:
    with open(name, "rb") as lines:
        for line in lines:
            json.loads(line)
"""

DLT = """
import json, sys
import dlt

def lines(name):
    with open(name, "rb") as found:
        for line in found:
            yield json.loads(line)

pipeline = dlt.pipeline("records", destination=dlt.destinations.duckdb(sys.argv[1]), pipelines_dir=sys.argv[2])
pipeline.run(
    [dlt.resource(lines(name), name=f"table{n}", primary_key="id", write_disposition="merge")
     for n, name in enumerate(sys.argv[3:])]
)
"""


def with_dlt() -> str:
    """A Python with dlt, in an environment of its own: it brings its own engine."""
    place = Path(sys.prefix) / "dlt"
    python = place / "bin/python"
    if not python.exists():
        uv = Path(sys.prefix) / "bin/uv"
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, place], check=True)
        wanted = ["dlt[duckdb]>=1.31", "duckdb<2"]
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *wanted], check=True)
    return str(python)


def write(folder: Path, requests: int) -> list[Path]:
    """Requests and reviews as lines of JSON, about as long as the forge's own."""
    here = "https://api.github.com/repos/acme/app"

    def person(n: int) -> dict[str, object]:
        login = f"person-{n % 300}"
        addresses = (
            "followers",
            "following",
            "gists",
            "starred",
            "subscriptions",
            "repos",
            "events",
        )
        told = {f"{a}_url": f"https://api.github.com/users/{login}/{a}" for a in addresses}
        return {"login": login, "id": n % 300, "type": "User", "site_admin": False} | told

    repo = {"id": 1, "full_name": "acme/app", "owner": person(1), "private": False, "url": here}
    paths = [folder / "pulls.ndjson", folder / "reviews.ndjson"]
    with paths[0].open("w") as pulls, paths[1].open("w") as reviews:
        for n in range(1, requests + 1):
            day = f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}T10:00:00Z"
            pull = {
                "url": f"{here}/pulls/{n}", "id": n, "number": n, "state": "closed", "locked": False,
                "title": f"Change what number {n} does", "user": person(n),
                "body": f"Fixes #{n}\n\n" + "What it does and why. " * 20 + "\n- [x] tests\n- [ ] docs",
                "created_at": day, "updated_at": day, "closed_at": day, "merged_at": day,
                "merge_commit_sha": f"{n:040x}", "assignee": None, "assignees": [], "labels": [],
                "requested_reviewers": [], "requested_teams": [], "milestone": None, "draft": False,
                "head": {"ref": f"topic-{n}", "sha": f"{n + 1:040x}", "user": person(n), "repo": repo},
                "base": {"ref": "main", "sha": f"{n + 2:040x}", "user": person(1), "repo": repo},
                "_links": {}, "author_association": "MEMBER", "auto_merge": None,
            }  # fmt: skip
            pulls.write(json.dumps(pull) + "\n")
            for k in range(2):
                review = {
                    "id": n * 2 + k, "user": person(n + 1), "body": "Looks good to me.", "state": "APPROVED",
                    "pull_request_url": f"{here}/pulls/{n}", "submitted_at": day, "commit_id": f"{n + 1:040x}",
                    "author_association": "MEMBER", "_links": {},
                }  # fmt: skip
                reviews.write(json.dumps(review) + "\n")
    return paths


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Processor seconds and peak memory in MiB of a command on one core."""
    core = min(os.sched_getaffinity(0))
    process = subprocess.Popen(
        ["/usr/bin/time", "-f", "%U %S %M", "taskset", "-c", str(core), *command],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _, told = process.communicate()
    if process.returncode:
        raise SystemExit(told)
    user, system, peak = re.findall(r"[\d.]+", told.strip().splitlines()[-1])
    return float(user) + float(system), float(peak) / 1024


def main() -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    wanted = parser.parse_args().requests
    environment = dict(os.environ, TRUEUP_KEY="benchmark-key-0123456789")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "exports").mkdir()
        paths = write(folder / "exports", wanted)
        size = sum(path.stat().st_size for path in paths) / (1 << 20)
        parse, _ = timed([sys.executable, "-c", PARSE, *map(str, paths)], environment)
        command = [sys.executable, "-m", "trueup", "collect", "--from", str(folder / "exports")]
        take, peak = timed([*command, "--workspace", str(folder / "w")], environment)
        again, _ = timed([*command, "--workspace", str(folder / "w")], environment)
        quiet = environment | {"RUNTIME__DLTHUB_TELEMETRY": "false"}
        load = [
            with_dlt(),
            "-c",
            DLT,
            str(folder / "dlt.duckdb"),
            str(folder / "dlt"),
            *map(str, paths),
        ]
        other, large = timed(load, quiet)
    records = wanted * 3
    print(f"{records:,} records, {size:.0f} MiB, on one core")
    print(f"  json.loads of the same bytes  {parse:6.2f} s of processor")
    print(
        f"  trueup collect --from         {take:6.2f} s   {take / parse:.1f} x   {records / take:,.0f} records a second   peak {peak:.0f} MiB"
    )
    print(f"  once more, nothing new        {again:6.2f} s   {again / parse:.1f} x")
    print(
        f"  dlt, the same files           {other:6.2f} s   {other / parse:.1f} x   {records / other:,.0f} records a second   peak {large:.0f} MiB"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
