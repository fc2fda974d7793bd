"""The file of an anchor (锚定文件): one line a chain head, then one that signs the digest of all bytes before it."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from workflow.history import canonical
from workflow.refusals import Refusal

LONGEST_LINE = 4096
LAST_LINE = {"day": str, "at": str, "cases": int, "digest": str, "signature": str}


class NotAnAnchor(Refusal):
    """这不是一份锚定文件，或者文件读不出来、不完整。"""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a case's chain ended: the seq and the hash of its last event."""

    case: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Seal:
    """How many heads a file holds, the SHA-256 of their lines (hex) and the Ed25519 signature of it all (hex)."""

    cases: int
    digest: str
    signature: str


def public_key(key: bytes) -> bytes:
    """The 32 bytes by which anyone may check what the private `key` (32 bytes) signed."""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()


def write_heads(path: Path, heads: Iterable[Head], *, day: str, at: str, key: bytes) -> Seal:
    """Write a new file and seal it with the private `key`; it is on the disk on return."""
    digest, cases = sha256(), 0
    with path.open("xb") as file:
        for head in heads:
            line = canonical({"case": head.case, "seq": head.seq, "hash": head.hash}).encode() + b"\n"
            digest.update(line)
            file.write(line)
            cases += 1
        said = {"day": day, "at": at, "cases": cases, "digest": digest.hexdigest()}
        signature = Ed25519PrivateKey.from_private_bytes(key).sign(_signed(said)).hex()
        file.write(canonical({**said, "signature": signature}).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return Seal(cases, digest.hexdigest(), signature)


def trusted(path: Path, public_key: bytes) -> bool:
    """Whether the file is as it was sealed, by the owner of this key; raises NotAnAnchor for any other kind of file."""
    digest, cases, last = sha256(), -1, b""
    for line in _lines(path):
        digest.update(last)
        cases, last = cases + 1, line
    said = _last_line(path, last)
    signature = bytes.fromhex(said.pop("signature"))
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, _signed(said))
    except InvalidSignature:
        return False
    return (said["digest"], said["cases"]) == (digest.hexdigest(), cases)


def read_heads(path: Path, *, page: int) -> Iterator[list[Head]]:
    """The heads of a trusted file, `page` at a time."""
    heads = (Head(**said) for said in map(json.loads, _lines(path)) if "signature" not in said)
    while some := list(islice(heads, page)):
        yield some


def _signed(said: dict[str, Any]) -> bytes:
    """What the signature is over: the last line without it."""
    return canonical(said).encode()


def _last_line(path: Path, line: bytes) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(line)
        whole = {name: type(value) for name, value in said.items()} == LAST_LINE
        bytes.fromhex(said["signature"] if whole else "?")
    except (ValueError, AttributeError) as fault:
        raise _not_an_anchor(path) from fault
    return said


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                yield line
    except OSError as fault:
        raise _not_an_anchor(path) from fault


def _not_an_anchor(path: Path) -> NotAnAnchor:
    return NotAnAnchor(field=path.name, right="由本系统生成、未经改动的 anchor-日期.jsonl")
