import sys
from hashlib import sha256
from pathlib import Path
from shutil import copytree, ignore_patterns
from subprocess import run

import pytest

import workflow
from workflow.limits import NAMES, Unit
from workflow.profile import ProfileFault, available, load, shipped

HEADINGS = 'name = "x"\ntitle = "某地"\nversion = "1"\n'
RECTIFY = '[limits."hazard.rectify"]\n'


@pytest.fixture
def whole(tmp_path):
    """A good file of one's own, with another word put in place of one."""

    def write(old="", new=""):
        text = HEADINGS + "".join(
            f'[limits."{name}"]\namount = 5\nunit = "natural_day"\nsource = "本地制度第1条"\n' for name in sorted(NAMES)
        )
        assert old in text
        path = tmp_path / "x.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return write


def refused(path: Path) -> tuple[str, ...]:
    with pytest.raises(ProfileFault) as caught:
        load(path)
    return caught.value.faults


@pytest.mark.parametrize("name", available())
def test_every_shipped_profile_arms_and_names_a_chinese_source_for_each_limit(name):
    place = shipped(name)
    assert place.name == name
    for limit in (place.limit(each, level) for each in NAMES for level in (None, "general", "major")):
        assert not limit.source.isascii()


def test_nationally_an_order_gives_thirty_natural_days_and_never_more_than_ninety():
    rectify = shipped().limit("hazard.rectify")
    assert (rectify.amount, rectify.unit, rectify.cap) == (30, Unit.NATURAL_DAY, 90)


@pytest.mark.parametrize(
    ("place", "lead", "decision"),
    [
        ("national", (10, Unit.NATURAL_DAY), (5, Unit.NATURAL_DAY)),
        ("ningbo", (15, Unit.WORKING_DAY), (5, Unit.NATURAL_DAY)),
        ("qingdao", (20, Unit.WORKING_DAY), (10, Unit.WORKING_DAY)),
    ],
)
def test_places_differ_in_when_an_extension_must_be_asked_and_answered(place, lead, decision):
    rules = shipped(place)
    asked, answered = rules.limit("hazard.extension_lead"), rules.limit("hazard.extension_decision")
    assert (asked.amount, asked.unit) == lead
    assert (answered.amount, answered.unit) == decision


def test_what_the_law_does_not_say_or_nobody_has_checked_says_so_itself():
    rules = shipped()
    assert "法规无此时限" in rules.limit("hazard.assign").source
    assert "【待核】" in rules.limit("hazard.extension_lead").source


def test_a_major_hazard_has_its_own_figure_and_other_levels_the_plain_one():
    rules = shipped()
    assert rules.limit("hazard.assign", "major").amount == 1
    assert rules.limit("hazard.assign", "general") == rules.limit("hazard.assign")


def test_a_profile_is_known_by_the_bytes_of_its_file(whole):
    path = whole()
    before = load(path)
    assert before.digest == sha256(path.read_bytes()).hexdigest()
    assert load(whole("amount = 5", "amount = 6")) != before


def test_a_place_that_is_not_shipped_is_refused_and_no_path_reaches_another_folder(whole):
    for name in ("atlantis", "../profiles/national", str(whole().with_suffix(""))):
        with pytest.raises(ProfileFault) as caught:
            shipped(name)
        assert "national" in (caught.value.right or "")


def test_an_installed_copy_reads_the_profiles_shipped_inside_it(tmp_path, whole):
    package = Path(workflow.__file__).parent
    copytree(package, tmp_path / "workflow", ignore=ignore_patterns("__pycache__"))
    (tmp_path / "workflow" / "profiles").mkdir()
    whole().rename(tmp_path / "workflow" / "profiles" / "x.toml")
    ask = "from workflow.profile import available, shipped; print(*available(), shipped('x').digest)"
    told = run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split()[0] == "x"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("amount = 5", "amount = 0", "amount 须为"),
        ("amount = 5", "amount = true", "amount 须为"),
        ("amount = 5", "amount = 5.0", "amount 须为"),
        ("amount = 5", 'amount = "5"', "amount 须为"),
        ("amount = 5", "amount = 5000000000", "amount 须为"),
        ("amount = 5\n", "", "amount 须为"),
        ("amount = 5", "amount = 5\ncap = 4", "cap 须为"),
        ("amount = 5", "amount = 5\ncap = false", "cap 须为"),
        ('unit = "natural_day"', 'unit = "fortnight"', "unit 须为"),
        ('unit = "natural_day"', "unit = [1]", "unit 须为"),
        ('unit = "natural_day"\n', "", "unit 须为"),
        ('source = "本地制度第1条"', 'source = " "', "source"),
        ('source = "本地制度第1条"\n', "", "source"),
        ("amount = 5", 'amount = 5\nrolls = "yes"', "rolls 须为"),
        ('unit = "natural_day"', 'unit = "hour"\nrolls = true', "rolls 只用于"),
        ("amount = 5", "amount = 5\namuont = 6", "amuont"),
        (RECTIFY, RECTIFY + "major = 60\n", "hazard.rectify.major 须为一张表"),
        (RECTIFY, RECTIFY + "major = {amount = 60}\n", "hazard.rectify.major：缺少 source"),
        (RECTIFY, RECTIFY + 'huge = {amount = 60, unit = "hour", source = "无"}\n', "huge"),
        (RECTIFY, '[limits."hazard.rektify"]\n', "缺少时限 hazard.rectify（隐患整改）"),
        (RECTIFY, '[limits."hazard.rektify"]\n', "不认识的时限 hazard.rektify"),
        ('title = "某地"', 'titel = "某地"', "titel"),
        ('version = "1"', "version = 1", "version"),
    ],
)
def test_a_profile_that_cannot_be_armed_is_refused_by_name(whole, old, new, fault):
    assert any(fault in each for each in refused(whole(old, new)))


def test_all_faults_are_told_at_once_and_the_message_says_them_in_chinese(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text('name = "bad"\n[limits."hazard.rectify"]\namount = 0\nunit = "week"\n', encoding="utf-8")
    with pytest.raises(ProfileFault) as caught:
        load(path)
    faults = caught.value.faults
    assert len(faults) == len({"title", "version"}) + len(NAMES - {"hazard.rectify"}) + len(
        {"amount", "unit", "source"}
    )
    assert all(fault in str(caught.value) for fault in faults)
    assert caught.value.field == "bad"


@pytest.mark.parametrize(
    "content", [b"name = ", b"\xff\xfe\x00", "名称".encode("gb18030"), b"limits = 3", b"", b"a=" + b"[" * 9999]
)
def test_a_file_that_is_no_profile_is_refused_not_crashed_on(tmp_path, content):
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    assert refused(path)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path):
    assert refused(tmp_path / "none.toml") == ("文件读不出来，请检查路径和权限",)
