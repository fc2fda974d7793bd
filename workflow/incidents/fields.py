"""What the moves of an incident bring."""

from workflow.fields import Field

TO_WHOM = Field("to_whom", "text", "报告对象", "写明报给哪个单位、哪个人")
MADE_BY = Field("made_by", "text", "报告人", "写明由谁报告")
MADE_AT = Field("made_at", "instant", "报告时间", "实际报出的时刻，不晚于现在，补录也按实际时刻")
CONFIRMED_HOW = Field("confirmed_how", "text", "确认方式", "写明对方如何确认收到，如电话复核、回执")
CONTENT = Field("content", "text", "报告内容", "写明报告了什么；尚不清楚的以后续报")
REPORT = (TO_WHOM, MADE_BY, MADE_AT, CONFIRMED_HOW, CONTENT)

_PEOPLE = "不小于0的整数；不清楚的不填，不要填0"
DEATHS = Field("deaths", "count", "死亡人数", _PEOPLE)
MISSING = Field("missing", "count", "失踪人数", _PEOPLE)
INJURED = Field("injured", "count", "重伤人数（含急性中毒）", _PEOPLE)
TRAPPED = Field("trapped", "count", "被困人数", _PEOPLE)
EVACUATED = Field("evacuated", "count", "转移人数", _PEOPLE)
LOSS = Field("loss_yuan", "money", "直接经济损失（元）", "不小于0的金额，单位元，最多两位小数")
FIGURES = tuple(field.optional for field in (DEATHS, MISSING, INJURED, TRAPPED, EVACUATED, LOSS))

PLACE = Field("place", "text", "地点", "写明地点")
UNIT = Field("unit", "text", "事发单位", "写明单位名称")
COURSE = Field("course", "text", "简要经过", "写明简要经过")
CAUSE = Field("cause", "text", "原因", "写明初步判断的原因")
MEASURES = Field("measures", "text", "已采取的措施", "写明采取了什么措施")
TREND = Field("trend", "text", "发展趋势", "写明发展趋势")
LEADERS = Field("leaders", "text", "到场领导", "写明到场指挥的领导")
SUGGESTION = Field("suggestion", "text", "请求和建议", "写明请求和建议")
FACTS = tuple(field.optional for field in (PLACE, UNIT, COURSE, CAUSE, MEASURES, TREND, LEADERS, SUGGESTION))

FINDINGS = {"late": "迟报", "omitted": "漏报", "false": "谎报", "concealed": "瞒报"}
FINDING = Field("finding", "choice", "认定", "、".join(f"{k}（{v}）" for k, v in FINDINGS.items()), options=FINDINGS)
PROOF = Field("proof", "text", "认定依据", "写明什么事实能够证明")
PAPERS = Field("evidence", "hashes", "证明材料", "每份材料的 SHA-256（64位十六进制），至少一份，先上传")
