"""What ran against what: lines that end-to-end tests print stand at the end of the run."""

from __future__ import annotations

_TOLD: dict[str, None] = {}


def pytest_runtest_logreport(report):
    if "tests/e2e/" in report.nodeid:
        _TOLD.update(dict.fromkeys(line for line in report.capstdout.splitlines() if line.strip()))


def pytest_terminal_summary(terminalreporter):
    if _TOLD:
        terminalreporter.section("what ran against what")
        for line in _TOLD:
            terminalreporter.write_line(line[:200])
