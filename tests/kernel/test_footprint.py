"""Processes of ours stay small."""

import subprocess
import sys

import pytest

FIRST_ARRAY = """
import sys
{before}
import pyarrow as pa
pa.array(["a", None])
print("pandas" in sys.modules)
"""


@pytest.mark.parametrize(
    ("before", "found"),
    [("", "True"), ("from trueup.kernel.footprint import keep_small; keep_small()", "False")],
)
def test_arrow_is_kept_from_importing_pandas(before: str, found: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", FIRST_ARRAY.format(before=before)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == found
