"""The small vocabularies of ledgers: blanks, dittos, finished or not, major or general, yuan, rows that are no data."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from ledger.boxes import ticked
from ledger.sheets import Cell

# fmt: off
NOTHING = frozenset((
    "未载明", "无", "/", "\\", "／", "-", "—", "——", "--", "、", "不详", "未知", "未填", "暂无", "空", "（空）", "(空)",
    "未明确", "未注明", "N/A", "n/a", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "None", "nan", "NULL", "null",
))
# fmt: on
DITTO = frozenset(("同上", "〃", "″", '"', "”", "''", "同前", "(同上)", "（同上）", "〞"))
NO_HAZARD = re.compile(
    r"(?:经|本次|此次|本月|本周|本季度|本期|当月|今日|现场|日常|检查|排查|巡查|自查|中|时|[,，])*"
    r"(?:暂?无|暂?未发现|没有|未见|零|未查出|不存在)"
    r"(?:(?:明显|一般|安全|重大|事故|火灾|消防|生产|存在|任何|新的?)*(?:隐患|问题|异常)(?:[和及与、或](?:隐患|问题))?)*"
    r"(?:零?报告)?[。.]?|零报告|(?:一切|情况|状况)*(?:正常|良好)[。.]?|合格|符合(?:要求|规定)[。.]?"
)

# What is not done, or only prepared: a waiting for the check of what is done is no doubt.
_UNDONE = re.compile(
    r"未(?!发现|再|见|(?:验收|复查|复核|核查|销号)(?:$|[,;。)]))|否|没有?整改|不(?:合格|到位|属实)|正在|待(?!(?:复查|验收|销号|复核|核查)(?:$|[,;。)]))|部分|一半|大半|过半|基本|尚|逾期(?!已|完成)|拟|预计|计划|"
    r"中$|中[,;。(]|推进|×|✗|无法|延期|停产|剩|其余|还有|仍|(?<![\d.])\d{1,2}(?:\.\d+)?%|"
    r"招标|采购|立项|图纸|(?<!按)设计|评估|论证|勘察|审批|预算"
)
# What somebody was told to do; it may go before the news that it was done.
_ORDERED = re.compile(r"限期(?!内已)|责令|督促|下达|制定|移交|移送|抄告|通知|方案|(?<!符合)要求")
_AS_ORDERED = re.compile(r"按照?(?:责令|限期|整改)*(?:通知书?|指令书?|意见书?|决定书)?的?要求")
_MISSPELT = re.compile("(?<!自)己(?=[整改完销闭办治])")
_AT_LAST = re.compile(r"(?:^|[,;。])(?:现|目前|均)*已[^,;。]*(?:整改|改正)(?:完毕|完成|到位)[。!]?$")
_HOW = (
    r"(?:重新|提前|立即|当场|现场|全部|全面|均|都|按期|按时|如期|及时|自行|予以|完成|落实|经|复查|"
    r"于[\d年月.-]{3,10}日?)*"
)
# Deeds after which nothing is left to do, if nothing follows: 已落实资金, 已清运一车, 已检测出 are none.
_DEEDS = (
    "改|处理|关闭|落实|归档|清洗|恢复(?:正常)?|搬迁|搬离|搬走|移走|上缴|取证|疏通|封堵|开启|清空|清运|加固|规范|摘牌|"
    "(?:购置|配置|检测|检验|校验|培训)(?:到位|合格|完成|完毕)?"
)
_FINISHED = re.compile(
    rf"已{_HOW}(?:整改(?!资金|经费|措施|责任|计划)|改正|完成|完毕|销号|办结|消除|治理|闭环|修复|拆除|清理|验收|解决|更换|到位|整治)|"
    rf"已{_HOW}(?:{_DEEDS})(?=$|[,;。(])|"
    rf"已{_HOW}(?:维修|修好|安装|加装|补充|补齐|配备|配齐|粘贴|张贴(?!封条|告知|公告|公示))|"
    r"(?:整改|改正|治理|整治|销号|办理|处理|验收)(?:落实)?(?:完成|完毕|到位|结束|合格)|(?:复查|复核|验收)(?:合格|通过)|"
    r"全部(?:整改|完成)|(?:整改|完成|销号|办结|闭环)率[:为达]*100%$|"
    r"^(?:(?:\d{4}[年./-])?\d{1,2}[月./-]\d{1,2}日?|超期|逾期|按期|按时|如期|提前|及时)?完成(?:整改)?(?:$|[,(])|"
    r"^是[,(][\d年月日./-]*(?:已?(?:整改)?完成)?\)?$|^符合(?:要求|规定|标准)$|"
    r"^(?:是|合格|销号|办结|闭环|完毕|√|✓|✔|☑|V|Y|YES|100%|9|CLOSED?|DONE|COMPLETED?|FINISHED)$",
    re.IGNORECASE,
)
_MAJOR = re.compile(r"重大|特大|^(?:1|I|Ⅰ|一级|Ⅰ级|I级|1级|红色?|是)$")
_NOT_MAJOR = re.compile(r"非重大|不(?:是|属于)?重大|^(?:否|一般)")
_MONEY = re.compile(r"(?:约|¥|人民币|投入|共)*\s*(\d+(?:\.\d+)?)\s*(亿|万|千)?\s*元?(?:整|左右)?")
_SOURCE = re.compile(r"\((?:自筹|自有|财政|企业)[^)\d]*\)$")
_POWERS = {"亿": 100_000_000, "万": 10_000, "千": 1_000, "": 1}

_COVERED = "(?:本页|本月|本季度?|本年度?|本表|全年|全[区县市镇乡]|累计|隐患|以上)"
_SUMMED = r"(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总\s*数|汇\s*总)"
_COUNTED = r"共\s*\d+\s*[条项处个家起]"
_RATE = r"(?:隐患|问题)?(?:整改|完成|销号|办结|闭环)(?:完成)?率[\s:]*[\d.]*%?"
TOTAL = re.compile(
    rf"{_COVERED}?{_SUMMED}(?:[\s:：(（\d共].*)?|{_COVERED}?{_COUNTED}.{{0,20}}|以上.{{0,15}}{_COUNTED}.{{0,10}}|{_RATE}"
)
# 合计3处… may begin a hazard: in the description column only what counts and says nothing else is a total.
BARE_TOTAL = re.compile(
    rf"{_COVERED}?{_SUMMED}\s*(?:[:(].*|共?\s*\d*\s*[条项处个家起]?(?:隐患|问题)?)|"
    rf"{_COVERED}.{{0,15}}{_COUNTED}.{{0,20}}|{_COUNTED}(?:隐患|问题)?[。.]?|{_RATE}"
)
SUBTOTAL = re.compile(r".{0,20}(?:合计|总计|小计)")
COUNT = re.compile(r"共?\s*\d+\s*[条项处个家起]?")
SIGNATURE = re.compile(
    r"(?:填报人|填表人|填报单位|填表单位|填报日期|填报时间|填表日期|填表时间|审核人|审核|审批人|复核人|制表人|制表单位|制表|制表时间|制表日期|报送单位|报送人|"
    r"报送时间|统计截止|截止日期|统计时间|统计人|单位负责人|负责人|分管领导|主要领导|主要负责人|签发人|经办人|联系人|联系电话|电话|单位\(?盖章\)?|盖章|签字|"
    r"签名|负责人签字|检查人员签字|被检查单位签字|检查人员?|主管领导|上报人|上报时间|上报日期|上报单位|复核|抄送|"
    r"日期|备注|说明|填表说明|填报说明|注意事项)(?:/上报时间)?(?:\((?:签字|签名|盖章|签章)\))?\s*[:]|"
    r"[^:,。;]{0,10}(?:签字|签名|签章|盖章)\)?[:]|\((?:单位)?(?:盖章|公章|签字|签章)\)"
)
# Labels that only whoever fills in the paper writes; 负责人：未取得证书 may be a hazard.
CLERICAL = re.compile(r"填|制\s*表|审|复核|报送|上报|统计|签|经办|日期|盖章|\(")
# ※2 is a marked serial number, ※说明 a remark.
REMARK = re.compile(r"(?:备注|说明|填表说明|填报说明|注)\s*[:：\d、.(（]|[*※](?![*※]*\s*\d*$)")
SECTION = re.compile(r"\(?[一二三四五六七八九十]{1,3}[、)]")
TOWN = re.compile(
    r"[^,，。:：、\d]{1,10}(?:镇|乡|街道|办事处|社区|村|园区|开发区)(?:[(（]?共?\d+[条项处个家起]?[)）]?)?"
)
DATE_ALONE = re.compile(r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*(?:\d{1,2}\s*日?)?")
# What closes a paper: 以下空白, and who issued it.
END = re.compile(r"\W*以下(?:为?空白|无正文|无内容)\W*")
BODY = re.compile(r"[^,。;:、]{1,18}(?:局|委|办|办公室|委员会|大队|支队|政府|街道|镇|乡|中心|站|所|组|办事处|公司)")
# The line of a template that says how to fill in each column.
GUIDANCE = re.compile(r"必填|选填|格式|下拉|填写|如[:：]")
EXAMPLE = re.compile(r"[(\[【]?(?:示?例|样例|范例|填写示例|举例|填表示例|示例行|样表|例?如)[)\]】]?\s*[:：]?\d*")


def text(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def stated(words: str) -> str:
    """The words, or "" for what only says that nothing is said (未载明, /, 无)."""
    return "" if words in NOTHING else words


@lru_cache(maxsize=8192)
def is_finished(status: str) -> bool:
    """True when the ledger calls the row rectified; any doubt means no."""
    words = _plain(status)
    return bool(_FINISHED.search(words)) and not _is_denied(words)


def all_finished(statuses: Iterable[str]) -> bool:
    """True when one of a row's several columns of status calls it rectified and none denies it."""
    said = [status for status in statuses if stated(status)]
    return any(map(is_finished, said)) and not any(_is_denied(_plain(status)) for status in said)


