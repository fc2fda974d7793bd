"""The routes (接口路径): `ROUTERS` stand under /api/v1, `ROOT_ROUTERS` at the root; the application serves these."""

from fastapi import APIRouter

from api.routes import problems

ROUTERS: tuple[APIRouter, ...] = ()
ROOT_ROUTERS: tuple[APIRouter, ...] = (problems.router,)
