"""Judging an audit in a terminal, item by item; every answer is kept at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from trueup.kernel.errors import UsageError

if TYPE_CHECKING:
    from trueup.runs.audit import Item
    from trueup.runs.scan import Session


def ask(session: Session, number: int, rater: int) -> int:
    """Ask for every item that this rater has not answered.

    Raises:
        UsageError: nobody is there to answer.
    """
    import sys

    from trueup.runs.audit import WORDS, answer_one, open_items

    if not sys.stdin.isatty():
        raise UsageError(
            "nobody is there to answer", remedy="Name a sheet: trueup audit answer SHEET."
        )
    audit, items = open_items(session, number, rater)
    print(
        f"Audit {audit}, rater {rater}: {len(items)} items left. Is it really there and working today?"
    )
    for item in items:
        _show(item)
        told = ""
        while told not in WORDS:
            told = (
                typer.prompt("  done (y), not done (n), cannot tell (?), leave (q)").strip().lower()
            )
            if told == "q":
                return 0
        answer_one(session, audit, rater, item.number, told)
    print("That was the last one. Then: trueup audit result")
    return 0


def _show(item: Item) -> None:
    from trueup.report.text import harmless

    print()
    print(f"{item.number}. {harmless(item.subject) or item.claim}")
    print(f"   {harmless(item.where)}")
