"""Files to grids, and the guards before the parser."""

import copy
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from ledger import refusals, sheets
from tests.ledger import books

LINES = [("单位名称", "隐患描述"), ("某某厂", "配电箱未接地")]


def test_one_ledger_reads_the_same_in_every_kind(tmp_path: Path) -> None:
    files = [
        books.xlsx(tmp_path / "a.xlsx", LINES),
        books.ods(tmp_path / "a.ods", LINES),
        books.csv(tmp_path / "a.csv", LINES),
        books.csv(tmp_path / "bom.csv", LINES, encoding="utf-8-sig"),
        books.csv(tmp_path / "gbk.csv", LINES, encoding="gb18030"),
        books.csv(tmp_path / "wide.csv", LINES, encoding="utf-16"),
        books.csv(tmp_path / "semicolon.csv", LINES, delimiter=";"),
        books.csv(tmp_path / "tab.txt", LINES, delimiter="\t"),
    ]
    assert {sheets.read(file)[0].rows for file in files} == {tuple(LINES)}


def test_an_old_xls_is_read_with_its_merged_ranges() -> None:
    (grid,) = sheets.read(books.DATA / "merged.xls")
    assert grid.rows[3][1] == "某某五金厂"
    assert (3, 1) in grid.filled


def test_a_merged_value_is_carried_and_remembered_as_carried(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "a.xlsx", [["", ""], ["", "甲"], ["", "乙"]], merged=[(1, 0, 2, 0, "某某厂")])
    (grid,) = sheets.read(path)
    assert grid.rows[2] == ("某某厂", "乙")
    assert grid.filled == {(2, 0)}


def test_an_ods_is_read_with_its_merged_ranges(tmp_path: Path) -> None:
    lines = [("隐患台账", "", ""), ("甲厂", "未接地", "当场"), ("", "堵塞", ""), ("乙厂", "过期", "三日内")]
    (grid,) = sheets.read(
        books.ods(tmp_path / "a.ods", lines, spans={"隐患台账": (1, 3), "甲厂": (2, 1), "当场": (2, 1)})
    )
    assert grid.rows == (
        ("隐患台账",) * 3,
        ("甲厂", "未接地", "当场"),
        ("甲厂", "堵塞", "当场"),
        ("乙厂", "过期", "三日内"),
    )
    assert grid.filled == {(0, 1), (0, 2), (2, 0), (2, 2)}


def test_an_ods_that_declares_a_document_type_is_refused(tmp_path: Path) -> None:
    path = books.ods(tmp_path / "a.ods", LINES)
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    members["content.xml"] = members["content.xml"].replace(
        b"<office:document-content", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><office:document-content', 1
    )
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    with pytest.raises(refusals.Corrupt):
        sheets.read(path)


