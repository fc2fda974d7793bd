"""What is said of an incident in one line, what a report about it still lacks, and how reports are titled."""

from collections.abc import Mapping
from typing import Any

from workflow.texts import one_line

LEVELS: Mapping[str, str] = {"general": "一般", "larger": "较大", "major": "重大", "special": "特别重大"}
KINDS: Mapping[str, str] = {
    "work": "生产安全事故", "fire": "火灾事故", "traffic": "道路交通事故", "natural": "自然灾害", "other": "突发事件",
}  # fmt: skip
CASUALTIES: Mapping[str, str] = {"deaths": "死亡", "missing": "失踪", "injured": "重伤"}
OTHERS: Mapping[str, str] = {"trapped": "被困", "evacuated": "转移"}
FIGURES = (*CASUALTIES, *OTHERS, "loss_fen")
# What a report should say; an element that is unknown is listed and delays nothing (边处置、边报告).
ELEMENTS: Mapping[str, str] = {
    "occurred_at": "发生时间", "received_at": "接报时间", "place": "地点", "unit": "事发单位", "course": "简要经过",
    "cause": "原因", "deaths": "死亡人数", "missing": "失踪人数", "injured": "重伤人数", "loss_fen": "直接经济损失",
    "measures": "已采取的措施", "trend": "发展趋势", "leaders": "到场领导", "suggestion": "请求和建议",
}  # fmt: skip
TITLES: Mapping[str, str] = {
    "unit": "事发单位报告", "phone": "电话报告", "written": "首报", "upward": "逐级上报", "follow_up": "续报",
    "final": "终报",
}  # fmt: skip
# By which move a report of which kind is entered; the promise it keeps bears the same name.
REPORTS: Mapping[str, str] = {
    "unit_report": "unit", "phone_report": "phone", "written_report": "written", "report_upward": "upward",
    "follow_up": "follow_up", "final_report": "final",
}  # fmt: skip
_DIGITS = "零一二三四五六七八九"


def headline(level: str, known: Mapping[str, Any]) -> str:
    """What happened, with how many casualties, to whom and where: the line that lists and messages begin with."""
    said = f"{LEVELS[level]}{KINDS[known['kind']]}：{casualties(known)}"
    return one_line("，".join((said, *(known[name] for name in ("unit", "place") if known.get(name)))))


def casualties(known: Mapping[str, Any]) -> str:
    """The figures known, and which of those that decide are not; an unknown figure is never nought."""
    every = {**CASUALTIES, **OTHERS}
    counted = "、".join(f"{label}{known[name]}人" for name, label in every.items() if known.get(name))
    unknown = "、".join(label for name, label in CASUALTIES.items() if known.get(name) is None)
    if unknown:
        return f"{counted}（{unknown}人数不明）" if counted else f"{unknown}人数不明"
    return counted or "无人员伤亡"


def lacking(known: Mapping[str, Any]) -> list[str]:
    """The elements of a report that nobody knows yet, in the order of a report."""
    return [label for name, label in ELEMENTS.items() if known.get(name) in (None, "")]


def said_lacking(known: Mapping[str, Any]) -> str:
    """The same as one line for a message, nothing if all is known."""
    lacks = lacking(known)
    return f"尚缺：{'、'.join(lacks)}" if lacks else ""


def titled(kind: str, ordinal: int) -> str:
    """续报一, 续报二 …; of the other kinds the first has no number."""
    return TITLES[kind] + (numeral(ordinal) if kind == "follow_up" or ordinal > 1 else "")


def numeral(number: int) -> str:
    """一 … 九十九, above that in figures."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")
