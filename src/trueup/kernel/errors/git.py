"""What git refuses, or a repository lacks."""

from __future__ import annotations

from trueup.kernel.errors.base import TrueupError


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
    says = "this is not a git repository"
    advice = "Name a folder that git knows (a clone, a bare repository) or a URL."

    @classmethod
    def missing(cls, where: str) -> NotARepositoryError:
        """There is nothing at all at the path."""
        return cls("there is no such folder", where=where, remedy=cls.advice)


class EmptyRepositoryError(GitError):
    """The repository has no commit on the line asked for."""

    slug = "git.empty"
    says = "this repository has no commits yet"
    advice = "There is nothing to check: come back after the first commit."


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
    says = "git refuses to read this folder because another user owns it"
    advice = "If you trust it: git config --global --add safe.directory '{where}'"


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
