"""What can be wrong with one row of a ledger: the table of named problems."""

from dataclasses import dataclass

REFUSED, WARNING = "refused", "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """A named problem: whether it refuses the row or only warns, its field, and in Chinese what is wrong and right."""

    name: str
    severity: str
    field: str
    reason: str
    right: str


# fmt: off
FAULTS: dict[str, Fault] = {fault.name: fault for fault in (
    Fault("NoDescription", REFUSED, "description", "这一行没有隐患描述", "在隐患描述一列写明隐患内容"),
    Fault("NoDescriptionColumn", REFUSED, "description", "表头中没有认得出的“隐患描述”一列；认不出的表头：{headings}",
          "把写隐患的一列的表头改为“隐患描述”"),
    Fault("ZeroReport", REFUSED, "description", "登记为没有隐患（零报告）", "无须修改；有隐患时写明隐患内容"),
    Fault("TextTooLong", REFUSED, "description", "隐患描述过长", "不超过 4000 字"),
    Fault("BadCreditCode", REFUSED, "credit_code", "统一社会信用代码不正确", "18 位，末位校验码相符；不知道时留空"),
    Fault("NoCreditCode", WARNING, "credit_code", "不是统一社会信用代码，原文保留在其他栏", "18 位代码；没有时留空"),
    Fault("ImpossibleDay", REFUSED, "date", "日期不存在", "日历上存在的日期，如 2023-02-28"),
    Fault("NoUnit", WARNING, "unit_name", "没有单位名称", "写明隐患所在单位"),
    Fault("UnitCarried", WARNING, "unit_name", "单位名称为空，按上一行的单位导入", "逐行写明单位名称"),
    Fault("UnitTitled", WARNING, "unit_name", "没有单位名称一列，按标题中的单位导入", "写明隐患所在单位"),
    Fault("UnreadFoundDay", WARNING, "found", "发现日期看不懂，按未载明处理", "如 2023-09-03 或 2023年9月3日"),
    Fault("UnreadDeadline", WARNING, "deadline", "整改期限看不懂，按未载明处理", "如 2023年9月20日前、三日内、当场"),
    Fault("YearAssumed", WARNING, "date", "日期没有写年份，按 {year} 年导入", "写明年份，如 2023-10-08"),
    Fault("CutShort", WARNING, "date", "日期是数字，末尾的 0 可能已经丢失", "写成日期或文本，如 2023-10-08、10月20日"),
    Fault("DeadlineBefore", WARNING, "deadline", "整改期限早于发现日期", "不早于发现日期的期限"),
    Fault("UnreadMoney", WARNING, "money", "整改资金看不懂，原文保留在其他栏", "数字，如 12000 元或 1.2 万元"),
)}
# fmt: on
