"""What a sheet says once for all hazards below (标题、小标题): their level and unit, in titles, its name, sections."""

import re
import unicodedata
from dataclasses import dataclass, field

from ledger.header import LABELS
from ledger.sheets import Cell, Grid, own
from ledger.words import SECTION, text

_OF = "(?:生产|安全|事故|火灾|消防)*隐患(?![数\\d])"
_MAJOR, _GENERAL = re.compile(f"(?<![非无])重大{_OF}"), re.compile(f"(?:一般|较大){_OF}")
_LESSER = re.compile("一般|较大")
# A campaign against major hazards finds others, too; 重大隐患：0条 counts them.
_CAMPAIGN = re.compile("排查|整治|行动|专项|判定|动态|[:：]")
LONGEST_TITLE = 40  # characters; what is longer is a note

_ENDING = (
    "公司|集团|幼儿园|加油站|学校|小学|中学|酒店|饭店|药店|商店|宾馆|商场|超市|医院|养老院|厂|矿|(?<![法察])院|店|"
    "网吧|餐厅|酒楼|茶楼|农家乐|民宿|会所|作坊|影城|诊所|卫生室|经营部|门市部|批发部|[羊牛肉面菜饭旅宾茶]馆"
)
# Ends in one, and yet is a kind of units (沿街门店, 全区学校, 建筑工程) or a body that looks after them.
_KIND = re.compile(
    "[全各本我对某]|关于|辖区|所属|沿街|在建|乡镇|农村|民办|公办|规模|规上|(?:建筑|市政|化工|工贸|危化|煤)$|.*(?:局|委员会|政府|大队|支队)"
    f"|.*(?:企业|{_ENDING}|[区市县镇乡村省类等家]|街道|重点|在建|系统)$"
)
_BOUNDARY = r"(?=$|[\s(（\d《“]|隐患|安全|消防|生产|重大|一般|问题|整改|自查|检查|排查|日常|台账)"
_IN_TITLE = re.compile(rf"([^\s,，。:：、()（）“”及]{{2,30}}?)(?:{_ENDING}){_BOUNDARY}")
# 极速网吧（北街店） is one of several.
_BRANCH = r"(?:[(（][^()（）:：]{1,12}店[)）])?"
_ALONE = re.compile(
    rf"(?:([^\s,，。:：、]{{2,30}}?)(?:{_ENDING}){_BRANCH}|([^\s,，。:：、]{{4,30}}?)(?:项目|工程|工地))$"
)
_FILLED_IN_BY = frozenset(
    {
        "填报企业",
        "上报企业",
        "自查单位",
        "自查企业",
        "填报单位",
        "填表单位",
        "上报单位",
        "报送单位",
        "编制单位",
        "制表单位",
    }
)
# 台账（填报企业：永安电缆有限公司）
_BRACKETED = re.compile(r"[(（]([^\s:：()（）]{2,8})[:：]\s*([^:：]+)[)）]\s*$")
_ASIDE = re.compile(rf"(?!{_BRANCH}$)[(（].*")
# 隐患清单（以下隐患限2026年5月15日前整改完毕）
_DUE = re.compile(
    r"(?:以下|下列|所列|全部|所有)(?:隐患|问题)+(?:限期?|须|应当?|请)[于在]?(\d{4}年\d{1,2}月\d{1,2}日之?前)(?:全部)?(?:完成)?整改"
)
# A section may be numbered like a hazard: 1.老李羊肉馆.
_NUMBERED = re.compile(rf"{SECTION.pattern}|\d{{1,3}}[、.)](?!\d)")
# 已完成检查的单位 are not mended.
_STATE = re.compile(
    "(?:已|未|正在|尚未)(?:全部|按期|按时|完成|整改|销号|闭环|办结|到位|完毕)+的?(?:重大|一般|安全|事故|隐患|问题|事项|清单|台账|情况)*"
)


@dataclass(slots=True)
class Sections:
    """The sections that have begun, the outermost first, by how they are numbered: 一、 holds （一）, that holds 1."""

    begun: dict[str, dict[str, Cell]] = field(default_factory=dict)

    def begin(self, title: str) -> None:
        """Take in a section line; it ends the section of its own numbering and what that holds."""
        numbered = _NUMBERED.match(unicodedata.normalize("NFKC", title))
        # 1、 is held by 一、 though both end alike.
        numbering = "1" * numbered[0][0].isdecimal() + numbered[0][-1] if numbered else ""
        outer = list(self.begun)
        if numbering in outer:
            outer = outer[: outer.index(numbering)]
        name = _ASIDE.sub("", title[numbered.end() :] if numbered else title).strip()
        self.begun = {each: self.begun[each] for each in outer} | {
            numbering: _level(title) | _state(name) | _unit(_ALONE, name)
        }

    @property
    def said(self) -> dict[str, Cell]:
        """What the sections say of the next line, the innermost last."""
        return {name: cell for section in self.begun.values() for name, cell in section.items()}


def opened(grid: Grid, first: int) -> Sections:
    """The sections as they stand at row `first` (0-based) of the header; a label says the unit before any title."""
    sections = Sections({"sheet": _level(grid.sheet) | _state(grid.sheet) | _unit(_ALONE, grid.sheet)})
    lines = [[text(cell) for _, cell in own(grid, row)] for row in range(first)]
    for title in (title for titles in lines for title in titles):
        if SECTION.match(title):
            sections.begin(title)
        else:
            sections.begun["sheet"] |= _level(title) | _due(title) | _unit(_IN_TITLE, title)
    said = [" ".join(titles) for titles in lines]
    for label in (label for line in said for label in (*LABELS.finditer(line), *_BRACKETED.finditer(line))):
        if label[1] in _FILLED_IN_BY:
            sections.begun["sheet"] |= _unit(_ALONE, label[2])
    return sections


def level_of(title: str) -> str:
    """重大 or 一般 where a title, a heading or a name calls all of its hazards so, else ""."""
    if len(title) > LONGEST_TITLE or _CAMPAIGN.search(title):
        return ""
    if _MAJOR.search(title):
        return "" if _LESSER.search(title) else "重大"
    return "一般" if _GENERAL.search(title) and "重大" not in title else ""


def _level(title: str) -> dict[str, Cell]:
    level = level_of(title)
    return {"level": level} if level else {}


def _state(title: str) -> dict[str, Cell]:
    """一、已完成整改的隐患, or a sheet named 未整改."""
    return {"status_text": title} if _STATE.fullmatch(title.strip()) else {}


def _due(title: str) -> dict[str, Cell]:
    """The day by which a title asks for all its hazards to be mended."""
    found = _DUE.search(title)
    return {"deadline": found[1]} if found else {}


def _unit(pattern: re.Pattern[str], title: str) -> dict[str, Cell]:
    """The one enterprise, school or site that a title names; not a kind of them, nor a bureau."""
    found = pattern.match(title)
    if not found or _KIND.match(next(filter(None, found.groups()))):
        return {}
    return {"titled_unit": found[0]}
