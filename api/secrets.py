"""Opaque secrets (密钥), known to the database by their SHA-256 only, and passwords, known by argon2 hashes."""

import hashlib
import secrets
import unicodedata
from threading import BoundedSemaphore

from pwdlib.hashers.argon2 import Argon2Hasher

# So that a secret pasted where it does not belong can be searched for.
PREFIX = "hl_"
SECRET_BYTES = 32
# One hash takes 64 MiB: fifty log-ins at once would take 3 GiB.
AT_ONCE = BoundedSemaphore(4)
HASHER = Argon2Hasher()
# Of nothing anyone knows, with the hasher's own settings: an unknown login must take as long as a known one.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$M0GB58bPDrfSljsOfRF1aQ$/LIK0YEqgSj/fQy1irpLwuBH/UNmPDm9wZoaViLyUsg"


def new_secret() -> str:
    """Return a fresh secret of 256 random bits, such as `hl_` and 43 characters that fit in an address."""
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """Return what is stored of a secret: its SHA-256, 64 hex digits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password; about 0.15 s, never inside a transaction."""
    with AT_ONCE:
        return HASHER.hash(_encoded(password))


def password_matches(password: str, password_hash: str | None) -> bool:
    """Say whether a password fits its hash, in the same time when there is no hash to fit."""
    with AT_ONCE:
        fits = HASHER.verify(_encoded(password), password_hash or NOBODY)
    return fits and password_hash is not None


def _encoded(password: str) -> bytes:
    # Full-width letters from an input method are the same password.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
