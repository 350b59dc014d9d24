"""Indentation, counted with arrays, equals indentation counted line by line."""

from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.sources.git.tree import indentation

BODIES = st.one_of(
    st.binary(max_size=200),
    st.lists(
        st.sampled_from([b" ", b"    ", b"\t", b"\n", b"\r\n", b"x", b"}", b"\r", b"\x0c"])
    ).map(b"".join),
)


def line_by_line(body: bytes) -> tuple[int, int, int] | None:
    if b"\0" in body[:8000]:
        return None
    depths = []
    for line in body.split(b"\n"):
        solid = line.lstrip(b" \t\r")
        if solid:
            lead = line[: len(line) - len(solid)]
            tabs = lead.count(b"\t")
            depths.append(tabs + (len(lead) - tabs) // 4)
    return len(depths), sum(depths), max(depths, default=0)


class TestIndentation:
    """Lines that are not blank, the sum of their indentation, and the deepest; nothing for binaries."""

    @settings(max_examples=300, deadline=None)
    @given(body=BODIES)
    def test_it_is_what_a_reader_counts(self, body: bytes) -> None:
        assert indentation(body) == line_by_line(body)

    def test_wide_and_deep(self) -> None:
        body = (b"\t" * 100_000 + b"x\n") * 3
        assert indentation(body) == (3, 300_000, 30_000)
        assert indentation(b"x" * 300_000) == (1, 0, 0)
        assert indentation(b"\n" * 300_000) == (0, 0, 0)
        assert indentation(b"\0") is None
        assert indentation(b"x" * 8_000 + b"\0") == (1, 0, 0)
