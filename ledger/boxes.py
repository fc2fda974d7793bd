"""Options to tick (勾选) in one cell: `☑一般 □重大`, `已整改√ 未整改` say only what is ticked."""

import re

_TICK, _EMPTY = "☑☒■√✓✔", "□☐"
_BOX = re.compile(f"[{_TICK}{_EMPTY}]")
_OPTION = rf"[^\s{_TICK}{_EMPTY},;。、/:(]+"
_BOX_FIRST = re.compile(rf"[{_EMPTY}]\s*(?:{_OPTION})?")
_BOX_LAST = re.compile(rf"(?:{_OPTION})?\s*[{_EMPTY}]")
# Beside a ticked option, these are the others, printed without a box.
_BARE = re.compile(
    r"(?:^|(?<=[\s/]))(?:未整改|未完成|未销号|整改中|正在整改|否|一般|重大|一般隐患|重大隐患)(?=$|[\s/])"
)
_TICKS = re.compile(f"[{_TICK}]")


# Columns that are options themselves (隐患级别 over 一般 | 重大), with what a tick in them says; the graver first, for
# where two are ticked nobody may be let off. 重大隐患 and 限期整改 may hold hazards and days as well.
OPTIONS: dict[str, tuple[str, str]] = {
    "重大": ("level", "重大"),
    "重大隐患": ("level", "重大"),
    "重大事故隐患": ("level", "重大"),
    "较大": ("level", "较大"),
    "一般": ("level", "一般"),
    "一般隐患": ("level", "一般"),
    "一般事故隐患": ("level", "一般"),
    "未整改": ("status_text", "未整改"),
    "整改中": ("status_text", "整改中"),
    "正在整改": ("status_text", "正在整改"),
    "未完成": ("status_text", "未完成"),
    "已整改": ("status_text", "已整改"),
    "已完成": ("status_text", "已整改"),
    "整改完成": ("status_text", "整改完成"),
    "当场整改": ("deadline", "当场整改"),
    "现场整改": ("deadline", "现场整改"),
    "立即整改": ("deadline", "立即整改"),
    "限期整改": ("deadline", "限期整改"),
}
IN_A_COLUMN = frozenset("☑☒■√✓✔●V") | {"是"}
ANSWERS = IN_A_COLUMN | frozenset("□☐×X") | {"否"}


def ticked(words: str) -> str:
    """The words without the options left open; without the ticks, too, unless nothing else is said."""
    first = _BOX.search(words)
    if not first:
        return words
    left = (_BOX_FIRST if _stands_first(words, first.start()) else _BOX_LAST).sub("", words)
    if left == words and _said(_BARE.sub("", _closed(words))):
        left = _BARE.sub("", _closed(words))
    return _said(left) or left.strip()


def _stands_first(words: str, box: int) -> bool:
    """True where the boxes stand before their options."""
    if box == 0:
        return True
    return not _BOX.match(words[-1]) and words[box - 1] in " \n\t:("


def _closed(words: str) -> str:
    """A tick among blanks might belong to either side: it then belongs to both, and neither is left out."""
    return re.sub(rf"\s*([{_TICK}])\s*", r"\1", words) if re.search(rf"\s[{_TICK}]\s", words) else words


def _said(words: str) -> str:
    return _TICKS.sub("", words).strip(" /\n\t")
