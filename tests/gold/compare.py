"""Whole documents against stored ones; `TRUEUP_GOLD=write` stores what was made instead."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent


def assert_gold(made: str, name: str) -> None:
    stored = HERE / name
    if os.environ.get("TRUEUP_GOLD") == "write":
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_text(made, encoding="utf-8")
    assert stored.exists(), (
        f"{name} is not stored yet: run once with TRUEUP_GOLD=write, then read it"
    )
    assert made == stored.read_text(encoding="utf-8")
