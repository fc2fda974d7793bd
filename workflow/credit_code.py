"""The unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters, the last a check."""

import re

from stdnum.cn import uscc

from workflow.refusals import Refusal
from workflow.texts import fold

# stdnum wants digits in the first two places, but villages' collectives are registered under N, others under A and Y.
SHAPE = re.compile(r"[1-9ANY][1-9ANY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")


class BadCreditCode(Refusal):
    """统一社会信用代码不正确。"""


def checked_credit_code(text: str) -> str:
    """Return the code in capitals, half-width, without spaces and hyphens; BadCreditCode where the check fails."""
    code = uscc.compact(fold(text))
    if not SHAPE.fullmatch(code):
        raise BadCreditCode(field="credit_code", right="18 位数字或大写字母（不含 I、O、Z、S、V），第 3 至 8 位为数字")
    if uscc.calc_check_digit(code) != code[-1]:
        raise BadCreditCode(field="credit_code", right="末位校验码与前 17 位相符，请对照营业执照核对")
    return code