def _plain(status: str) -> str:
    return _AS_ORDERED.sub("", _MISSPELT.sub("已", ticked(unicodedata.normalize("NFKC", status).strip())))


def _is_denied(words: str) -> bool:
    """An order that was carried out at last (已下达指令书，现已整改完毕) denies nothing."""
    last = _AT_LAST.search(words)
    return bool(_UNDONE.search(words) or _ORDERED.search(last[0] if last else words))


@lru_cache(maxsize=8192)
def is_major(level: str) -> bool | None:
    """True for a major hazard (重大), False for a general one (一般), None when the text names no level."""
    words = ticked(unicodedata.normalize("NFKC", level).strip())
    if not stated(words):
        return None
    return bool(_MAJOR.search(words)) and not _NOT_MAJOR.search(words)


def yuan(words: str, *, heading: str) -> Decimal | None:
    """An amount in yuan; a heading that says 万元 or 千元 gives the unit of bare numbers. None when unreadable."""
    plain = _SOURCE.sub("", unicodedata.normalize("NFKC", words).replace(",", "").replace(" ", ""))
    found = _MONEY.fullmatch(plain)
    if not found:
        return None
    unit = found[2] or ("" if plain.endswith("元") else next((each for each in "亿万千" if f"{each}元" in heading), ""))
    return Decimal(found[1]) * _POWERS[unit]
