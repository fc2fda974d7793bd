"""Pictures, inside the isolated child: header, EXIF, and a copy that carries pixels and nothing else."""

from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

from api.evidence.outcomes import Outcome, Stop

LONGEST_SIDE = 2048
QUALITY = 85
ORIENTATION, EXIF_IFD, GPS_IFD = 0x0112, 0x8769, 0x8825
TAKEN, TAKEN_OFFSET, OFFSET = 0x9003, 0x9011, 0x9010

# EXIF orientation to the turn that puts the picture upright (CIPA DC-008 table 5).
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = frozenset({5, 6, 7, 8})


def examine(source: Path, copy: Path, *, plugin: str, pixel_limit: int) -> dict[str, Any]:
    """Write the JPEG copy (longest side ≤ 2048 pixels, upright, no metadata); report size and raw EXIF."""
    pillow_heif.register_heif_opener()
    # Our own limit, told by name, stands in for Pillow's.
    Image.MAX_IMAGE_PIXELS = None
    if plugin == "WEBP":
        _refuse_pixels(_webp_size(source), pixel_limit)
    with Image.open(source, formats=[plugin]) as picture:
        width, height = picture.size
        _refuse_pixels(picture.size, pixel_limit)
        report = _exif(picture)
        orientation = report.pop("orientation", 1)
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        plain = _flat(picture)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if orientation in TURNS:
        plain = plain.transpose(TURNS[orientation])
    plain.save(copy, "JPEG", quality=QUALITY)
    return report | {"size": [height, width] if orientation in SIDEWAYS else [width, height]}


def _refuse_pixels(size: tuple[int, int], limit: int) -> None:
    if size[0] * size[1] > limit:
        raise Stop(Outcome.TOO_MANY_PIXELS)


def _webp_size(source: Path) -> tuple[int, int]:
    # Opening a WebP already allocates its canvas twice, so the size is read from the header first (RFC 9649 §2).
    with source.open("rb") as stream:
        head = stream.read(30).ljust(30, b"\0")
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF


def _flat(picture: Image.Image) -> Image.Image:
    # A fresh canvas: Pillow would carry comments of the source into what it saves.
    canvas = Image.new("RGB", picture.size, "white")
    if picture.mode == "I;16":
        # Pillow clips sixteen bits to white instead of scaling them.
        canvas.paste(picture.point(lambda level: level / 256).convert("RGB"))
        return canvas
    if picture.has_transparency_data:
        see_through = picture.convert("RGBA")
        canvas.paste(see_through, mask=see_through.getchannel("A"))
    else:
        canvas.paste(picture.convert("RGB"))
    return canvas


def _exif(picture: Image.Image) -> dict[str, Any]:
    # EXIF is a claim of the camera: garbage in it is no fault of the picture.
    try:
        tags = picture.getexif()
        detail, gps = tags.get_ifd(EXIF_IFD), tags.get_ifd(GPS_IFD)
        return {
            "orientation": tags.get(ORIENTATION, 1),
            "taken": _text(detail.get(TAKEN)),
            "offset": _text(detail.get(TAKEN_OFFSET) or detail.get(OFFSET)),
            "latitude": [_text(gps.get(1)), _numbers(gps.get(2))],
            "longitude": [_text(gps.get(3)), _numbers(gps.get(4))],
        }
    except Exception:
        return {}


def _text(value: object) -> str:
    return value.strip("\0 ")[:40] if isinstance(value, str) else ""


def _numbers(value: object) -> list[float]:
    try:
        return [float(part) for part in value][:3] if isinstance(value, tuple) else []
    except (ValueError, ZeroDivisionError, OverflowError):
        return []
