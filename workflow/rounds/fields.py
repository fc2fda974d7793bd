"""What the moves of a round (曝光督办) bring."""

from workflow.fields import Field
from workflow.ladders import ACTS

HAZARD = Field("hazard_id", "case", "隐患", "本轮范围内的一件隐患")
PUBLIC_TEXT = Field("public_text", "text", "公布用的描述", "写明公布的内容，不写姓名、电话和商业秘密")
PUBLISHED_AT = Field("published_at", "instant", "公布时间", "名单批准之后、不晚于现在的时刻")
PUBLISHED_WHERE = Field("published_where", "text", "公布渠道", "写明在哪里公布，如区政府门户网站")
ACT_KIND = Field(
    "act_kind", "choice", "督办措施", "listing（挂牌督办）、talk（约谈）或 case_filing（立案）",
    options={kind: ACTS[kind] for kind in ("listing", "talk", "case_filing")},
)  # fmt: skip
