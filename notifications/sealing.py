"""Seals channel settings (加密保存) for the database: AES-256-GCM, bound to the channel they belong to."""

import os
from base64 import b64decode, b64encode
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from notifications.faults import BrokenSeal
from notifications.settings import Settings, parse

VERSION = "v1:"
NONCE_BYTES = 12  # NIST SP 800-38D §8.2


def seal(settings: Settings, *, channel_id: str, keys: Sequence[bytes]) -> str:
    """Encrypt with the first of `keys` (32 bytes each); the text fits no other channel."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(keys[0]).encrypt(nonce, settings.json.encode(), channel_id.encode())
    return VERSION + b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, channel_id: str, keys: Sequence[bytes]) -> Settings:
    """Decrypt with whichever of `keys` fits (new before old); BrokenSeal when none does."""
    try:
        raw = b64decode(sealed.removeprefix(VERSION), validate=True)
    except ValueError:
        raise BrokenSeal(field="settings") from None
    for key in keys:
        try:
            opened = AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], channel_id.encode())
        except (InvalidTag, ValueError):
            continue
        return parse(opened.decode())
    raise BrokenSeal(field="settings")


def reseal(sealed: str, *, channel_id: str, keys: Sequence[bytes]) -> str:
    """Seal anew with the first of `keys` what any of them opens: one step of changing the key."""
    return seal(unseal(sealed, channel_id=channel_id, keys=keys), channel_id=channel_id, keys=keys)
