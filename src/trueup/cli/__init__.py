"""The command line: one thin file per command, looked up when it is called."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line and end the process with its exit code."""
    import sys

    from trueup.cli._app import run

    sys.exit(run(sys.argv[1:]))
