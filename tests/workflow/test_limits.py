import re

from models.base import metadata
from workflow.limits import KINDS, LEVELS, LONGEST, NAMES, SPANS, TITLES, Unit, parts

PROMISED = {
    "hazard": "assign decline rectify report recheck close reply",
    "listing": "list plan rectify progress record publish accept delist publish_delisting reply suspension",
    "round": "collect approve publish settle suspension",
    "incident": "answer acknowledgement unit phone written upward follow_up supplement final close reply suspension",
    "measure": "carry_out reply close suspension",
}
EXTENSIONS = " extension_lead extension_decision extension_cap"


def allowed(table: str, name: str) -> str:
    """The SQL of one check of one table."""
    found = [str(c.sqltext) for c in metadata.tables[table].constraints if str(c.name).endswith(f"_{name}")]
    (only,) = found
    return only


def test_the_closed_list_of_limits_is_what_the_workflows_were_promised():
    assert {f"{flow}.{name}" for flow, names in PROMISED.items() for name in (names + EXTENSIONS).split()} == NAMES


def test_every_limit_has_a_chinese_title_of_its_own_and_every_unit_a_longest_amount():
    assert all(title and not title.isascii() for title in TITLES.values())
    assert LONGEST.keys() == set(Unit)


def test_profiles_know_the_very_levels_and_kinds_that_the_database_keeps():
    kept = re.findall(r"workflow = '(\w+)' AND level IN \(([^)]*)\)", allowed("cases", "level"))
    assert {workflow: set(re.findall(r"\w+", levels)) for workflow, levels in kept} == LEVELS
    assert set(re.findall(r"'(\w+)'", allowed("incidents", "kind"))) == KINDS


def test_only_an_incidents_limit_may_depend_on_its_kind():
    assert parts("hazard.rectify") == {"general", "major"}
    assert parts("measure.reply") == LEVELS["measure"]
    assert parts("incident.supplement") == LEVELS["incident"] | KINDS
    assert not LEVELS["incident"] & KINDS


def test_what_guards_measure_by_is_a_span_in_every_workflow():
    assert {name.partition(".")[0] for name in SPANS} == set(LEVELS)
    assert {"hazard.rectify", "listing.extension_cap", "hazard.decline"} <= SPANS <= NAMES
