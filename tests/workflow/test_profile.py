import sys
from datetime import time
from hashlib import sha256
from pathlib import Path
from shutil import copytree, ignore_patterns
from subprocess import run

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import workflow
from workflow.limits import NAMES, Limit, Unit, parts
from workflow.profile import ProfileFault, load, shipped

HEADINGS = 'name = "x"\ntitle = "某地"\nversion = "1"\n'
RECTIFY, ANSWER = '[limits."hazard.rectify"]\n', '[limits."incident.answer"]\n'
N, H = Unit.NATURAL_DAY, Unit.HOUR


def stated(name, amount=5, unit="natural_day"):
    """One limit as a file states it; `name` may be that of a sub-table."""
    limit, _, part = name.partition("/")
    head = f'[limits."{limit}".{part}]' if part else f'[limits."{limit}"]'
    return f'{head}\namount = {amount}\nunit = "{unit}"\nsource = "本地制度第1条"\n'


def not_owed(name):
    limit, _, part = name.partition("/")
    return f'[limits."{limit}".{part}]\nowed = false\nsource = "本地制度第2条"\n'


WHOLE = HEADINGS + "".join(stated(name) for name in sorted(NAMES))


@pytest.fixture
def whole(tmp_path):
    """A good file of one's own that is based on nothing, with another word put in place of one."""

    def write(old="", new=""):
        assert old in WHOLE
        path = tmp_path / "x.toml"
        path.write_text(WHOLE.replace(old, new, 1), encoding="utf-8")
        return path

    return write


@pytest.fixture
def local(tmp_path):
    """A file of one's own that states only what differs from a shipped profile."""

    def write(*tables, based_on="national"):
        path = tmp_path / "local.toml"
        path.write_text("\n".join([f'based_on = "{based_on}"', HEADINGS, "[limits]", *tables]), encoding="utf-8")
        return path

    return write


@pytest.fixture
def installed(tmp_path):
    """Ask an installed copy of the engine that ships just these profiles; returns what it says."""

    def ask(question, **profiles):
        place = tmp_path / f"copy{len(list(tmp_path.iterdir()))}"
        copytree(Path(workflow.__file__).parent, place / "workflow", ignore=ignore_patterns("__pycache__"))
        (place / "workflow" / "profiles").mkdir()
        for name, text in profiles.items():
            (place / "workflow" / "profiles" / f"{name}.toml").write_text(text, encoding="utf-8")
        code = f"from workflow.profile import *\ntry: print({question})\nexcept ProfileFault as e: print(*e.faults)"
        told = run([sys.executable, "-X", "utf8", "-c", code], cwd=place, capture_output=True, check=True, timeout=60)
        return told.stdout.decode().strip()

    return ask


def refused(path: Path) -> tuple[str, ...]:
    with pytest.raises(ProfileFault) as caught:
        load(path)
    return caught.value.faults


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


def test_an_installed_copy_reads_the_profiles_shipped_inside_it(installed):
    assert installed("*available(), shipped('x').title", x=WHOLE) == "x 某地"


@pytest.mark.parametrize(
    ("level", "kind", "amount"),
    [
        (None, None, 1),
        ("general", None, 1),
        ("major", None, 2),
        ("major", "work", 2),
        ("major", "fire", 3),
        (None, "fire", 3),
    ],
)
def test_a_figure_for_the_kind_wins_over_the_levels_and_that_over_the_plain_one(local, level, kind, amount):
    name = "incident.phone"
    place = load(local(stated(name, 1), stated(f"{name}/major", 2), stated(f"{name}/fire", 3)))
    assert place.limit(name, level, kind).amount == place.owes(name, level, kind).amount == amount


def test_what_a_place_does_not_ask_for_is_not_owed_and_has_no_limit(local):
    place = load(local(not_owed("incident.phone/general"), not_owed("incident.phone/natural")))
    for level, kind in (("general", None), ("general", "work"), ("major", "natural")):
        assert place.owes("incident.phone", level, kind) is None
        with pytest.raises(LookupError, match=r"incident\.phone"):
            place.limit("incident.phone", level, kind)
    assert place.owes("incident.phone", "major", "work") == place.limit("incident.phone")
    assert place.stated["incident.phone", "general"].source == "本地制度第2条"


