"""Why a piece of evidence (整改佐证材料) is not taken in."""

from typing import ClassVar

from workflow.refusals import Refusal


class EmptyFile(Refusal):
    """文件是空的。"""


class FileTooLarge(Refusal):
    """文件太大。"""

    status: ClassVar[int] = 413


class WrongKind(Refusal):
    """文件内容不是允许的类型。"""

    status: ClassVar[int] = 415


class WrongExtension(Refusal):
    """文件扩展名与文件内容不符。"""

    status: ClassVar[int] = 415


class PathInName(Refusal):
    """文件名里带有路径。"""


class TooManyPixels(Refusal):
    """图片的像素太多。"""

    status: ClassVar[int] = 413


class CorruptPicture(Refusal):
    """图片已损坏或不完整，无法打开。"""


class CorruptPaper(Refusal):
    """文档已损坏或不完整，无法打开。"""


class EncryptedPaper(Refusal):
    """文档已加密，无法核对内容。"""


class ActivePaper(Refusal):
    """文档内含脚本或启动程序的指令。"""


class UnknownOriginal(Refusal):
    """没有这份佐证材料的原件。"""

    status: ClassVar[int] = 404


class StoreFull(Refusal):
    """佐证材料暂时无法保存：磁盘已满或不可写。"""

    status: ClassVar[int] = 507
