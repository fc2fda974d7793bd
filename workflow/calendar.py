"""Working calendars (工作日历): which days are working days, why others are off, how far the notices are known."""

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType

from holidays import country_holidays
from holidays.version import __version__ as _DATA

from workflow.refusals import Refusal

_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
MAKE_UP = "调休补班"
HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
# The years whose notice may be entered.
YEARS = range(2020, 2101)
# New Year's leave may take days of the year before: of 2018 the 31st was off, the 29th worked (国办发明电〔2018〕15号).
_LEAVE = (12, 26)


class NoticeFault(Refusal):
    """这份放假调休通知不能录入。"""


@dataclass(frozen=True, slots=True)
class _Override:
    working: bool
    why: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days of the whole country; two calendars are the same when their `version` is.

    `proclaimed_through` is the last year whose notice on days off (放假调休) is known; later years are provisional.
    """

    version: str
    proclaimed_through: int
    _own_notices: frozenset[int] = field(default_factory=frozenset, repr=False, compare=False)
    _overrides: Mapping[date, _Override] = field(
        default_factory=lambda: MappingProxyType({}), repr=False, compare=False
    )

    def is_working(self, day: date) -> bool:
        """Whether that day is a working day, make-up workdays (调休补班) included."""
        if override := self._overrides.get(day):
            return override.working
        off, make_up = self._year(day.year)
        return day in make_up or (day.weekday() < 5 and day not in off)

    def why_off(self, day: date) -> str:
        """Why the day is not what its weekday says (国庆节, 周六, 调休补班); empty for an ordinary working day."""
        if override := self._overrides.get(day):
            return override.why
        off, make_up = self._year(day.year)
        if day in make_up:
            return MAKE_UP
        return off.get(day) or (weekday(day) if day.weekday() >= 5 else "")

    def knows(self, day: date) -> bool:
        """Whether no notice still to come may rule that day; if one may, what is counted by it is provisional."""
        return day < date(self.proclaimed_through, *_LEAVE)

    def working_days(self, year: int) -> int:
        """How many working days the year has."""
        return sum(self.is_working(date(year, 1, 1) + timedelta(days=n)) for n in range(365 + isleap(year)))

    def _year(self, year: int) -> tuple[Mapping[date, str], frozenset[date]]:
        return _statutory_year(year, year not in self._own_notices)


def statutory_days(year: int) -> int:
    """Days off that the law itself gives (法定节日), by 国务院令第513号 and from 2025 on 国务院令第795号."""
    return 13 if year >= 2025 else 11


def statutory_holidays(year: int) -> Mapping[str, frozenset[date]]:
    """The days off that the law itself gives for each holiday of the year, by its name."""
    days = _statutory_year(year, False)[0]
    return {name: frozenset(day for day, why in days.items() if name in why.split("、")) for name in HOLIDAYS}


def begins(year: int) -> date:
    """The first day that the notice of that year may name."""
    return date(year - 1, *_LEAVE)


def weekday(day: date) -> str:
    """The day of the week in Chinese (周一 …)."""
    return _WEEKDAYS[day.weekday()]


def statutory(proclaimed_through: int = 2026) -> Calendar:
    """The calendar of 全国年节及纪念日放假办法 and the State Council's yearly notices, known through that year."""
    return Calendar(version=f"holidays-{_DATA}/{proclaimed_through}", proclaimed_through=proclaimed_through)


def with_notice(
    calendar: Calendar, *, year: int, off: Mapping[date, str], working: Mapping[date, str], document: str
) -> Calendar:
    """The calendar with one more yearly notice entered: days off and make-up workdays, each with a reason.

    Statutory days stay off; in a year not known before, estimated substitute days give way to the notice.
    """
    _refuse_faulty(year=year, off=off, working=working, document=document)
    overrides = dict(calendar._overrides)
    overrides |= {day: _Override(working=False, why=why or weekday(day)) for day, why in off.items()}
    overrides |= {day: _Override(working=True, why=why or MAKE_UP) for day, why in working.items()}
    own = calendar._own_notices | ({year} if year > calendar.proclaimed_through else frozenset())
    through = calendar.proclaimed_through
    # A notice for a later year leaves the gap before it unknown until that is filled.
    while through + 1 in own:
        through += 1
    notice = (year, sorted(off.items()), sorted(working.items()), document)
    return Calendar(
        version=_version(calendar, through, notice),
        proclaimed_through=through,
        _own_notices=own,
        _overrides=MappingProxyType(overrides),
    )


def _version(calendar: Calendar, through: int, notice: tuple[object, ...]) -> str:
    """A name that changes with every notice, whatever its order and whether it moved a day or not."""
    base = calendar.version.partition("/")[0]
    return f"{base}/{through}+{sha256(repr((calendar.version, notice)).encode()).hexdigest()[:12]}"


def _refuse_faulty(*, year: int, off: Mapping[date, str], working: Mapping[date, str], document: str) -> None:
    if not document.strip():
        raise NoticeFault(field="document", right="写明通知的文号")
    if not off:
        raise NoticeFault(field="off", right="至少列出一个放假日")
    if both := sorted(off.keys() & working.keys()):
        raise NoticeFault(field="working", right=f"同一天不能既放假又上班：{_list(both)}")
    first, last = begins(year), date(year, 12, 31)
    if outside := sorted(day for day in {*off, *working} if not first <= day <= last):
        raise NoticeFault(field="year", right=f"日期须在 {first} 至 {last} 之间，不在其中：{_list(outside)}")


def _list(days: list[date]) -> str:
    return "、".join(day.isoformat() for day in days)


@lru_cache(maxsize=512)
def _statutory_year(year: int, substituted: bool) -> tuple[Mapping[date, str], frozenset[date]]:
    """One year's holidays by name, with or without substitute days, and its make-up workdays."""
    china = country_holidays("CN", years=year, observed=substituted, language="zh_CN")
    make_up = frozenset(day for day in china.weekend_workdays if day.year == year)
    return MappingProxyType({day: name.replace("; ", "、") for day, name in china.items()}), make_up