def test_an_owed_level_stands_out_of_a_limit_that_is_otherwise_not_owed(local):
    plain = '[limits."incident.phone"]\nowed = false\nsource = "本地制度第2条"\n'
    place = load(local(plain, stated("incident.phone/special", 3)))
    assert place.owes("incident.phone") is place.owes("incident.phone", "major") is None
    assert place.limit("incident.phone", "special").amount == 3


def test_daily_times_come_in_order_and_count_as_one(whole):
    daily = ANSWER + 'unit = "clock_time"\nat = [17:00:00, 08:00:00]\nsource = "本地制度"\n'
    place = load(whole(stated("incident.answer"), daily))
    assert place.limit("incident.answer") == Limit(1, Unit.CLOCK_TIME, "本地制度", at=(time(8), time(17)))


def test_a_place_states_only_what_differs_and_keeps_the_rest_with_its_sources(local):
    base, place = shipped(), load(local(stated("hazard.rectify", 20)))
    assert place.name == "x"
    assert place.limit("hazard.rectify") == Limit(20, N, "本地制度第1条")
    assert {key: limit for key, limit in place.stated.items() if key[0] != "hazard.rectify"} == {
        key: limit for key, limit in base.stated.items() if key[0] != "hazard.rectify"
    }


def test_a_sub_table_alone_adds_to_what_the_base_says(local):
    place = load(local(stated("incident.follow_up/larger", 8, "hour")))
    assert [place.limit("incident.follow_up", level).amount for level in ("general", "larger", "major")] == [24, 8, 12]


def test_a_plain_figure_states_the_limit_anew_and_no_exception_of_the_base_outlives_it(local):
    place = load(local(stated("incident.supplement", 10)))
    assert place.limit("incident.supplement", "major", "fire").amount == 10


def test_a_place_may_be_based_on_a_place_that_is_based_on_another(local):
    place = load(local(stated("incident.written/general", 3, "hour"), based_on="henan"))
    assert place.limit("incident.written", "general") == Limit(3, H, "本地制度第1条")
    assert place.limit("incident.written", "larger") == shipped("henan").limit("incident.written", "larger")
    assert place.limit("incident.unit") == shipped().limit("incident.unit")


def test_a_file_of_ones_own_may_bear_the_name_of_the_profile_it_is_based_on(local):
    path = local(stated("hazard.rectify", 20))
    assert load(path.rename(path.with_name("national.toml"))).limit("hazard.rectify").amount == 20


def test_a_profile_is_known_by_what_it_is_based_on_as_well(installed):
    place = f'based_on = "b"\n{HEADINGS}[limits]\n'
    told = {
        installed("shipped('a').digest", a=place, b=base)
        for base in (WHOLE, WHOLE.replace("amount = 5", "amount = 6", 1))
    }
    assert len(told) == 2


@pytest.mark.parametrize(
    ("bases", "loop"),
    [
        ({"a": "a"}, "based_on 循环引用：a → a"),
        ({"a": "b", "b": "c", "c": "a"}, "based_on 循环引用：a → b → c → a"),
        ({"a": "b", "b": "c", "c": "b"}, "based_on 循环引用：b → c → b"),
    ],
)
def test_profiles_that_are_based_on_each_other_in_a_circle_are_refused_by_name(installed, bases, loop):
    files = {name: f'based_on = "{base}"\n{HEADINGS}[limits]\n' for name, base in bases.items()}
    assert installed("shipped('a')", **files).endswith(loop)


