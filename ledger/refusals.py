"""Why a ledger (台账) file is refused as a whole, before a single row is read."""

from workflow.refusals import Refusal


class LedgerRefused(Refusal):
    """台账文件无法导入。"""


class FileMissing(LedgerRefused):
    """找不到台账文件，或者没有读取它的权限。"""


class FileEmpty(LedgerRefused):
    """台账文件是空的。"""


class FileTooLarge(LedgerRefused):
    """台账文件太大。"""


class UnknownKind(LedgerRefused):
    """文件内容不是可以导入的表格。"""


class WrongExtension(LedgerRefused):
    """文件扩展名与内容不一致。"""


class HasMacros(LedgerRefused):
    """文件带有宏，不能导入。"""


class Encrypted(LedgerRefused):
    """文件设有打开密码，无法读取。"""


class Corrupt(LedgerRefused):
    """文件已损坏，无法读取。"""


class ZipBomb(LedgerRefused):
    """压缩内容异常（疑似压缩炸弹），不能导入。"""


class SheetTooLarge(LedgerRefused):
    """工作表展开后太大，无法读取。"""


class TooManyRows(LedgerRefused):
    """工作表行数太多。"""


class TooManyColumns(LedgerRefused):
    """工作表列数太多。"""


class UnknownEncoding(LedgerRefused):
    """文本文件的编码无法识别。"""


class NoHeader(LedgerRefused):
    """没有找到可以识别的表头。"""


class ImpossibleDay(LedgerRefused):
    """日期不存在。"""
