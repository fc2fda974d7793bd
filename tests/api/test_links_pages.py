"""One-time links open pages that work in any browser, without a script."""

import re
from pathlib import Path

from sqlalchemy import Engine, select
from starlette.testclient import TestClient

from api import accounts
from api.house import House
from api.settings import Settings
from models import Organisation, Person
from models.database import read_session
from tests.api.conftest import Server
from tests.application import application
from tests.conftest import Clock

SAID = {
    "district_name": "示范区", "district_code": "330198", "login": "chen", "name": "<b>陈管理</b>",
    "password": "correct horse battery",
}  # fmt: skip


def test_the_first_link_opens_a_form_that_sets_the_house_up_once(
    database: Engine, tmp_path: Path, clock: Clock
) -> None:
    house = House(Settings(data_dir=tmp_path))
    house.engine = database
    client = TestClient(application(house, now=lambda: clock.now), raise_server_exceptions=False)
    secret = accounts.first_link(database, clock.now)
    page = client.get("/setup", params={"secret": secret})
    assert (page.status_code, f'value="{secret}"' in page.text) == (200, True)
    weak = client.post("/setup", data={**SAID, "secret": secret, "password": "123"})
    assert (weak.status_code, 'role="alert"' in weak.text) == (422, True)
    assert "&lt;b&gt;陈管理&lt;/b&gt;" in weak.text
    assert "123" not in re.findall(r'value="([^"]*)"', weak.text)
    assert "已启用" in client.post("/setup", data={**SAID, "secret": secret}).text
    assert client.post("/setup", data={**SAID, "secret": secret}).status_code == 422
    with read_session(database) as session:
        assert session.scalars(select(Person.login)).all() == ["chen"]
        assert session.scalars(select(Organisation.name).where(Organisation.kind == "district")).all() == ["示范区"]


def test_an_invitation_opens_a_form_that_sets_a_password(server: Server) -> None:
    person = server.desk.cast.inspector
    secret = accounts.invite(server.house.engine, person.id, server.desk.clock.now)
    done = server.anonymous.post("/password", data={"secret": secret, "password": "correct horse battery"})
    assert (done.status_code, "密码已设定" in done.text) == (200, True)
    assert "default-src 'none'" in done.headers["content-security-policy"]