def test_faults_of_the_base_and_of_the_file_are_told_at_once(installed):
    base = WHOLE.replace("amount = 5", "amount = 0", 1)
    place = f'based_on = "b"\n{HEADINGS}[limits]\nx = 1\n'
    told = installed("shipped('a')", a=place, b=base)
    assert "based_on b：hazard.assign：amount 须为" in told
    assert "不认识的时限 x" in told
    assert "缺少时限" not in told


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
        ('unit = "natural_day"', 'unit = "hour"\nrolls = true', "rolls 只用于 natural_day"),
        ('unit = "natural_day"', 'unit = "hour"\nat = [08:00:00]', "at 只用于 clock_time"),
        ("amount = 5", "amount = 5\namuont = 6", "amuont"),
        ("amount = 5\n", "owed = false\n", "写了 owed 就不写 unit"),
        ("amount = 5", "owed = false\namount = 0", "写了 owed 就不写 amount"),
        ("amount = 5", "owed = true", "owed 只能写 false"),
        (RECTIFY, RECTIFY + "major = 60\n", "hazard.rectify.major 须为一张表"),
        (RECTIFY, RECTIFY + "major = {amount = 60}\n", "hazard.rectify.major：缺少 source"),
        (RECTIFY, RECTIFY + "major = {owed = false}\n", "hazard.rectify.major：缺少 source"),
        (RECTIFY, RECTIFY + 'major = {owed = false, source = "无"}\n', "hazard.rectify.major：须写明一段时间"),
        (RECTIFY, RECTIFY + 'huge = {amount = 60, unit = "hour", source = "无"}\n', "huge"),
        (RECTIFY, RECTIFY + 'town = {amount = 60, unit = "hour", source = "无"}\n', "不认识的项目 town"),
        (RECTIFY, RECTIFY + 'fire = {amount = 60, unit = "hour", source = "无"}\n', "不认识的项目 fire"),
        (ANSWER, ANSWER + 'flood = {amount = 60, unit = "hour", source = "无"}\n', "不认识的项目 flood"),
        (RECTIFY, '[limits."hazard.rektify"]\n', "缺少时限 hazard.rectify（隐患整改）"),
        (RECTIFY, '[limits."hazard.rektify"]\n', "不认识的时限 hazard.rektify"),
        ('title = "某地"', 'titel = "某地"', "titel"),
        ('version = "1"', "version = 1", "version"),
        ('version = "1"', 'version = "1"\nbased_on = 3', "based_on"),
        ('version = "1"', 'version = "1"\nbased_on = "atlantis"', "based_on atlantis：没有这份地方规则"),
        ('version = "1"', 'version = "1"\nbased_on = "../national"', "based_on ../national：没有这份地方规则"),
    ],
)
def test_a_profile_that_cannot_be_armed_is_refused_by_name(whole, old, new, fault):
    assert any(fault in each for each in refused(whole(old, new)))


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("", "at 须列出"),
        ("at = []\n", "at 须列出"),
        ("at = 08:00:00\n", "at 须列出"),
        ('at = ["08:00"]\n', "at 须列出"),
        ("at = [08:00:00, 08:00:00]\n", "at 须列出"),
        ("at = [08:00:00]\namount = 2\n", "amount 须为"),
        ("at = [08:00:00]\ncap = 1\n", "cap 只用于"),
        ("at = [08:00:00]\nrolls = true\n", "rolls 只用于"),
    ],
)
def test_a_daily_time_that_says_no_time_or_too_much_is_refused(whole, lines, fault):
    daily = f'{ANSWER}unit = "clock_time"\n{lines}source = "无"\n'
    (only,) = refused(whole(stated("incident.answer"), daily))
    assert fault in only


def test_a_span_of_time_cannot_be_a_time_of_day(whole):
    daily = RECTIFY + 'unit = "clock_time"\nat = [08:00:00]\nsource = "无"\n'
    assert refused(whole(stated("hazard.rectify"), daily)) == (
        "hazard.rectify：须写明一段时间，不能用 owed 或 clock_time",
    )


@pytest.mark.parametrize("table", ['[limits."hazard.assign"]\n', '[limits."hazard.assign"]\nsource = "改依据"\n'])
def test_a_place_that_names_a_limit_but_gives_no_figure_is_refused(local, table):
    assert any("hazard.assign：amount 须为" in fault for fault in refused(local(table)))


def test_a_file_based_on_nothing_cannot_leave_a_plain_figure_to_a_base(whole):
    assert any("hazard.rectify：amount 须为" in each for each in refused(whole(RECTIFY, RECTIFY[:-2] + ".major]\n")))


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


keys = st.sampled_from(sorted((name, part) for name in NAMES for part in ("", *parts(name))))
figures = st.dictionaries(keys, st.integers(1, 99), max_size=8)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(figures)
def test_whatever_a_place_states_is_in_force_and_all_else_is_as_in_its_base(local, own):
    path = local(*(stated(f"{name}/{part}" if part else name, amount) for (name, part), amount in sorted(own.items())))
    base, place = shipped(), load(path)
    for name in NAMES:
        for part in parts(name):
            plain = place.limit(name).amount if (name, "") in own else None
            amount = own.get((name, part), plain)
            found = place.owes(name, part)
            assert found == (Limit(amount, N, "本地制度第1条") if amount else base.owes(name, part))
