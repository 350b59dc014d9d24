"""What people write: commit messages that claim, mention, revert and release."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from trueup.simulate.words import FEATURES, LIBRARIES, NOUNS, REASONS, SYMPTOMS, VERBS

if TYPE_CHECKING:
    from trueup.simulate.dice import Dice

CLOSING = ("Fixes", "Closes", "Resolves")
HASH_FORMS = ("closing_subject", "closing_body", "prefix_ticket")
KEY_FORMS = ("tracker", "tracker_first")
FORMS = (*HASH_FORMS, "prefix", *KEY_FORMS)


@dataclass(frozen=True, slots=True)
class Wording:
    """A commit message in its parts."""

    subject: str
    body: tuple[str, ...] = ()
    trailers: tuple[str, ...] = ()

    def text(self) -> str:
        """The whole message, paragraphs apart, trailers together at the end."""
        parts = [self.subject, *self.body]
        if self.trailers:
            parts.append("\n".join(self.trailers))
        return "\n\n".join(parts) + "\n"

    def titled(self, subject: str) -> Wording:
        """The same under another subject."""
        return replace(self, subject=subject)

    def with_body(self, *paragraphs: str) -> Wording:
        """The same with more paragraphs."""
        return replace(self, body=(*self.body, *paragraphs))

    def signed(self, *trailers: str) -> Wording:
        """The same with more trailers."""
        return replace(self, trailers=(*self.trailers, *trailers))


def claim(form: str, ref: str, path: str, dice: Dice) -> Wording:
    """A message that says something is fixed or closed."""
    what = f"{dice.choice(SYMPTOMS)}"
    part, word = component(path), dice.choice(CLOSING)
    made = {
        "closing_subject": Wording(f"Correct {what} in {part} ({word.lower()} {ref})"),
        "closing_body": Wording(f"{part}: handle {what}", (f"{word} {ref}",)),
        "prefix": Wording(f"fix({part}): {what}"),
        "prefix_ticket": Wording(f"fix({part}): {what}", (f"{word} {ref}",)),
        "tracker": Wording(f"{ref}: Fix {what} in {part}"),
        "tracker_first": Wording(f"Fix {ref}: {what} in {part}"),
    }[form]
    if dice.chance(0.5):
        return replace(made, body=(dice.choice(REASONS), *made.body))
    return made


def plain(path: str, dice: Dice) -> Wording:
    """A message that reports work without claiming that something is fixed."""
    part, feature, noun = component(path), dice.choice(FEATURES), dice.choice(NOUNS)
    subject = dice.choice(
        (
            f"Add {feature} to {part}",
            f"feat({part}): {feature}",
            f"Refactor {part}",
            f"refactor({part}): pass the {noun} explicitly",
            f"{part}: {dice.choice(VERBS)} the {noun} once",
            f"Rename {noun} in {part}",
            f"Speed up {part}",
            f"docs({part}): describe the {noun}",
            f"test({part}): cover {feature}",
            f"Remove the unused {noun} from {part}",
        )
    )
    return Wording(subject, (dice.choice(REASONS),) if dice.chance(0.3) else ())


def typo(path: str) -> Wording:
    """A message with the word fix in it that claims no ticket and no prefix."""
    return Wording(f"Fix typo in a comment of {component(path)}")


def follow_up(ref: str, path: str, dice: Dice, *, closing: bool) -> Wording:
    """Tests or documents for a ticket whose fix already landed."""
    part = component(path)
    if not closing:
        return Wording(f"Document {part} after {ref}", (f"Refs {ref}",))
    if ref.startswith("#"):
        return Wording(f"Add regression test for {part}", (f"{dice.choice(CLOSING)} {ref}",))
    return Wording(f"{ref}: Add test for the fix of {part}")


def mention(ref: str, path: str, dice: Dice) -> Wording:
    """Later work that names a ticket without closing it."""
    text = dice.choice((f"See {ref}.", f"Related to {ref}.", f"This builds on {ref}."))
    return Wording(f"Simplify {component(path)}", (text,))


def bump(dice: Dice) -> Wording:
    """What a bot writes."""
    name, major, minor = dice.choice(LIBRARIES), dice.below(6), dice.below(20)
    subject = f"Bump {name} from {major}.{minor} to {major}.{minor + 1}"
    return Wording(subject, (f"Updates {name} to its latest release.",))


def small_step(dice: Dice) -> Wording:
    """A further commit on a topic branch."""
    words = ("Address review comments", "Add a test", "Rename for clarity", "Satisfy the linter")
    return Wording(dice.choice(words))


def component(path: str) -> str:
    """The word people use for a file."""
    where = PurePosixPath(path)
    return where.stem.removeprefix("test_") if where.stem else "project"


def slug(text: str) -> str:
    """The text as part of a branch name, short and safe."""
    plain_words = re.findall(r"[a-z0-9]+", text.lower())
    return "-".join(plain_words[:5]) or "change"
