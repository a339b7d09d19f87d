"""The key of a redaction: random for one run, or made from a file for many."""

import hashlib
import os
from pathlib import Path

from analyzer.errors import UsageError

FEWEST_BYTES = 16
"""A shorter secret could be guessed, and with it every pseudonym turned back."""
_MOST_BYTES = 1 << 20
_SALT = b"sipwhy redaction"


def random_key() -> bytes:
    """Return a key that nobody has, so that nothing can be compared with another run."""
    return os.urandom(32)


def key_of_file(path: Path) -> bytes:
    """Return the key that the content of a file makes; raises UsageError when it is too short."""
    try:
        with path.open("rb") as file:
            secret = file.read(_MOST_BYTES)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(secret) < FEWEST_BYTES:
        raise UsageError(
            f"{path} is too short for a key: {len(secret)} of at least {FEWEST_BYTES} bytes; make "
            "one with: head -c 32 /dev/urandom > FILE"
        )
    # Slow on purpose: a phrase that a person chose is tried out as slowly.
    return hashlib.scrypt(secret, salt=_SALT, n=1 << 14, r=8, p=1, dklen=32)


def derive(key: bytes, purpose: bytes, size: int = 32) -> bytes:
    """Return a key for one purpose, from which neither the key nor another one follows."""
    return hashlib.blake2b(purpose, key=key, digest_size=size, person=b"sipwhy-redaction").digest()
