"""What a camera claims (EXIF): when and where a picture was taken; garbage is None, never an error."""

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from workflow.arithmetic import SHANGHAI

_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def taken_at(text: Any, offset: Any) -> datetime | None:
    """The instant (UTC) of EXIF DateTimeOriginal with its OffsetTime, else read as Shanghai time."""
    try:
        return datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=_zone(offset)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def position(latitude: Any, longitude: Any) -> tuple[float, float] | tuple[None, None]:
    """Degrees (WGS-84) north and east of EXIF GPS [reference, [degrees, minutes, seconds]] pairs; both or neither."""
    north, east = _degrees(latitude, "NS", 90), _degrees(longitude, "EW", 180)
    # A camera without a fix writes zeros; nobody inspects the Gulf of Guinea.
    if north is None or east is None or (north == 0 and east == 0):
        return None, None
    return north, east


def _zone(offset: Any) -> tzinfo:
    found = _OFFSET.fullmatch(offset) if isinstance(offset, str) else None
    if found is None or int(found[2]) > 14 or int(found[3]) > 59:
        return SHANGHAI
    shift = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(shift if found[1] == "+" else -shift)


def _degrees(pair: Any, signs: str, most: int) -> float | None:
    match pair:
        case [str(sign), [degrees, minutes, seconds]] if sign in tuple(signs):
            parts: Sequence[float] = (degrees, minutes, seconds)
        case _:
            return None
    value = parts[0] + parts[1] / 60 + parts[2] / 3600
    if not math.isfinite(value) or min(parts) < 0 or value > most:
        return None
    return round(value if sign == signs[0] else -value, 7)
