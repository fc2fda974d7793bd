"""Moves that every workflow has alike (通用操作): more time is asked for and decided, work is suspended and resumed."""

from workflow import effects as do
from workflow import fields as f
from workflow import guards as g
from workflow.roles import Role
from workflow.table import M

States = frozenset[str]
Roles = frozenset[Role]
ASK = (f.EXTEND_TO, f.REASON, f.CONTROL)
DECIDING = (g.one_is_pending, g.other_organisation, g.not_own_request)


# fmt: off
def extension(states: States, *, asks: Roles, decides: Roles) -> tuple[M, ...]:
    """延期: asked before expiry, one pending, capped, decided by others."""
    return (
        M("request_extension", states, None, asks,    (g.one_at_a_time, g.asked_in_time, g.later_and_capped),   ASK,                do.ask_extension,    decides, "申请延期"),
        M("grant_extension",   states, None, decides, (*DECIDING, g.still_later),                               (f.NOTE.optional,), do.grant_extension,  asks,    "同意延期"),
        M("refuse_extension",  states, None, decides, DECIDING,                                                 (f.NOTE,),          do.refuse_extension, asks,    "不同意延期"),
    )


def suspension(working: States, suspended: str, back: str, *, decides: Roles, tell: Roles) -> tuple[M, ...]:
    """中止: the clock stands still while nothing can be done (停工待检、技术鉴定), and goes on with what was left."""
    return (
        M("suspend", working,                suspended, decides, (), (f.REASON,), do.leave, tell, "中止计时"),
        M("resume",  frozenset({suspended}), back,      decides, (), (f.NOTE,),   None,     tell, "恢复计时"),
    )
# fmt: on
