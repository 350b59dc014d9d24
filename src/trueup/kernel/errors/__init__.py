"""The one tree of expected failures.

Every class carries a short slug; each slug has a page under ``docs/reference/errors/``.
A message says what was found, where, what it costs, and what to do next.
"""

from trueup.kernel.errors.base import (
    ConfigError,
    DeclarationError,
    TrueupError,
    UnknownIdError,
    UnknownPersonError,
    UnknownSourceError,
    UsageError,
)
from trueup.kernel.errors.git import (
    CorruptRepositoryError,
    EmptyRepositoryError,
    GitError,
    GitVersionError,
    NotARepositoryError,
    OwnershipError,
    UnknownBranchError,
)
from trueup.kernel.errors.sources import (
    AccessError,
    AnswerError,
    CredentialsError,
    DeliveryError,
    NotFoundError,
    SourceError,
    UnreachableError,
)
from trueup.kernel.errors.store import (
    ExportError,
    LockedError,
    MemoryNeededError,
    NothingCollectedError,
    SheetError,
    StateError,
    StoreError,
)

__all__ = [
    "AccessError",
    "AnswerError",
    "ConfigError",
    "CorruptRepositoryError",
    "CredentialsError",
    "DeclarationError",
    "DeliveryError",
    "EmptyRepositoryError",
    "ExportError",
    "GitError",
    "GitVersionError",
    "LockedError",
    "MemoryNeededError",
    "NotARepositoryError",
    "NotFoundError",
    "NothingCollectedError",
    "OwnershipError",
    "SheetError",
    "SourceError",
    "StateError",
    "StoreError",
    "TrueupError",
    "UnknownBranchError",
    "UnknownIdError",
    "UnknownPersonError",
    "UnknownSourceError",
    "UnreachableError",
    "UsageError",
]
