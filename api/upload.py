"""Uploads (上传): a request's body as plain chunks for a thread, with patience that ends and a digest that must fit."""

import base64
import binascii
import hashlib
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass

from anyio import fail_after, from_thread
from fastapi import Request
from starlette.requests import ClientDisconnect

from workflow.refusals import Refusal

# Uploads at once, on threads of their own: slow telephones must not keep everybody else waiting.
AT_ONCE = 8
PATIENCE_SECONDS = 30
_SHA_256 = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):\s*(?=,|$)")


class UploadBroken(Refusal):
    """上传中断，没有保存，请重新上传。"""

    status = 400


class UploadTooSlow(Refusal):
    """上传太慢，已经中断，请重新上传。"""

    status = 408


class DigestDiffers(Refusal):
    """收到的文件与申报的校验值不符，没有保存，请重新上传。"""


class BadDigest(Refusal):
    """校验值的写法不对。"""


@dataclass(frozen=True, slots=True)
class Chunks:
    """The body piece by piece, for a worker thread; each piece is asked of the event loop only when it is wanted."""

    request: Request

    def __iter__(self) -> Iterator[bytes]:
        """The pieces; `UploadBroken` when the sender goes, `UploadTooSlow` after thirty silent seconds."""
        stream = self.request.stream()
        while (chunk := from_thread.run(_next, stream)) is not None:
            yield chunk


def verified(chunks: Iterable[bytes], sha256: str | None) -> Iterator[bytes]:
    """The same pieces; `DigestDiffers` at their end where they are not what was declared."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
    if sha256 is not None and digest.hexdigest() != sha256:
        raise DigestDiffers(field="sha256", right="重新计算文件的 SHA-256", received=digest.hexdigest())


def declared(sha256: str | None, content_digest: str | None) -> str | None:
    """The SHA-256 (hex) the sender declares in the query or as Content-Digest (RFC 9530)."""
    if content_digest is None:
        return sha256
    named = _SHA_256.search(content_digest)
    try:
        digest = base64.b64decode(named[1], validate=True).hex() if named else ""
    except binascii.Error:
        digest = ""
    if len(digest) != 64:
        raise BadDigest(field="Content-Digest", right="sha-256=:BASE64:（RFC 9530）")
    if sha256 not in (None, digest):
        raise DigestDiffers(field="Content-Digest", right="与 sha256 参数相同")
    return digest


async def _next(stream: AsyncIterator[bytes]) -> bytes | None:
    try:
        with fail_after(PATIENCE_SECONDS):
            return await anext(stream, None)
    except TimeoutError as error:
        raise UploadTooSlow(field="file") from error
    except ClientDisconnect as error:
        raise UploadBroken(field="file") from error
