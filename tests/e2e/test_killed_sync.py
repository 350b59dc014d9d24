"""A first sync of 100,000 issues, killed at 20 random moments, ends as one that nobody disturbed."""

from __future__ import annotations

import bisect
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.fakes.github import issue

from trueup.facts.schema import TABLES
from trueup.facts.store import Store

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
ISSUES = int(os.environ.get("TRUEUP_ISSUES", "100000"))
PATHS = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
KILLS = 20
EMPTY = {
    "data": {"repository": {"pullRequests": {"pageInfo": {"hasNextPage": False}, "nodes": []}}}
}


@pytest.fixture(scope="module")
def github():
    """Issues by their last change, a few of the same moment; all other lists are empty."""
    records = [issue(n, changed=n // 3, comments=n % 7) for n in range(1, ISSUES + 1)]
    stamps = [r["updated_at"] for r in records]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            path = urlsplit(self.path)
            asked = {k: v[0] for k, v in parse_qs(path.query).items()}
            if path.path == "/repos/acme/app/issues":
                first = bisect.bisect_left(stamps, asked["since"])
                first += (int(asked.get("page", 1)) - 1) * 100
                shown = records[first : first + 100]
                self.answer(shown, "" if first + 100 >= ISSUES else self.next(asked))
            else:
                self.answer({"workflow_runs": []} if path.path.endswith("/runs") else [], "")

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(EMPTY, "")

        def next(self, asked):
            page = int(asked.get("page", 1)) + 1
            query = "&".join(f"{k}={v}" for k, v in (asked | {"page": page}).items())
            return f"http://127.0.0.1:{server.server_port}/repos/acme/app/issues?{query}"

        def answer(self, body, following):
            found = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(found)))
            if following:
                self.send_header("Link", f'<{following}>; rel="next"')
            self.end_headers()
            self.wfile.write(found)

        def log_message(self, *_):
            pass

        def handle(self):
            with suppress(ConnectionError):  # the other side was killed
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def start(address: str, workspace: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.e2e.killed_sync", address, str(workspace)]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": PATHS})


def facts(workspace: Path):
    snapshot = Store(workspace).snapshot()
    rows = snapshot.table(TABLES["issues"]).drop_columns(["seen_at"])
    return sorted(map(repr, rows.to_pylist())), snapshot.content


def test_it_ends_as_if_nobody_had_disturbed_it(github, tmp_path):
    began = time.monotonic()
    assert start(github, tmp_path / "whole").wait() == 0
    whole = time.monotonic() - began
    chance = random.Random(7)
    for _ in range(KILLS):
        process = start(github, tmp_path / "killed")
        time.sleep(1 + chance.random() * whole / KILLS / 4)
        assert process.poll() is None, "it ended, or broke, before it was killed"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert start(github, tmp_path / "killed").wait() == 0
    undisturbed, content = facts(tmp_path / "whole")
    assert len(undisturbed) == ISSUES
    print(f"{ISSUES} issues, killed {KILLS} times; undisturbed it takes {whole:.0f} s")
    assert facts(tmp_path / "killed") == (undisturbed, content)
