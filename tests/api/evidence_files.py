"""Evidence files as telephones, scanners and attackers make them."""

import io
import struct
import zlib
from pathlib import Path

import pillow_heif
from PIL import Image

from api.evidence.store import Store

CANARY = b"canary-of-the-camera"
NAMES = {"JPEG": "照片.jpg", "PNG": "照片.png", "WEBP": "照片.webp", "HEIF": "照片.heic", "PDF": "通知.pdf"}

pillow_heif.register_heif_opener()


def exif(*, orientation: int = 1, taken: str = "2026:03:01 10:20:30", offset: str | None = "+08:00") -> Image.Exif:
    """What a telephone in Ningbo writes: time, offset and place."""
    tags = Image.Exif()
    tags[0x0112], tags[0x010F] = orientation, CANARY.decode()
    detail = tags.get_ifd(0x8769)
    detail[0x9003] = taken
    if offset:
        detail[0x9011] = offset
    tags.get_ifd(0x8825).update({1: "N", 2: (29.0, 52.0, 30.5), 3: "E", 4: (121.0, 33.0, 3.0)})
    return tags


def picture(plugin: str = "JPEG", *, size: tuple[int, int] = (640, 480), tags: Image.Exif | None = None) -> bytes:
    """A real picture, red on its left half and blue on its right, in the format Pillow calls `plugin`."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    stream = io.BytesIO()
    image.save(stream, plugin, exif=tags or exif())
    return stream.getvalue()


def paper(*, catalog: bytes = b"", trailer: bytes = b"", stream: bytes = b"", ending: bytes = b"") -> bytes:
    """A PDF of one empty page, with additions to its catalog and trailer, one compressed stream, and what follows."""
    packed = zlib.compress(stream, 9)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(packed), packed),
    )
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 5 /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(body))
    return body + table + end + ending


def png_of(width: int, height: int, *, rows: bytes = b"") -> bytes:
    """A PNG whose header claims any size, around hand-made rows."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"IEND", b""))
    )


def files_under(folder: Path) -> set[Path]:
    """Everything but folders below a folder."""
    return {path for path in folder.rglob("*") if not path.is_dir()}


def untouched(store: Store) -> bool:
    """Whether the store holds nothing at all, finished or not."""
    return not files_under(store.root) and not [*store.root.glob("incoming/*")]
