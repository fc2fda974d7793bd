"""What kind of ledger a file is, told by its content; its extension must agree."""

import zipfile
from pathlib import Path

from ledger import refusals

ZIP, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
LOCKED = "EncryptedPackage".encode("utf-16-le")
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
MAX_MEMBERS = 2_000
MAX_UNPACKED = 400 * 1024 * 1024
# Office workbooks of real bureaus stay under 30 to 1; small ones may be denser and do no harm.
MAX_RATIO, RATIO_FROM = 150, 32 * 1024 * 1024
EXTENSIONS = {"xlsx": {".xlsx"}, "xls": {".xls", ".et"}, "ods": {".ods"}, "csv": {".csv", ".txt", ".tsv"}}
SAVE_AS = "请用 Excel 或 WPS 打开后“另存为”.xlsx 再导入"


def kind(path: Path, *, max_bytes: int) -> str:
    """One of "xlsx", "xls", "ods", "csv"; refuses by name what is none of them, too large, or not what it claims."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as fault:
        raise refusals.FileMissing(field="file", right="一个可以读取的 .xlsx、.xls、.ods 或 .csv 文件") from fault
    if not size:
        raise refusals.FileEmpty(field="file", right="至少有表头和一行隐患的表格")
    if size > max_bytes:
        raise refusals.FileTooLarge(field="file", right=f"不超过 {max_bytes // 1024 // 1024} MB，可分成几个文件导入")
    found = _packed(path, size) if head.startswith(ZIP) else _compound(path) if head.startswith(OLE) else _text(head)
    if path.suffix.lower() not in EXTENSIONS[found]:
        raise refusals.WrongExtension(field="file", right=f"内容是 .{found}，请把扩展名改为 .{found} 或另存后再导入")
    return found


def _text(head: bytes) -> str:
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    if head.startswith((b"%PDF", b"{\\rtf", b"\x7fELF", b"MZ")) or (not wide and b"\0" in head):
        raise refusals.UnknownKind(field="file", right="只接收 .xlsx、.xls、.ods、.csv")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if start.startswith((b"<", b"mime-version")):
        raise refusals.UnknownKind(field="file", right=f"内容是网页（HTML/XML）；{SAVE_AS}")
    return "csv"


def _compound(path: Path) -> str:
    if LOCKED in path.read_bytes():  # an .xlsx with a password is a compound file, too
        raise refusals.Encrypted(field="file", right="取消打开密码后另存再导入")
    return "xls"


def _packed(path: Path, size: int) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
            _refuse_bomb(members, size)
            names = {member.filename.replace("\\", "/").lower() for member in members}
            mimetype = packed.open("mimetype").read(200).strip() if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as fault:
        raise refusals.Corrupt(field="file", right=SAVE_AS) from fault
    if any(name.endswith("vbaproject.bin") for name in names) or path.suffix.lower() in (".xlsm", ".xltm"):
        raise refusals.HasMacros(field="file", right=SAVE_AS)
    if mimetype == ODS:
        return "ods"
    if "xl/workbook.xml" in names:
        return "xlsx"
    raise refusals.UnknownKind(field="file", right=SAVE_AS)


def _refuse_bomb(members: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    # Members that together weigh more than the file share their bytes: only bombs do.
    if (
        len(members) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED
        or packed > size
        or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * size)
    ):
        raise refusals.ZipBomb(field="file", right=SAVE_AS)
