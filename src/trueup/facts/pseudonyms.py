"""Keyed pseudonyms: the same identity gives the same id under one key, and nothing without it.

The key lies in the user's configuration folder or in `TRUEUP_KEY`, never in the workspace. Losing it
is survivable: the next collection reads everything anew under a new key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from trueup.kernel.errors import ConfigError

MINIMUM = 16


def key_path() -> Path:
    """Where the key lies when it is not in the environment."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "trueup" / "key"


def load_key() -> bytes:
    """The key of this user, made on first use.

    Raises:
        ConfigError: `TRUEUP_KEY` or the key file is too short, or cannot be read or written.
    """
    told = os.environ.get("TRUEUP_KEY", "")
    if told:
        return _checked(told.encode(), "TRUEUP_KEY")
    path = key_path()
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _make(path)
        return _checked(path.read_bytes().strip(), str(path))
    except OSError as error:
        raise ConfigError(
            f"the pseudonym key cannot be read or made: {error.strerror}",
            where=str(path),
            remedy="Set TRUEUP_KEY to a secret of at least 16 characters instead.",
        ) from error


def _make(path: Path) -> None:
    """A new key; where another process makes one at the same moment, the first wins."""
    fresh = path.with_name(f"key.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(secrets.token_hex(32))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError:
        fresh.replace(path)  # a file system without links
    fresh.unlink(missing_ok=True)


def identity(key: bytes, name: str, address: str) -> str:
    """The id of a name and address: `p` and 16 hexadecimal digits.

    >>> identity(b"k" * 16, "Ada Quill", "ada@example.org")
    'p4f0de2527f95cbf4'
    """
    text = f"{name}\0{address.lower()}".encode("utf-8", "surrogateescape")
    return "p" + hmac.new(key, text, hashlib.sha256).hexdigest()[:16]


def sealed(key: bytes, text: str) -> str:
    """A keyed hash of exactly this text, for names of keys and accounts: they could be guessed otherwise."""
    plain = text.encode("utf-8", "surrogatepass")
    return hmac.new(key, b"sealed\0" + plain, hashlib.sha256).hexdigest()[:16]


def key_id(key: bytes) -> str:
    """A short fingerprint that tells whether two collections used the same key."""
    return hmac.new(key, b"trueup key id", hashlib.sha256).hexdigest()[:12]


def _checked(key: bytes, where: str) -> bytes:
    if len(key) < MINIMUM:
        raise ConfigError(
            f"the pseudonym key has {len(key)} characters, at least {MINIMUM} are needed",
            where=where,
            remedy="Remove the file to have a new one made, or set TRUEUP_KEY.",
        )
    return key
