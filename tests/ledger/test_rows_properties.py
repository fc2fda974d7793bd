"""Made-up untidy sheets: every line that says something becomes a hazard, a problem or a note."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.records import Reading
from ledger.rows import parse
from ledger.sheets import Grid

HEADINGS = ("序号", "企业名称", "存在问题", "检查时间", "整改时限", "整改情况", "信用代码", "别的")
WORDS = st.text(alphabet="甲乙丙丁灭火器失效通道堵塞1234.、（） \n", max_size=14)
CELL = st.one_of(
    st.just(""),
    WORDS,
    st.integers(0, 99_999),
    st.floats(0, 99_999),
    st.dates(),
    st.sampled_from(["同上", "无", "当场", "三日内", "2023-02-30", "2023.8.3", "已整改", "1.甲甲 2.乙乙", "第1项当场"]),
)
DATA_LINE = st.tuples(st.integers(1, 500), st.sampled_from(["甲厂", "乙店"]), *[CELL] * 6)
ANY_LINE = st.tuples(*[CELL] * 8)
TOTAL_LINE = st.sampled_from([("合计", "", "共3条"), ("填报人：", "张三", ""), ("", "", "")]).map(
    lambda line: line + ("",) * 5
)


def read(lines: list[tuple[object, ...]], above: list[str]) -> Reading:
    titles = [(title, *[""] * 7) for title in above]
    return parse([Grid("台账", (*titles, HEADINGS, *lines))])  # type: ignore[arg-type]  # Hypothesis draws any cells


@settings(max_examples=150, deadline=None)
@given(
    st.lists(DATA_LINE | TOTAL_LINE, max_size=12),
    st.lists(st.sampled_from(["某区台账", "填报单位：某镇", ""]), max_size=3),
)
def test_every_data_line_is_rows_or_problems_and_no_other_line_is(
    lines: list[tuple[object, ...]], above: list[str]
) -> None:
    reading = read(lines, above)
    data = {len(above) + 2 + at for at, line in enumerate(lines) if isinstance(line[0], int)}
    assert {each.line for each in (*reading.rows, *reading.refused)} == data
    assert reading.lines == len(data)


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY_LINE, max_size=12))
def test_any_line_that_says_something_is_accounted_for(lines: list[tuple[object, ...]]) -> None:
    reading = read(lines, [])
    noted = {int(note.split("第 ")[1].split(" 行")[0]) for note in reading.notes}
    told = {each.line for each in (*reading.rows, *reading.refused)} | noted
    assert told == {at + 2 for at, line in enumerate(lines) if any(str(cell).strip() for cell in line)}


@settings(max_examples=60, deadline=None)
@given(st.lists(DATA_LINE, max_size=12))
def test_keys_never_clash_and_never_change(lines: list[tuple[object, ...]]) -> None:
    keys = [row.key for row in read(lines, []).rows]
    assert len(set(keys)) == len(keys)
    assert keys == [row.key for row in read(lines, ["某区台账"]).rows]
