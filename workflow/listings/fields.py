"""What the moves of a listing bring."""

from workflow.fields import Field

NOTICE = Field("notice_number", "text", "督办通知书文号", "一个没有用过的文号，不超过64个字")
SPONSOR = Field("sponsor_id", "person", "包案领导", "一位对本事项有领导岗位的人员")
PLAN_BY = Field("plan_by", "day", "治理方案报送期限", "一个日期，不晚于整改期限，如 2026-03-16（当日24时止）")
PROGRESS = Field("progress", "text", "整改进展", "写明整改到什么程度、下一步怎么做")
RECORDED_WITH = Field("recorded_with", "text", "备案单位", "写明报哪个单位备案，不超过200个字")
PUBLISHED_WHERE = Field("published_where", "text", "公布媒体", "写明在哪里公布，不超过200个字")
LISTER = Field("lister_org_id", "organisation", "挂牌单位", "与级别相符的政府或部门")
HAZARD = Field("hazard_id", "case", "隐患", "一件未办结的隐患")
