"""The dashboard over HTTP is scoped like every list."""

from tests.api.conftest import Server


def test_the_numbers_are_those_of_one_s_own_places(server: Server) -> None:
    desk = server.desk
    desk.to("closed")
    desk.to("assigned")
    desk.live(40, step=20)

    whole = server.login_as(desk.cast.leader).get("/api/v1/dashboard").json()

    assert (whole["total"], whole["overdue"], whole["rectification_rate"]) == (2, 1, 0.5)
    assert {(cell["state"], cell["overdue"], cell["n"]) for cell in whole["cells"]} == {
        ("closed", False, 1), ("assigned", True, 1),
    }  # fmt: skip
    assert server.login_as(desk.cast.enterprise_person).get("/api/v1/dashboard").json() == whole
    assert server.login_as(desk.cast.other_enterprise_person).get("/api/v1/dashboard").json() == {
        "total": 0, "overdue": 0, "rectification_rate": None, "cells": [],
    }  # fmt: skip