def test_a_quoted_cell_may_hold_lines_and_commas(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('单位名称,隐患描述\n某某厂,"1.甲,乙\n2.丙"\n', encoding="utf-8")
    assert sheets.read(path)[0].rows[1] == ("某某厂", "1.甲,乙\n2.丙")


def test_a_quote_that_is_never_closed_swallows_no_line_below(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = (
        "单位名称,隐患描述,期限",
        '甲厂,"1.甲,乙\n2.丙",当场',
        '乙厂,"安全出口"损坏,当场',
        '丙厂,"标识损坏,当场',
        "丁厂,线路老化,当场",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    assert sheets.read(path)[0].rows[1:] == (
        ("甲厂", "1.甲,乙\n2.丙", "当场"),
        ("乙厂", "安全出口损坏", "当场"),
        ("丙厂", '"标识损坏', "当场"),
        ("丁厂", "线路老化", "当场"),
    )


@pytest.mark.parametrize("delimiter", ["|", "，", ";"])
def test_other_signs_than_commas_may_divide_the_columns(tmp_path: Path, delimiter: str) -> None:
    lines = [("单位名称", "隐患描述", "整改期限"), ("甲厂", "过期、失压,损坏", "当场")]
    path = books.csv(tmp_path / "a.csv", lines, delimiter=delimiter)
    assert sheets.read(path)[0].rows == tuple(lines)


def test_wide_commas_in_the_words_divide_nothing(tmp_path: Path) -> None:
    lines = [("单位名称", "隐患描述"), ("甲厂", "过期，失压，损坏，掉漆"), ("乙厂", "堵塞，上锁，无标识，无灯")]
    assert sheets.read(books.csv(tmp_path / "a.csv", lines))[0].rows == tuple(lines)


def test_a_cell_of_several_lines_full_of_commas_is_one_where_its_quotes_close(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    said = "1.过期,失压,掉漆\n2.老化,裸露,未穿管"
    path.write_text(f'单位名称,隐患描述,期限\n甲厂,"{said}",当场\n乙厂,堵塞,当场\n', encoding="utf-8")
    assert sheets.read(path)[0].rows[1:] == (("甲厂", said, "当场"), ("乙厂", "堵塞", "当场"))


def test_lines_of_unequal_length_are_filled_up_with_blanks(tmp_path: Path) -> None:
    (grid,) = sheets.read(
        books.csv(tmp_path / "a.csv", [("某区台账",), ("单位名称", "隐患描述"), ("甲厂", "堵塞", "急")])
    )
    assert grid.rows == (("某区台账", "", ""), ("单位名称", "隐患描述", ""), ("甲厂", "堵塞", "急"))


def test_hidden_and_empty_sheets_are_skipped_with_a_note(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("甲").write_row(0, 0, ["单位名称"])
        book.add_worksheet("空")
        hidden = book.add_worksheet("底稿")
        hidden.write(0, 0, "x")
        hidden.hide()
    assert [(grid.sheet, grid.note) for grid in sheets.read(tmp_path / "a.xlsx")] == [
        ("甲", ""),
        ("空", sheets.EMPTY),
        ("底稿", sheets.HIDDEN),
    ]


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def hostile(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    book = books.xlsx(tmp_path / "good.xlsx", LINES).read_bytes()
    contents = {
        "empty.xlsx": b"",
        "renamed.xls": book,
        "renamed.csv": book,
        "cut.xlsx": book[: len(book) // 2],
        "page.xls": b"<html><table><tr><td>x</td></tr></table></html>",
        "page.csv": b"\xef\xbb\xbf <?xml version='1.0'?><Workbook/>",
        "paper.csv": b"%PDF-1.7\n",
        "noise.csv": bytes(range(256)) * 8,
        "odd.csv": b"a,b\n\xff\xff\xff,\x81\n",
        "broken.xls": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2000,
    }
    if name in contents:
        path.write_bytes(contents[name])
    return path


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("empty.xlsx", refusals.FileEmpty),
        ("missing.xlsx", refusals.FileMissing),
        ("renamed.xls", refusals.WrongExtension),
        ("renamed.csv", refusals.WrongExtension),
        ("cut.xlsx", refusals.Corrupt),
        ("page.xls", refusals.UnknownKind),
        ("page.csv", refusals.UnknownKind),
        ("paper.csv", refusals.UnknownKind),
        ("noise.csv", refusals.UnknownKind),
        ("odd.csv", refusals.UnknownEncoding),
        ("broken.xls", refusals.Corrupt),
    ],
)
def test_an_unreadable_file_is_refused_by_name(
    tmp_path: Path, name: str, refusal: type[refusals.LedgerRefused]
) -> None:
    with pytest.raises(refusal) as refused:
        sheets.read(hostile(tmp_path, name))
    assert refused.value.field == "file"
    assert refused.value.right


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(refusals.FileMissing):
        sheets.read(tmp_path)


def test_a_document_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(refusals.UnknownKind):
        sheets.read(packed(tmp_path / "a.xlsx", {"word/document.xml": b"<w/>"}))


@pytest.mark.parametrize("member", ["xl/vbaProject.bin", "XL\\VBAPROJECT.BIN"])
def test_macros_are_refused_whatever_the_extension_says(tmp_path: Path, member: str) -> None:
    with pytest.raises(refusals.HasMacros):
        sheets.read(packed(tmp_path / "a.xlsx", {"xl/workbook.xml": b"<w/>", member: b"x"}))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = packed(tmp_path / "a.xlsx", {"xl/workbook.xml": b"<w/>", "xl/sheet.xml": b" " * (40 * 1024 * 1024)})
    with pytest.raises(refusals.ZipBomb):
        sheets.read(bomb)


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("xl/workbook.xml", bytes(range(256)) * 400)
        for number in range(20):
            twin = copy.copy(file.filelist[0])
            twin.filename = f"xl/{number}.xml"
            file.filelist.append(twin)
    with pytest.raises(refusals.ZipBomb):
        sheets.read(path)


def test_merged_ranges_that_overlap_are_refused(tmp_path: Path) -> None:
    book = books.xlsx(tmp_path / "good.xlsx", [["x", "y"]] * 4)
    ranges = '<mergeCells count="9">' + '<mergeCell ref="A1:B4"/>' * 9 + "</mergeCells>"
    with zipfile.ZipFile(book) as good:
        members = {name: good.read(name) for name in good.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", b"</sheetData>" + ranges.encode())
    with pytest.raises(refusals.Corrupt):
        sheets.read(packed(tmp_path / "a.xlsx", members | {"xl/worksheets/sheet1.xml": sheet}))


def test_a_range_of_less_than_nothing_pays_for_no_overlap(tmp_path: Path) -> None:
    lines = [("负", "甲", ""), ("乙", "丙", ""), ("", "", "丁")]
    spans = {"甲": (3, 2), "乙": (2, 3), "丙": (2, 2)}
    for down in (1, -100):
        with pytest.raises(refusals.Corrupt):
            sheets.read(books.ods(tmp_path / "a.ods", lines, spans={**spans, "负": (down, 1)}))


def test_a_crowd_of_members_is_refused(tmp_path: Path) -> None:
    crowd = packed(tmp_path / "a.xlsx", {f"xl/{number}.xml": b"" for number in range(2_100)})
    with pytest.raises(refusals.ZipBomb):
        sheets.read(crowd)


@pytest.mark.parametrize("column", [99, 16_383])  # some 3 GiB of blank cells, and half a terabyte
def test_two_cells_at_opposite_corners_kill_only_the_child(tmp_path: Path, column: int) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "单位名称")
        sheet.write(1_048_575, column, "x")
    with pytest.raises(refusals.SheetTooLarge):
        sheets.read(tmp_path / "a.xlsx")


def test_size_rows_and_columns_have_caps(tmp_path: Path) -> None:
    tall = books.xlsx(tmp_path / "tall.xlsx", [["单位名称"]] * 30)
    with pytest.raises(refusals.TooManyRows):
        sheets.read(tall, max_rows=29)
    with pytest.raises(refusals.TooManyRows):
        sheets.read(books.csv(tmp_path / "tall.csv", [["单位名称", ""]] * 30), max_rows=29)
    with pytest.raises(refusals.TooManyColumns):
        sheets.read(books.xlsx(tmp_path / "wide.xlsx", [["x"] * 501]))
    with pytest.raises(refusals.FileTooLarge):
        sheets.read(tall, max_bytes=1000)


def test_a_locked_workbook_says_that_it_is_locked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    shell = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504
    path.write_bytes(shell + "EncryptedPackage".encode("utf-16-le").ljust(512, b"\0"))
    with pytest.raises(refusals.Encrypted):
        sheets.read(path)
