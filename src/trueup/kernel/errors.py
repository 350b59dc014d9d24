"""The one tree of expected failures.

Every class carries a short slug; each slug has a page under ``docs/reference/errors/``.
A message says what was found, where, what it costs, and what to do next.
"""

from __future__ import annotations

from typing import ClassVar


class TrueupError(Exception):
    """An expected failure: bad input, an unreachable source, a refused request.

    Args:
        what: what was found, in one sentence without a trailing full stop.
        where: the place (path, repository, file, setting) it was found in.
        remedy: what to do next, as one sentence or one command.
    """

    slug: ClassVar[str] = "trueup"

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


class GitError(TrueupError):
    """Git refused or could not finish a command."""

    slug = "git.failed"

    @classmethod
    def from_command(cls, command: str, code: int, stderr: str, where: str) -> GitError:
        """The last lines git printed, with control characters made harmless."""
        tail = " / ".join(stderr.strip().splitlines()[-3:])[:500]
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in tail)
        return cls(
            f"git {command} ended with exit code {code}: {shown or 'it printed nothing'}",
            where=where,
            remedy="Run `git fsck` there; `trueup doctor` checks the git version.",
        )


class NotARepositoryError(GitError):
    """The path is not inside a git repository."""

    slug = "git.not-a-repository"

    @classmethod
    def at(cls, where: str) -> NotARepositoryError:
        return cls(
            "this is not a git repository",
            where=where,
            remedy="Name a folder that git knows (a clone, a bare repository) or a URL.",
        )


class EmptyRepositoryError(GitError):
    """The repository has no commit on the line asked for."""

    slug = "git.empty"

    @classmethod
    def at(cls, where: str) -> EmptyRepositoryError:
        return cls(
            "this repository has no commits yet",
            where=where,
            remedy="There is nothing to check: come back after the first commit.",
        )


class UnknownBranchError(GitError):
    """The branch asked for does not exist, or no default branch could be found."""

    slug = "git.unknown-branch"

    @classmethod
    def named(cls, branch: str, where: str, known: list[str]) -> UnknownBranchError:
        shown = f" Usual ones here: {', '.join(known[:8])}." if known else ""
        return cls(
            f"there is no branch {branch!r}" if branch else "no default branch could be found",
            where=where,
            remedy=f"Choose one of `git branch --all` with --branch NAME.{shown}",
        )


class OwnershipError(GitError):
    """Git refuses the folder because another user owns it."""

    slug = "git.dubious-ownership"

    @classmethod
    def at(cls, where: str) -> OwnershipError:
        return cls(
            "git refuses to read this folder because another user owns it",
            where=where,
            remedy=f"If you trust it: git config --global --add safe.directory '{where}'",
        )


class GitVersionError(GitError):
    """No git, or one that is too old, was found."""

    slug = "git.version"

    @classmethod
    def found(cls, version: str, minimum: str) -> GitVersionError:
        return cls(
            f"git {version} is too old" if version else "no git was found",
            where="PATH",
            remedy=f"Install git {minimum} or newer.",
        )


class CorruptRepositoryError(GitError):
    """Commits, trees or refs cannot be read."""

    slug = "git.corrupt"


class StoreError(TrueupError):
    """The workspace cannot be read or written."""

    slug = "store.failed"

    @classmethod
    def unwritable(cls, where: str, reason: str) -> StoreError:
        return cls(
            f"the workspace cannot be written: {reason}",
            where=where,
            remedy="Free some space or name another place with --workspace DIR. "
            "What was collected before is unharmed.",
        )

    @classmethod
    def damaged(cls, where: str, reason: str) -> StoreError:
        return cls(
            f"a file of the workspace is damaged: {reason}",
            where=where,
            remedy="Remove the workspace folder and scan again; facts are read anew.",
        )

    @classmethod
    def too_large(cls, where: str, reason: str) -> StoreError:
        return cls(
            f"a question about these facts needs more memory than it may take: {reason}",
            where=where,
            remedy="Scan fewer repositories into one workspace, or less of them with --since.",
        )

    @classmethod
    def newer(cls, where: str, found: int, known: int) -> StoreError:
        return cls(
            f"this workspace was written by a newer trueup (layout {found}, known {known})",
            where=where,
            remedy="Upgrade trueup, or name another place with --workspace DIR.",
        )


class LockedError(StoreError):
    """Another process is writing to the same workspace."""

    slug = "store.locked"

    @classmethod
    def at(cls, where: str) -> LockedError:
        return cls(
            "another trueup is writing to this workspace",
            where=where,
            remedy="Wait for it to end, or name another place with --workspace DIR.",
        )


