"""What can be wrong with a row only when it is taken in: against the day, the calendar and the tree (台账导入)."""

from collections.abc import Mapping

from ledger.faults import REFUSED, WARNING, Fault

# fmt: off
FAULTS: Mapping[str, Fault] = {fault.name: fault for fault in (
    Fault("FoundInFuture", WARNING, "found", "发现日期晚于导入当日，按未载明处理", "不晚于导入当日的日期"),
    Fault("FinishedInFuture", WARNING, "finished_on", "完成日期晚于导入当日，按未完成导入", "不晚于导入当日的日期"),
    Fault("BeyondCalendar", REFUSED, "deadline", "整改期限超出可以推算的日历", "一个明确的日期，或者较短的期限"),
    Fault("NameTooLong", REFUSED, "unit_name", "单位名称过长", "不超过 200 字；一个单位一行"),
    Fault("PlaceTooLong", REFUSED, "place_text", "所在区域名称过长", "不超过 200 字；只写区县、镇街、村居"),
    Fault("UnknownPlace", REFUSED, "place_text", "机构树中没有这个地方", "已登记的镇街、村居；或者选择列入“待确认”"),
    Fault("UnknownUnit", REFUSED, "unit_name", "没有登记这个单位", "已登记的企业名称或信用代码；或者选择列入“待确认”"),
    Fault("AmbiguousUnit", REFUSED, "unit_name", "有几家单位同名，不能确定是哪一家", "写明统一社会信用代码或所在镇街"),
)}
# fmt: on
