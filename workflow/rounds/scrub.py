"""Takes out of free text (脱敏) what may never be public: numbers of people and accounts, names of informers."""

import re
import unicodedata

from workflow.texts import tidy

MARK = "×××"
# Full-width digits, letters and signs as people type them; Chinese punctuation stays as it is.
HALF = {c: unicodedata.normalize("NFKC", chr(c)) for c in range(0xFF01, 0xFF5F) if chr(c) not in "，：；！？（）"}
GAP = r"[ \-‐‑–—−·.()（）]{0,3}"
DATE = re.compile(r"(19|20)\d\d[-.](0?[1-9]|1[0-2])[-.](0?[1-9]|[12]\d|3[01])")
SAYS = r"[：:，,、 ]*[是为叫]?[：: ]*"
# fmt: off
PATTERNS = (
    # 邮箱
    re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*"),
    # 电话、身份证号、银行卡号：七位以上的数字，数字之间可有空格、横线
    re.compile(rf"\+?\d(?:{GAP}\d){{6,}}[Xx]?"),
    re.compile(r"[〇零○一二三四五六七八九幺两]{7,}"),
    re.compile(rf"(?P<label>微信号?|QQ号?|qq号?){SAYS}[A-Za-z0-9_-]{{5,}}"),
    # 举报人、联系人等之后的姓名
    re.compile(rf"(?P<label>举报人|举报者|检举人|投诉人|来信人|信访人|反映人|联系人|当事人){SAYS}[一-鿿·]{{2,4}}"),
)
# fmt: on


def scrub(text: str) -> str:
    """The text with everything that looks like a person's number, address or name in it replaced; dates stay."""
    plain = tidy(text).translate(HALF)
    for pattern in PATTERNS:
        plain = pattern.sub(_marked, plain)
    return plain


def _marked(found: re.Match[str]) -> str:
    if DATE.fullmatch(found.group()):
        return found.group()
    return (found.groupdict().get("label") or "") + MARK
