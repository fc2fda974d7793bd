"""Profiles (地方规则): the limits of one place, each with its source, read from TOML and armed or refused whole."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workflow.limits import TITLES, Limit, NotOwed, Unit, parts
from workflow.profile_check import HEADINGS, faults
from workflow.refusals import Refusal

# An installed wheel carries the files beside this module; a checkout keeps them one folder up.
_HERE = Path(__file__).resolve().parent
_FOLDERS = (_HERE / "profiles", _HERE.parent / "profiles")

Limits = Mapping[tuple[str, str | None], Limit | NotOwed]


class ProfileFault(Refusal):
    """这份地方规则不能启用。"""

    @property
    def faults(self) -> tuple[str, ...]:
        """Every fault of the file at once, in Chinese."""
        return tuple(self.facts["faults"])


@dataclass(frozen=True, slots=True)
class Profile:
    """What one place allows: every limit of `limits.NAMES`, some with their own figure for a level or kind of case.

    `stated` holds them in the order of `TITLES`, each plain one (no part) before those for a level or kind.
    """

    name: str
    title: str
    version: str
    digest: str
    stated: Limits = field(repr=False, compare=False)

    def owes(self, name: str, level: str | None = None, kind: str | None = None) -> Limit | None:
        """The limit of that name, none where nothing is owed.

        A figure for the kind of incident wins over one for the level, and that over the plain one.
        """
        part = next((each for each in (kind, level) if each and (name, each) in self.stated), None)
        found = self.stated[name, part]
        return found if isinstance(found, Limit) else None

    def limit(self, name: str, level: str | None = None, kind: str | None = None) -> Limit:
        """The limit of that name; LookupError where nothing is owed."""
        if (found := self.owes(name, level, kind)) is None:
            raise LookupError(f"{name} is not owed in {self.name} (level {level}, kind {kind})")
        return found


def load(path: Path) -> Profile:
    """Read one profile from a TOML file, and what it is based on; raises ProfileFault with all faults."""
    return _load(path, above=())


def shipped(name: str = "national") -> Profile:
    """The profile of that name that comes with the application; raises ProfileFault when there is none."""
    return load(_shipped(name))


def available() -> tuple[str, ...]:
    """The names of all profiles that come with the application, in order."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def _load(path: Path, *, above: tuple[Path, ...]) -> Profile:
    content, table = _read(path)
    base, wrong = _base(table.get("based_on"), (*above, path.resolve()))
    if wrong := [*wrong, *faults(table)]:
        raise _fault(path.stem, wrong)
    # A profile is known by the bytes of its file and of all that it is based on.
    digest = sha256(content + (base.digest.encode() if base else b"")).hexdigest()
    headings = {heading: table[heading] for heading in HEADINGS}
    return Profile(**headings, digest=digest, stated=_over(base, dict(_limits(table["limits"]))))


def _read(path: Path) -> tuple[bytes, dict[str, Any]]:
    try:
        content = path.read_bytes()
        return content, tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise _fault(path.stem, ["文件读不出来，请检查路径和权限"]) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _fault(path.stem, [f"不是 UTF-8 编码的 TOML 文件：{error}"]) from error


def _base(name: Any, trail: tuple[Path, ...]) -> tuple[Profile | None, list[str]]:
    """The shipped profile that a file is based on, or what is wrong with it; `trail`: the files that led here."""
    if not isinstance(name, str):
        return None, []
    try:
        path = _shipped(name)
        if path in trail:
            loop = (*trail[trail.index(path) :], path)
            return None, [f"based_on 循环引用：{' → '.join(each.stem for each in loop)}"]
        return _load(path, above=trail), []
    except ProfileFault as fault:
        return None, [f"based_on {name}：{each}" for each in fault.faults]


def _over(base: Profile | None, own: Limits) -> Limits:
    """The base's limits under a file's own: a plain figure states a limit anew, sub-tables alone add to the base's."""
    anew = {name for name, part in own if part is None}
    kept = {key: limit for key, limit in (base.stated if base else {}).items() if key[0] not in anew}
    all_of_them = kept | dict(own)
    order = ((name, part) for name in TITLES for part in (None, *sorted(parts(name))))
    return MappingProxyType({key: all_of_them[key] for key in order if key in all_of_them})


def _limits(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[tuple[str, str | None], Limit | NotOwed]]:
    for name, table in tables.items():
        own = parts(name) & table.keys()
        if table.keys() - own:
            yield (name, None), _limit(table)
        yield from (((name, part), _limit(table[part])) for part in sorted(own))


def _limit(table: Mapping[str, Any]) -> Limit | NotOwed:
    if "owed" in table:
        return NotOwed(table["source"])
    return Limit(
        amount=table.get("amount", 1),
        unit=Unit(table["unit"]),
        source=table["source"],
        rolls=table.get("rolls", False),
        cap=table.get("cap"),
        at=tuple(sorted(table.get("at", ()))),
    )


def _shipped(name: str) -> Path:
    if name not in available():
        raise _fault(name, [f"没有这份地方规则，现有：{'、'.join(available())}"])
    return _folder() / f"{name}.toml"


def _folder() -> Path:
    return next((folder for folder in _FOLDERS if folder.is_dir()), _FOLDERS[0])


def _fault(name: str, wrong: list[str]) -> ProfileFault:
    return ProfileFault(field=name, right="；".join(wrong), faults=tuple(wrong))
