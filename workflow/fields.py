"""What a move brings (操作所带内容): one table from which request bodies, forms and refusals are derived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "text",
    "sealed",
    "day",
    "instant",
    "organisation",
    "person",
    "case",
    "hashes",
    "money",
    "area",
    "count",
    "level",
    "choice",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One value a move brings: `kind` is its shape, `right` says in Chinese what a good one is.

    `options`: the only values there are, with their names.
    """

    name: str
    kind: Kind
    label: str
    right: str
    required: bool = True
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def optional(self) -> "Field":
        """The same field where it may be left out."""
        return Field(self.name, self.kind, self.label, self.right, required=False, options=self.options)


NOTE = Field("note", "text", "意见", "写明意见或理由，不能为空")
REASON = Field("reason", "text", "理由", "写明理由，不能为空")
LEVEL = Field("level", "level", "级别", "本业务的一个级别，如隐患的 general（一般）、major（重大）")
RESPONSIBLE = Field("responsible_org_id", "organisation", "责任单位", "一个已登记的企业或机构")
LEAD = Field("lead_org_id", "organisation", "督办部门", "一个已登记的部门")
REQUIREMENT = Field("requirement", "text", "整改要求", "写明整改要求")
RECTIFY_BY = Field("rectify_by", "day", "整改期限", "一个日期，如 2026-03-31（当日24时止）")
REPORT_BY = Field("report_by", "day", "书面报告期限", "一个日期，如 2026-04-10（当日24时止）")
MEASURES = Field("measures", "text", "整改措施", "写明采取了什么措施")
MONEY = Field("money_yuan", "money", "整改投入（元）", "不小于0的金额，单位元，最多两位小数")
AREA = Field("area_m2", "area", "拆除面积（平方米）", "不小于0的数")
EVIDENCE = Field("evidence", "hashes", "整改后佐证材料", "每份材料的 SHA-256（64位十六进制），至少一份")
SECOND_OFFICER = Field("second_officer", "person", "第二名执法人员", "另一名有检查岗位的人员")
DUPLICATE_OF = Field("duplicate_of", "case", "与哪一件重复", "另一件未作废的隐患")
AGENCY = Field("agency", "text", "移送单位", "写明接收单位名称")
EXTEND_TO = Field("extend_to", "day", "延期至", "一个晚于现期限的日期")
CONTROL = Field("control_measures", "text", "延期期间防范措施", "写明延期期间如何保证安全")
RESPONSIBILITY = Field("plan_responsibility", "text", "五落实：责任", "写明责任人")
PLAN_MEASURES = Field("plan_measures", "text", "五落实：措施", "写明治理措施")
FUNDS = Field("plan_funds", "text", "五落实：资金", "写明资金来源和数额")
TIME_LIMIT = Field("plan_time_limit", "text", "五落实：时限", "写明完成时间")
CONTINGENCY = Field("plan_contingency", "text", "五落实：预案", "写明整改期间的应急预案")
FIVE = (RESPONSIBILITY, PLAN_MEASURES, FUNDS, TIME_LIMIT, CONTINGENCY)
