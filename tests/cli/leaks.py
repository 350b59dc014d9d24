"""Looking for words in every file of a folder, inside Parquet files too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def told_in(text: str, words: Iterable[str]) -> set[str]:
    """Which of the words stand in a text, in any case, plain or as HTML and JSON write them."""
    low = text.lower()
    return {w for w in words if w in low}


def told_in_files(places: Iterable[Path], words: Iterable[str]) -> dict[str, set[str]]:
    """Which of the words stand in which files, in their names or inside."""
    wanted = tuple(words)
    found = {}
    for place in places:
        body = place.read_bytes().decode("utf-8", "replace")
        told = told_in(f"{place}\n{body}", wanted)
        if place.suffix == ".parquet":
            told |= told_in("\n".join(_texts(place)), wanted)
        if told:
            found[str(place)] = told
    return found


def _texts(part: Path) -> Iterator[str]:
    """Every text in a part, and what its schema says."""
    table = pq.read_table(part)
    yield str(table.schema.metadata)
    yield from table.column_names
    for column in table.columns:
        flat = column
        if pa.types.is_dictionary(flat.type):
            flat = flat.cast(flat.type.value_type)
        if pa.types.is_list(flat.type):
            flat = pa.chunked_array([c.flatten() for c in flat.chunks], flat.type.value_type)
        if pa.types.is_string(flat.type):
            yield from (t for t in flat.unique().to_pylist() if t)
        elif pa.types.is_nested(flat.type):
            yield str(flat.to_pylist())
