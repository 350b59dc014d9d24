"""Laws of reading messages, for any text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.facts.texts.message import MOST_LINKS, features, subject_id
from trueup.facts.texts.trailers import NAMING_KEYS, PERSON_KEYS, PLAIN_KEYS

PIECES = st.sampled_from(
    [
        "fix", "Fixes", "closes", "resolve", " ", "\n", "\n\n", ": ", "#12", "PAY-7", "GH-3", "!9", "(#4)", "acme/app#5",
        "https://x.example/issues/8", "Revert ", '"', "This reverts commit ", "1234567", "abcdef0123456", "Merge pull request #2",
        "Reviewed-by: ", "Ada <a@b>", "Ada Quill: ", "Change-Id: I12345678", "not ", "partly ", "part 1", "> ", "\r\n", "\0",
        "\x01", "é", "\ud800", "🦆", ", ", "and", "[x]", 'Fixes: 1234567890 ("x")', "Reapply ", "-x from commit ",
    ]
)  # fmt: skip
MESSAGES = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join))
RELATIONS = {
    "closes", "fixes", "part_of", "mentions", "pull", "reverts", "reverts_part", "reapplies",
    "cherry_pick_of", "fixes_commit", "change",
}  # fmt: skip


class TestFeatures:
    """What a commit message says about work: claims, links, trailers. The text itself is not kept."""

    @settings(max_examples=300, deadline=None)
    @given(message=MESSAGES, merge=st.booleans())
    def test_any_text_is_read(self, message: str, merge: bool) -> None:
        found = features(message, merge=merge, slug="acme/app")
        assert len(found.links) <= MOST_LINKS
        assert len({link[:3] for link in found.links}) == len(found.links)
        for link in found.links:
            assert link.relation in RELATIONS
            assert link.target_kind in {"issue", "pull", "commit", "subject", "change", "none"}
            assert (link.target == "") == (link.target_kind == "none")
            assert len(link.target) <= 150
            assert not set(link.target) & set(" \t\r\n<>@\"'")
            assert 0.5 <= link.confidence <= 1
        for trailer in found.trailers:
            assert trailer.key in PERSON_KEYS | PLAIN_KEYS | {"other"}
            assert trailer.key != "other" or trailer[1:4] == ("", "", "")
            person = trailer.name or trailer.address
            assert bool(person) == (trailer.key in PERSON_KEYS)
            assert trailer.address or trailer.key in NAMING_KEYS or not person

    @settings(max_examples=100, deadline=None)
    @given(message=MESSAGES)
    def test_the_same_text_says_the_same(self, message: str) -> None:
        assert features(message) == features(message)
        assert features(f"\n\n{message}") == features(message)

    @settings(max_examples=100, deadline=None)
    @given(subject=st.text(max_size=120), number=st.integers(1, 9_999_999))
    def test_a_number_put_behind_a_subject_changes_nothing(self, subject: str, number: int) -> None:
        assert subject_id(f"{subject} (#{number})") == subject_id(subject)
        assert subject_id(f"  {subject}  ") == subject_id(subject)
