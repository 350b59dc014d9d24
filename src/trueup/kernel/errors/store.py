"""What is wrong with the workspace, or with files that are to be taken in."""

from __future__ import annotations

from trueup.kernel.errors.base import TrueupError


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
    def newer(cls, where: str, found: int, known: int) -> StoreError:
        return cls(
            f"this workspace was written by a newer trueup (layout {found}, known {known})",
            where=where,
            remedy="Upgrade trueup, or name another place with --workspace DIR.",
        )


class LockedError(StoreError):
    """Another process is writing to the same workspace."""

    slug = "store.locked"
    says = "another trueup is writing to this workspace"
    advice = "Wait for it to end, or name another place with --workspace DIR."


class NothingCollectedError(StoreError):
    """A result was asked for before anything was collected."""

    slug = "store.empty"
    says = "nothing has been collected and scanned here yet"
    advice = "Run `trueup scan .` in a git repository first."


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


class SheetError(TrueupError):
    """A sheet of answers cannot be read or written; nothing of it was kept."""

    slug = "audit.sheet"

    @classmethod
    def strange(cls, where: str, reason: str) -> SheetError:
        return cls(
            f"this is no sheet of an audit drawn here: {reason}",
            where=where,
            remedy="Take a sheet that `trueup audit draw` wrote, and change its answers alone.",
        )

    @classmethod
    def missing(cls, where: str) -> SheetError:
        return cls(
            "there is no such sheet",
            where=where,
            remedy="Name one that `trueup audit draw` wrote, or none to be asked one by one.",
        )

    @classmethod
    def odd(cls, where: str, line: int) -> SheetError:
        return cls(
            f"line {line} holds something that is no answer",
            where=where,
            remedy="Write done, not done or cannot tell, or nothing; nothing of the sheet was kept.",
        )

    @classmethod
    def unreadable(cls, where: str, reason: str) -> SheetError:
        return cls(
            f"the sheet cannot be read: {reason}",
            where=where,
            remedy="Save it as a table with commas or semicolons (CSV); nothing of it was kept.",
        )

    @classmethod
    def unwritable(cls, where: str, reason: str) -> SheetError:
        return cls(
            f"the sheet cannot be written: {reason}",
            where=where,
            remedy="Name another folder with --folder, and draw again.",
        )


class StateError(TrueupError):
    """What people told cannot be read or written."""

    slug = "state.failed"

    @classmethod
    def unusable(cls, where: str, reason: str) -> StateError:
        return cls(
            f"the state cannot be used: {reason}",
            where=where,
            remedy="Check that the database runs and may be written; nothing of this was kept.",
        )

    @classmethod
    def damaged(cls, where: str, reason: str) -> StateError:
        return cls(
            f"the state is damaged, or of a newer trueup: {reason}",
            where=where,
            remedy="Restore it from a copy, or upgrade trueup; facts and reports do not need it.",
        )


class MemoryNeededError(StoreError):
    """A question about the facts needs more memory than the engine may take."""

    slug = "store.memory"
    says = "a question about these facts needs more memory than it may take"
    advice = "Scan fewer repositories into one workspace, or less of them with --since."
