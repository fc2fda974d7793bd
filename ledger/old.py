"""A ledger's row as the case it becomes (案件): every word is kept, in its own column or in `extra`."""

import json
import re
from collections.abc import Mapping
from typing import Any

from ledger.records import Row
from ledger.sorting import Ready
from ledger.times import Times
from ledger.words import stated
from workflow.opening import NewHazard
from workflow.taking_in import OldHazard

SOURCE = "台账导入"
# Fields without a column of their own, by the name they get where the ledger has no heading for them.
KEPT: Mapping[str, str] = {
    "number": "隐患编号", "unit_name": "单位名称", "unit_type": "单位类型", "credit_code": "统一社会信用代码",
    "place_text": "所属区域", "level_text": "隐患级别", "kind": "隐患类别", "published_text": "公布日期",
    "lead_text": "督办单位", "contact": "联系人", "phone": "联系电话",
}  # fmt: skip
# What their columns hold at most; the whole text then stands in `extra`, too.
LENGTHS: Mapping[str, tuple[int, str]] = {
    "sector": (32, "行业领域"), "source": (64, "隐患来源"), "finder": (200, "检查单位"),
    "found_text": (200, "发现时间"),
}  # fmt: skip
LISTING_LEVEL = "挂牌级别"
MAJOR = re.compile("(?<!非)重大(?:火灾|事故|安全|生产安全)?隐患")
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def old_hazard(
    ready: Ready, headings: Mapping[str, str], *, district_id: str, case_id: str, import_id: str
) -> OldHazard:
    """The row with its times and its place, as `workflow.taking_in` takes it."""
    row, when = ready.row, ready.when
    return OldHazard(
        hazard=_hazard(ready, district_id),
        case_id=case_id,
        import_id=import_id,
        import_key=ready.key,
        responsible_org_id=ready.where.enterprise_id,
        finished=row.finished,
        finished_at=when.finished_at,
        rectify_by=when.rectify_by,
        rectify_in=when.rectify_in,
        rectify_source=when.rectify_source,
        assumed=when.assumed,
        report_by=when.report_by,
        deadline_text=_kept(row.deadline_text) or None,
        words=_words(row, when, headings),
    )


def _hazard(ready: Ready, district_id: str) -> NewHazard:
    row, where = ready.row, ready.where
    return NewHazard(
        description=_kept(row.description),
        district_id=district_id,
        town_id=where.town_id,
        village_id=where.village_id,
        enterprise_id=where.enterprise_id,
        found_at=ready.when.found_at,
        level=_level(row),
        sector=_short("sector", stated(row.sector)) or where.sector,
        location=_kept(row.location) or None,
        address=_kept(row.address) or None,
        source=_short("source", stated(row.source)) or SOURCE,
        finder=_short("finder", row.finder) or None,
        remark=_kept(row.remark) or None,
    )


def _words(row: Row, when: Times, headings: Mapping[str, str]) -> dict[str, Any]:
    """More columns of `hazards`, all of them for every row: rows of one shape are written by one statement."""
    return {
        "found_text": _short("found_text", when.found_text or "") or None,
        "requirement": _kept(row.requirement) or None,
        "responsible_text": _kept(row.responsible_text) or None,
        "status_text": _kept(row.status_text) or None,
        "measures": _kept(row.measures) or None,
        "funds": f"{row.money_yuan}元" if row.money_yuan is not None else None,
        "extra": _extra(row, headings),
    }


def _extra(row: Row, headings: Mapping[str, str]) -> str | None:
    extra = {_kept(heading): _kept(value) for heading, value in row.extra.items()}
    long = {name: label for name, (most, label) in LENGTHS.items() if len(getattr(row, name)) > most}
    for name, label in {**KEPT, **long}.items():
        if value := _kept(stated(getattr(row, name))):
            heading = headings.get(name) or headings.get(name.removesuffix("_text")) or label
            extra[heading if heading not in extra else f"{heading}（{name}）"] = value
    return json.dumps(extra, ensure_ascii=False) if extra else None


def _level(row: Row) -> str:
    """Major where the ledger says so: by its level, in its words for kind and status, or because it is listed."""
    if row.level == "major" or not row.level_assumed:
        return row.level
    listed = any(LISTING_LEVEL in heading and stated(value) for heading, value in row.extra.items())
    said = " ".join((row.kind, row.source, row.status_text, row.lead_text))
    return "major" if listed or MAJOR.search(said) else "general"


def _short(name: str, text: str) -> str:
    return _kept(text)[: LENGTHS[name][0]]


def _kept(text: str) -> str:
    return UNSTORABLE.sub("", text)
