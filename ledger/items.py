"""One cell with several hazards (1.… 2.…) taken apart, and the deadlines of its items (第1项当场，第2、3项…)."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ledger.numerals import number


@dataclass(frozen=True, slots=True)
class Item:
    """One hazard of a cell: its number there (None when unnumbered) and its text."""

    number: int | None
    text: str


_CHINESE = "一二三四五六七八九十"
_CIRCLED = {character: value for value, character in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", start=1)}
# A marker is a number and a sign, not followed by a figure (10.2.36, 1.2米) unless a year begins (1.2023年…), nor
# preceded by what makes it part of an expression (第28条, 3.5, A1.).
_AFTER = r"(?:(?!\d)|(?=(?:19|20)\d\d年)|(?<=[;；。\n]\d、))"
_BEFORE = r"(?<![\d.．第#A-Za-z-])"
_MARKERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_BEFORE}(\d{{1,2}})\s*[.．]{_AFTER}",
        r"[(（]\s*(\d{1,2})\s*[)）]",
        rf"{_BEFORE}(\d{{1,2}})\s*[)）]",
        rf"([{''.join(_CIRCLED)}])",
        r"(?:隐患|问题)(\d{1,2})\s*[:：.、]",
        rf"{_BEFORE}(\d{{1,2}})\s*、{_AFTER}(?![{_CHINESE}])",
    )
)
# 二、三层缺少安全出口 is one hazard: with these signs a number counts only where a second one follows in turn.
_DOUBTFUL = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_BEFORE}(\d{{1,2}})\s*、{_AFTER}",
        rf"(?:(?<=^)|(?<=[\n\s。；;]))([{_CHINESE}]{{1,3}})、",
        rf"[(（]([{_CHINESE}]{{1,3}})[)）]",
    )
)
_MAY_BEGIN = re.compile(rf"[\d(（隐问{_CHINESE}{''.join(_CIRCLED)}]")
_LEAD_IN = re.compile(r"[^\n]{0,40}[:：]\s*")
_WRAPPED = re.compile(r"[,，、:：(（]\s*$")
_TRIM = " \t\r\n　;；"
_GROUP = re.compile(r"第\s*([\d、,，和及至~-]+?)\s*[项条个](?:隐患|问题)?\s*([^第]*)")
_REST = re.compile(r"(?:其余|其他|剩余|其它)(?:各?项|隐患|问题)?\s*([^第]*)")
_EXCEPT = re.compile(r"除第\s*([\d、,，和及至~-]+?)\s*[项条个](?:隐患|问题)?[以之]?外[,，]?\s*")
# 1、2已整改，3未整改 means 第1、2项 …; with these words a numbering tells of the hazards even where it leaves some out.
_STATE = "(?:已|未|正在|尚未|待|完成|整改[完中])"
_SOME = re.compile(rf"(?<![\d.．/年月第-])(?:问题|隐患)?(\d{{1,2}}(?:[、,，和及]\d{{1,2}})*)\s*[项条]?(?={_STATE})")
# In a deadline 1.3日内 and 2.8.25 are the first item's three days and the second's 25 August.
_TIMED = re.compile(
    r"(?<![\d.])(\d{1,2}[.．、)])(?=\d{1,3}\s*(?:个?(?:工作日|自然日|月|小时)|日|天|周|[./]\d{1,2}(?![\d.])))"
)
_SPAN = re.compile(r"(\d+)\s*[-~至]\s*(\d+)|(\d+)")


def split(text: str) -> tuple[Item, ...]:
    """The hazards a cell lists; one unnumbered item when it is a single one."""
    text = text.strip()
    lead_in = _LEAD_IN.match(text)
    for start in {0, lead_in.end() if lead_in else 0}:
        if start < len(text) and _MAY_BEGIN.match(text[start]):
            for marker in _MARKERS:
                if marker.match(text, start) and (items := tuple(_numbered(text, start, marker))):
                    return items
            for marker in _DOUBTFUL:
                if marker.match(text, start) and len(items := tuple(_numbered(text, start, marker))) > 1:
                    return items
    lines = [line.strip(_TRIM) for line in text.split("\n")]
    if len(lines) > 1 and all(len(line) >= 4 for line in lines) and not any(map(_WRAPPED.search, lines[:-1])):
        return tuple(Item(None, line) for line in lines)
    return (Item(None, text),)


def _numbered(text: str, start: int, marker: re.Pattern[str]) -> Iterator[Item]:
    """Items of a consecutive numbering; a number out of turn belongs to the text."""
    marks: list[tuple[int, int, int]] = []
    for found in marker.finditer(text, start):
        value = _value(found[1])
        if not marks or value == marks[-1][0] + 1:
            marks.append((value, found.start(), found.end()))
    ends = [begin for _, begin, _ in marks[1:]] + [len(text)]
    prefix = text[:start]
    for (value, _, begin), end in zip(marks, ends, strict=True):
        if body := text[begin:end].strip(_TRIM):
            yield Item(value, prefix + body)


def _value(mark: str) -> int:
    return int(mark) if mark.isdecimal() else _CIRCLED.get(mark) or number(mark)


def share(text: str, items: tuple[Item, ...]) -> tuple[str, ...]:
    """What another cell of the row says for each item: by 第1项…, by its own numbering, else the whole for all.

    Of an item that is left out where others are named, nothing is said.
    """
    if len(text) < 3 or (len(items) == 1 and items[0].number is None):
        return (text,) * len(items)
    numbers = [item.number or position for position, item in enumerate(items, start=1)]
    if excepted := _EXCEPT.search(text):
        others = set(_numbers(excepted[1]))
        return tuple("" if each in others else text[excepted.end() :] for each in numbers)
    said, rest = _groups(text)
    if not said.keys().isdisjoint(numbers):
        return tuple(said.get(each, rest) for each in numbers)
    parts = {part.number: part.text for part in split(_TIMED.sub(r"\1 ", text)) if part.number is not None}
    if parts and _tells_of(parts, numbers):
        return tuple(parts.get(each, "") for each in numbers)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return tuple(lines) if len(lines) == len(items) > 1 else (text,) * len(items)


def _tells_of(parts: Mapping[int, str], numbers: Collection[int]) -> bool:
    """Whether a cell's own numbering is that of the hazards: it has them all, or some and tells how far each is."""
    if set(numbers) <= parts.keys():
        return len(parts) > 1
    return parts.keys() <= set(numbers) and all(re.match(_STATE, part) for part in parts.values())


def _groups(text: str) -> tuple[dict[int, str], str]:
    """What is said of the numbers named, and of the rest."""
    words = re.sub(rf"第([{_CHINESE}、]+)([项条个])", _figures, text) if "第" in text else text
    if not _GROUP.search(words):
        words = _SOME.sub(r"第\1项", words)
    said: dict[int, str] = {}
    for found in _GROUP.finditer(words):
        promise = _REST.sub("", found[2]).strip(" ,，;；。、")
        said.update(dict.fromkeys(_numbers(found[1]), promise))
    if not any(said.values()):
        return {}, text
    rest = _REST.search(words)
    return said, rest[1].strip(" ,，;；。") if rest else words[: words.index("第")].strip(" ,，:：;；。")


def _numbers(named: str) -> Iterator[int]:
    for low, high, one in _SPAN.findall(named):
        yield from range(int(low or one), int(high or one) + 1)


def _figures(found: re.Match[str]) -> str:
    return "第" + re.sub(rf"[{_CHINESE}]+", lambda each: str(number(each.group())), found[1]) + found[2]