class NothingCollectedError(StoreError):
    """A result was asked for before anything was collected."""

    slug = "store.empty"

    @classmethod
    def at(cls, where: str) -> NothingCollectedError:
        return cls(
            "nothing has been collected here yet",
            where=where,
            remedy="Run `trueup scan .` in a git repository first.",
        )


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


class DeclarationError(TrueupError):
    """A part (signal, source, ...) declares something impossible."""

    slug = "part.declaration"


class ExportError(TrueupError):
    """Exported files hold nothing that can be read."""

    slug = "export.unreadable"

    @classmethod
    def missing(cls, where: str) -> ExportError:
        return cls(
            "there is no such file or folder",
            where=where,
            remedy="Name a file, an archive, or a folder of exported records after --from.",
        )

    @classmethod
    def nothing(cls, where: str, problems: list[str]) -> ExportError:
        found = f": {problems[0]}" if problems else ""
        return cls(
            f"none of the records here is of a known kind{found}",
            where=where,
            remedy="See docs/reference/sources for what each source reads and how to export it.",
        )

    @classmethod
    def unplaced(cls, where: str, repositories: list[str]) -> ExportError:
        known = f" Known here: {', '.join(repositories[:8])}." if repositories else ""
        return cls(
            "this report does not say which repository it is of",
            where=where,
            remedy=f"Name it: trueup collect --from PATH --repo OWNER/NAME --commit SHA.{known}",
        )


class SourceError(TrueupError):
    """A source could not be read; what was read before is kept."""

    slug = "source.failed"


class UnreachableError(SourceError):
    """A source gives no answer, or its rate limit lasts too long."""

    slug = "source.unreachable"

    @classmethod
    def at(cls, named: str, where: str, reason: str) -> UnreachableError:
        return cls(
            f"{named} gives no answer: {reason}",
            where=where,
            remedy="What was read is kept. Check the network (HTTPS_PROXY, SSL_CERT_FILE) and run it again.",
        )

    @classmethod
    def limited(cls, named: str, seconds: float) -> UnreachableError:
        minutes = max(1, round(seconds / 60))
        return cls(
            f"{named} asks to wait {minutes} minutes: its rate limit is used up",
            remedy="What was read is kept; run it again then, and it goes on from there.",
        )


class CredentialsError(SourceError):
    """The secret for a source is missing, wrong or expired."""

    slug = "source.credentials"

    @classmethod
    def refused(cls, named: str, secret: str) -> CredentialsError:
        return cls(
            f"{named} does not accept the token",
            where=secret,
            remedy=f"Make a new one that may read, and give it in {secret}.",
        )

    @classmethod
    def odd(cls, where: str) -> CredentialsError:
        return cls(
            "the token holds spaces, line ends or letters that no token has",
            where=where,
            remedy="Copy it again, without anything around it.",
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


class AccessError(SourceError):
    """The secret for a source may not read something."""

    slug = "source.access"

    @classmethod
    def missing(cls, named: str, where: str, access: str) -> AccessError:
        needed = f" It needs: {access}." if access else ""
        return cls(
            f"the token may not read this at {named}.{needed}",
            where=where,
            remedy="Give the token that access (reading is enough), or go on without what it shows.",
        )


class DeliveryError(SourceError):
    """An event that somebody delivered is not taken."""

    slug = "source.delivery"

    @classmethod
    def unsigned(cls, named: str) -> DeliveryError:
        return cls(
            f"a delivery in the name of {named} is not signed with the secret",
            remedy="Give the same secret here and where the webhook is set up; nothing was taken.",
        )

    @classmethod
    def odd(cls, named: str, why: str) -> DeliveryError:
        return cls(
            f"a delivery of {named} cannot be read: {why}",
            remedy="Nothing was taken; the next sync reads what it was about.",
        )


class NotFoundError(SourceError):
    """A source has no such thing, or hides it."""

    slug = "source.not-found"

    @classmethod
    def at(cls, named: str, where: str, secret: str) -> NotFoundError:
        return cls(
            f"{named} has no such thing, or hides it from this token",
            where=where,
            remedy=f"Check the name; private ones need a token in {secret} that may read them.",
        )


class AnswerError(SourceError):
    """A source answers with something that cannot be read."""

    slug = "source.answer"

    @classmethod
    def strange(cls, named: str, where: str, what: str) -> AnswerError:
        return cls(
            f"{named} answers with {what}",
            where=where,
            remedy="A proxy may stand in between, or the address is not that of an interface.",
        )
