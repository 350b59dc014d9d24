"""The root of all expected failures, and those of a request itself."""

from __future__ import annotations

from typing import ClassVar, Self


class TrueupError(Exception):
    """An expected failure: bad input, an unreachable source, a refused request.

    Args:
        what: what was found, in one sentence without a trailing full stop.
        where: the place (path, repository, file, setting) it was found in.
        remedy: what to do next, as one sentence or one command.
    """

    slug: ClassVar[str] = "trueup"
    #: Of those that always say the same: what, and what to do next.
    says: ClassVar[str] = ""
    advice: ClassVar[str] = ""

    @classmethod
    def here(cls, where: str) -> Self:
        """The error of a class that always says the same, at a place."""
        return cls(cls.says, where=where, remedy=cls.advice.format(where=where))

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        lines = [f"{self.what}  [{self.slug}]"]
        if self.where:
            lines.append(f"  {self.where}")
        if self.remedy:
            lines.append(f"  {self.remedy}")
        return "\n".join(lines)


class UsageError(TrueupError):
    """The request itself cannot be carried out as it was put."""

    slug = "usage"


class ConfigError(TrueupError):
    """A configuration file or environment variable is invalid."""

    slug = "config.invalid"

    @classmethod
    def unknown_key(cls, key: str, where: str, known: list[str]) -> ConfigError:
        """A key nobody reads; a misspelt setting must not be silently ignored."""
        return cls(
            f"unknown key {key!r}",
            where=where,
            remedy=f"Known keys here: {', '.join(sorted(known))}.",
        )


class DeclarationError(TrueupError):
    """A part (signal, source, ...) declares something impossible."""

    slug = "part.declaration"


class UnknownIdError(UsageError):
    """`explain` was asked about something nobody knows."""

    slug = "usage.unknown-id"

    @classmethod
    def named(cls, name: str, close: list[str]) -> UnknownIdError:
        hint = f" Close: {', '.join(close)}." if close else ""
        return cls(
            f"nothing here is called {name!r}",
            remedy=f"Try `trueup claims` for claim ids or `trueup explain --list`.{hint}",
        )


class UnknownPersonError(UsageError):
    """Somebody was asked about whom nothing is kept."""

    slug = "usage.unknown-person"

    @classmethod
    def named(cls, wanted: str) -> UnknownPersonError:
        return cls(
            f"nothing is kept of anybody known as {wanted!r}",
            remedy="Ask for another address or account; this one stands in no fact of the workspace.",
        )


class UnknownSourceError(UsageError):
    """A place was to be connected that no source can read."""

    slug = "usage.unknown-source"

    @classmethod
    def named(cls, told: str, live: list[str]) -> UnknownSourceError:
        return cls(
            f"{told!r} names no place of a source",
            remedy=f"Write SOURCE:PLACE, as in jira:KAFKA; sources: {', '.join(live)}.",
        )

    @classmethod
    def called(cls, name: str, known: list[str]) -> UnknownSourceError:
        return cls(f"there is no source {name!r}", remedy=f"Sources: {', '.join(known)}.")

    @classmethod
    def nowhere(cls, title: str, variable: str) -> UnknownSourceError:
        return cls(
            f"nobody says where {title} is",
            remedy=f"Set {variable} to its address, as in https://host.example.",
        )
