from workflow.limits import LONGEST, NAMES, TITLES, Unit


def test_the_closed_list_of_limits_is_what_the_hazard_workflow_was_promised():
    assert {
        "hazard.assign",
        "hazard.rectify",
        "hazard.report",
        "hazard.recheck",
        "hazard.close",
        "hazard.reply",
        "hazard.extension_lead",
        "hazard.extension_decision",
        "hazard.extension_cap",
        "hazard.decline",
    } == NAMES


def test_every_limit_has_a_chinese_title_and_every_unit_a_longest_amount():
    assert all(title and not title.isascii() for title in TITLES.values())
    assert LONGEST.keys() == set(Unit)
