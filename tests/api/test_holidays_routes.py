"""The yearly notice is entered by the administrator, and guessed due dates follow it."""

from datetime import datetime

from tests.api.conftest import Server
from tests.conftest import SHANGHAI

OFF = {
    "2027-01-01": "元旦", "2027-01-04": "元旦", "2027-02-06": "春节", "2027-04-05": "清明节", "2027-05-01": "劳动节",
    "2027-06-09": "端午节", "2027-09-15": "中秋节", "2027-10-01": "国庆节",
}  # fmt: skip
NOTICE = {
    "document": "国办发明电〔2026〕9号",
    "off": [{"day": day, "name": name} for day, name in OFF.items()],
    "working": [],
}


def test_a_notice_moves_what_was_a_guess_and_shows_in_the_calendar(server: Server) -> None:
    desk = server.desk
    desk.clock.now = datetime(2026, 12, 31, 9, tzinfo=SHANGHAI)
    case_id = desk.open()
    guessed = desk.deadlines(case_id)[0].due_at
    admin = server.login_as(desk.cast.admin)

    entered = admin.put("/api/v1/holidays/2027", json=NOTICE).json()
    again = admin.put("/api/v1/holidays/2027", json=NOTICE).json()

    assert (entered["cases"], entered["proclaimed_through"], again["cases"]) == (1, 2027, 0)
    assert desk.deadlines(case_id)[0].due_at > guessed
    desk.clock.advance(seconds=2)
    shown = server.login_as(desk.cast.enterprise_person).get("/api/v1/holidays").json()
    assert (shown["calendar"], shown["notices"][0]["document"]) == (entered["calendar"], NOTICE["document"])
    assert shown["notices"][0]["off"] == OFF


def test_one_day_off_does_not_make_a_whole_year_known(server: Server) -> None:
    admin = server.login_as(server.desk.cast.admin)

    refused = admin.put("/api/v1/holidays/2028", json={**NOTICE, "off": [{"day": "2028-01-01", "name": "元旦"}]})

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/notice-fault")
    assert refused.json()["right"] == "列出全年的放假日，还缺：春节、清明节、劳动节、端午节、中秋节、国庆节"
    shown = admin.get("/api/v1/holidays").json()
    assert (shown["proclaimed_through"], shown["notices"]) == (2026, [])


def test_only_the_administrator_enters_it_and_only_in_form(server: Server) -> None:
    cast = server.desk.cast
    admin = server.login_as(cast.admin)

    answers = [
        server.login_as(cast.supervisor).put("/api/v1/holidays/2027", json=NOTICE),
        admin.put("/api/v1/holidays/2028", json=NOTICE),
        admin.put("/api/v1/holidays/2027", json={**NOTICE, "off": []}),
    ]

    assert [(answer.status_code, answer.json()["type"]) for answer in answers] == [
        (403, "/problems/not-your-role"), (422, "/problems/notice-fault"), (422, "/problems/invalid-request"),
    ]  # fmt: skip
    assert admin.get("/api/v1/holidays").json()["notices"] == []
