"""The one door of evidence files (整改佐证材料): sealed originals, harmless copies, and nothing half-written."""

import hashlib
import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.evidence import kinds, metadata, names, sandbox
from api.evidence.outcomes import UNWRITABLE
from api.evidence.refusals import EmptyFile, FileTooLarge, StoreFull, UnknownOriginal

LIMIT_BYTES = 20 * 2**20
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Received:
    """A piece of evidence as it arrived: size in bytes, EXIF time (UTC) and place (WGS-84), upright size in pixels."""

    sha256: str
    size: int
    media_type: str
    name: str
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Store:
    """A folder outside the web root: originals/aa/sha256 (sealed), copies/aa/sha256.jpg, incoming/ (unfinished)."""

    root: Path
    limit_bytes: int = LIMIT_BYTES
    pixel_limit: int = 52_000_000  # a telephone of "50 megapixels" takes 8192 × 6144

    def receive(self, chunks: Iterable[bytes], *, name: str) -> Received:
        """Stream a file in, look at it in a child process, seal it; refuses by name and then leaves nothing behind."""
        visible = names.bare(name)
        kinds.refuse_extension(visible)
        with _writing(), self._bench() as bench:
            sha256, size = self._pour(chunks, bench / "original")
            with (bench / "original").open("rb") as stream:
                kind = kinds.sniff(stream.read(kinds.HEAD), name=visible)
            report = sandbox.examine(bench, kind, pixel_limit=self.pixel_limit)
            self._seal(bench, sha256)
        taken_at = metadata.taken_at(report.get("taken"), report.get("offset"))
        latitude, longitude = metadata.position(report.get("latitude"), report.get("longitude"))
        width, height = report.get("size", (None, None))
        return Received(sha256, size, kind.media_type, visible, taken_at, latitude, longitude, width, height)

    def original(self, sha256: str) -> Path:
        """Where the sealed original lies; refuses (UnknownOriginal) what is not there."""
        path = self._path("originals", sha256)
        if not path.is_file():
            raise UnknownOriginal(field="sha256", right="已收到的佐证材料的校验值")
        return path

    def copy(self, sha256: str) -> Path | None:
        """Where the re-encoded JPEG lies; None for documents, which have no copy."""
        path = self._path("copies", sha256, ".jpg")
        return path if path.is_file() else None

    def check(self, sha256: str) -> bool:
        """Whether the sealed original is there and still has its SHA-256."""
        path = self._path("originals", sha256)
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256

    def sweep_temporary(self, older_than: datetime) -> int:
        """Remove what a killed process left unfinished and nobody has touched since `older_than`; how many uploads."""
        left = [p for p in (self.root / "incoming").glob("*") if _touched(p) < older_than.timestamp()]
        for bench in left:
            shutil.rmtree(bench, ignore_errors=True)
        return len(left)

    def _path(self, room: str, sha256: str, suffix: str = "") -> Path:
        if not _SHA256.fullmatch(sha256):
            raise UnknownOriginal(field="sha256", right="六十四位小写十六进制校验值")
        return self.root / room / sha256[:2] / (sha256 + suffix)

    @contextmanager
    def _bench(self) -> Iterator[Path]:
        incoming = self.root / "incoming"
        incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=incoming) as folder:
            yield Path(folder)

    def _pour(self, chunks: Iterable[bytes], target: Path) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with target.open("xb") as stream:
            for chunk in chunks:
                size += len(chunk)
                if size > self.limit_bytes:
                    raise FileTooLarge(field="file", right=f"不超过 {self.limit_bytes / 2**20:g} 兆字节")
                digest.update(chunk)
                stream.write(chunk)
        if not size:
            raise EmptyFile(field="file", right="有内容的照片或文档")
        return digest.hexdigest(), size

    def _seal(self, bench: Path, sha256: str) -> None:
        # The original goes last: where it lies, its copy lies too.
        if (bench / "copy").exists():
            _settle(bench / "copy", self._path("copies", sha256, ".jpg"), mode=0o600)
        if not self.check(sha256):
            _settle(bench / "original", self._path("originals", sha256), mode=0o400)


def _settle(source: Path, target: Path, *, mode: int) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    source.chmod(mode)
    _sync(source)
    source.replace(target)
    for folder in (target.parent, *target.parents[1:3]):
        _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _touched(bench: Path) -> float:
    try:
        return max(path.stat().st_mtime for path in (bench, *bench.glob("*")))
    except FileNotFoundError:
        # Finished while we looked.
        return math.inf


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in UNWRITABLE:
            raise StoreFull(right="请管理员清理或扩充磁盘后重试") from error
        raise
