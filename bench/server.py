"""One worker of the application for the bench, with an address beside each move's that does nothing."""

import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI, Response

from api.app import PREFIX, create_app
from api.bodies import Body, bodies
from api.house import House
from api.identity import SignedIn
from api.litter import look_seldom
from api.settings import Settings
from api.words import CaseId
from workflow.hazard import HAZARD

# As long as a move's answer.
NOTHING = b'{"id":"' + b"0" * 300 + b'"}'


def with_nothing(app: FastAPI) -> FastAPI:
    """The application with its no-op addresses."""
    router = APIRouter()
    for trigger, body_type in bodies((HAZARD,)).items():
        router.add_api_route(f"/cases/{{case_id}}/nothing/{trigger}", _nothing(body_type), methods=["POST"])
    app.include_router(router, prefix=PREFIX)
    return app


def _nothing(body_type: type[Body]) -> Any:
    def endpoint(case_id: CaseId, call: SignedIn, body: Body | None = None) -> Response:
        return Response(NOTHING, media_type="application/json")

    endpoint.__annotations__["body"] = body_type | None
    return endpoint


def main(url: str, folder: str) -> None:
    """Say the port and serve until told to stop."""
    house = House(Settings.model_validate({"data_dir": Path(folder), "database_url": url}))
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(with_nothing(create_app(house)), access_log=False, log_config=None)
    look_seldom()
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
