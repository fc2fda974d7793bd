"""What the moves of a measure bring (督办措施所带内容)."""

from workflow.fields import Field

CARRIED_OUT_AT = Field("carried_out_at", "instant", "落实时间", "约谈举行或者文书送达的时刻，不晚于现在")
DOCUMENT = Field("document", "text", "文书编号", "写明所发文书的编号")
ATTENDED = Field("attended", "text", "参加人员", "写明到场人员的姓名和职务；被约谈单位负责人不得由他人代替")
MINUTES = Field("minutes", "text", "约谈记录", "写明约谈的内容和要求")
REPLY = Field("reply", "text", "书面回复", "写明回复的内容")
RECEIVED_AT = Field("received_at", "instant", "收到时间", "收到书面回复的时刻，不晚于现在")
