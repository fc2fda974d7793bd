"""Levels of a listing (挂牌级别): their order, which bodies list at each, and which are accepted in more steps."""

from collections.abc import Mapping

LEVELS: Mapping[str, str] = {"town": "镇级", "district": "区级", "city": "市级", "province": "省级"}
ORDER = tuple(LEVELS)
# Levels at which the district accepts too, before the body that listed.
ABOVE_DISTRICT = frozenset({"city", "province"})
_BUREAUS = frozenset({"department", "agency"})
# The government of the level itself, or a bureau (安委办) that lists in its name.
BODIES: Mapping[str, frozenset[str]] = {level: _BUREAUS | {level} for level in ORDER}
OFFICES = _BUREAUS.union(ORDER)


def higher(level: object, than: str) -> bool:
    """Whether `level` is a level of a listing, and above the other."""
    return level in ORDER and ORDER.index(str(level)) > ORDER.index(than)
