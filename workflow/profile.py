"""Profiles (地方规则): the limits of one place, each with its source, read from TOML and armed or refused whole."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workflow.limits import LEVELS, LONGEST, NAMES, TITLES, Limit, Unit
from workflow.refusals import Refusal

_HEADINGS = ("name", "title", "version")
_KEYS = frozenset({"amount", "unit", "source", "rolls", "cap"})
# An installed wheel carries the files beside this module; a checkout keeps them one folder up.
_HERE = Path(__file__).resolve().parent
_FOLDERS = (_HERE / "profiles", _HERE.parent / "profiles")


class ProfileFault(Refusal):
    """这份地方规则不能启用。"""

    @property
    def faults(self) -> tuple[str, ...]:
        """Every fault of the file at once, in Chinese."""
        return tuple(self.facts["faults"])


@dataclass(frozen=True, slots=True)
class Profile:
    """What one place allows: every limit of `limits.NAMES`, some with their own figure for a level of hazard."""

    name: str
    title: str
    version: str
    digest: str
    _limits: Mapping[tuple[str, str | None], Limit] = field(repr=False, compare=False)

    def limit(self, name: str, level: str | None = None) -> Limit:
        """The limit of that name; one for the hazard's level (general, major) wins over the plain one."""
        return self._limits.get((name, level)) or self._limits[name, None]


def load(path: Path) -> Profile:
    """Read one profile from a TOML file; raises ProfileFault with all of its faults."""
    try:
        content = path.read_bytes()
        table = tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise _fault(path.stem, ["文件读不出来，请检查路径和权限"]) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _fault(path.stem, [f"不是 UTF-8 编码的 TOML 文件：{error}"]) from error
    if faults := list(_faults(table)):
        raise _fault(path.stem, faults)
    headings = {heading: table[heading] for heading in _HEADINGS}
    return Profile(**headings, digest=sha256(content).hexdigest(), _limits=MappingProxyType(_limits(table["limits"])))


def shipped(name: str = "national") -> Profile:
    """The profile of that name that comes with the application; raises ProfileFault when there is none."""
    if name not in available():
        raise _fault(name, [f"没有这份地方规则，现有：{'、'.join(available())}"])
    return load(_folder() / f"{name}.toml")


def available() -> tuple[str, ...]:
    """The names of all profiles that come with the application, in order."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def _folder() -> Path:
    return next((folder for folder in _FOLDERS if folder.is_dir()), _FOLDERS[0])


def _fault(name: str, faults: list[str]) -> ProfileFault:
    return ProfileFault(field=name, right="；".join(faults), faults=tuple(faults))


def _limits(tables: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str | None], Limit]:
    return {(name, level): _limit(table) for name, level, table in _each(tables)}


def _limit(table: Mapping[str, Any]) -> Limit:
    values = {key: table[key] for key in _KEYS & table.keys()}
    return Limit(**values | {"unit": Unit(table["unit"])})


def _each(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str | None, Mapping[str, Any]]]:
    """Every limit of the file, the plain one first and then its levels."""
    for name, table in tables.items():
        yield name, None, table
        for level in sorted(LEVELS & table.keys()):
            yield name, level, table[level]


def _faults(table: Mapping[str, Any]) -> Iterator[str]:
    for heading in _HEADINGS:
        if not _text(table.get(heading)):
            yield f"缺少 {heading}（须为文字）"
    for key in sorted(table.keys() - {*_HEADINGS, "limits"}):
        yield f"不认识的项目 {key}"
    tables = table.get("limits")
    if not isinstance(tables, dict):
        yield "缺少 limits 表"
        return
    for name in sorted(NAMES - tables.keys()):
        yield f"缺少时限 {name}（{TITLES[name]}）"
    for name in sorted(tables.keys() - NAMES):
        yield f"不认识的时限 {name}"
    for name in sorted(tables.keys() & NAMES):
        yield from _limit_faults(name, tables[name], levels=LEVELS)


def _limit_faults(name: str, table: Any, *, levels: frozenset[str]) -> Iterator[str]:
    if not isinstance(table, dict):
        yield f"{name} 须为一张表"
        return
    yield from (f"{name}：{fault}" for fault in _value_faults(table))
    for key in sorted(table.keys() - _KEYS - levels):
        yield f"{name}：不认识的项目 {key}"
    for level in sorted(table.keys() & levels):
        yield from _limit_faults(f"{name}.{level}", table[level], levels=frozenset())


def _value_faults(table: Mapping[str, Any]) -> Iterator[str]:
    amount, cap, unit = table.get("amount"), table.get("cap"), table.get("unit")
    longest = LONGEST[Unit(unit)] if unit in list(Unit) else max(LONGEST.values())
    if unit not in list(Unit):
        yield f"unit 须为 {'、'.join(Unit)} 之一"
    if not _whole(amount, longest):
        yield f"amount 须为 1 至 {longest} 的整数"
    elif "cap" in table and not _whole(cap, longest, least=amount):
        yield f"cap 须为不小于 amount、不大于 {longest} 的整数"
    if not _text(table.get("source")):
        yield "缺少 source（依据）"
    if not isinstance(table.get("rolls", False), bool):
        yield "rolls 须为 true 或 false"
    elif table.get("rolls") and unit != Unit.NATURAL_DAY:
        yield "rolls 只用于自然日时限"


def _whole(value: Any, longest: int, *, least: Any = 1) -> bool:
    # bool is an int to Python, but `true` is no number of days.
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= longest


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
