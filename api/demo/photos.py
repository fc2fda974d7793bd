"""Photos for the demo: small JPEGs with the camera's time, drawn here so that every one is different."""

import io
from datetime import datetime

from PIL import Image, ImageDraw

from workflow.arithmetic import SHANGHAI

SIZE = (320, 240)
COLOURS = {"before": (176, 58, 46), "after": (39, 119, 73)}
EXIF_IFD, TAKEN, OFFSET = 0x8769, 0x9003, 0x9011


def photo(number: int, phase: str, now: datetime) -> bytes:
    """A picture that was taken `now`; `number` makes it unlike all others."""
    picture = Image.new("RGB", SIZE, COLOURS[phase])
    pencil = ImageDraw.Draw(picture)
    for stripe in range(8):
        left = (number * 37 + stripe * 41) % SIZE[0]
        pencil.rectangle((left, stripe * 30, left + 12 + number % 9, stripe * 30 + 22), fill=(235, 235, 220))
    pencil.text((8, 8), f"hazardloop demo {number} {phase}", fill="white")
    exif = Image.Exif()
    local = now.astimezone(SHANGHAI)
    exif.get_ifd(EXIF_IFD).update({TAKEN: local.strftime("%Y:%m:%d %H:%M:%S"), OFFSET: "+08:00"})
    saved = io.BytesIO()
    picture.save(saved, "JPEG", quality=70, exif=exif)
    return saved.getvalue()
