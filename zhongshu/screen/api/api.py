"""接口总表 the API assembled: routers, JSON by orjson, the table of failures, its own description."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from zhongshu import __version__
from zhongshu.kernel.convening import CALL, DIRECTIVE
from zhongshu.screen.api import (
    catalogue,
    collecting,
    commons,
    convening,
    errors,
    lake,
    quality,
    registers,
    reports,
    resources,
    sharing,
    signs,
    staff,
    telephone,
    training,
    visits,
)


class Json(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data)


class StrictJson(Parser):
    """Refuses what JSON forbids and Python's reader lets through: NaN, half characters, endless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body)


api = NinjaAPI(
    title="中枢 Zhongshu",
    version=__version__,
    description="诉求上报、感知读数、案件与办理 · reports, readings, cases and acts. Errors speak in one sentence.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    renderer=Json(),
    parser=StrictJson(),
)
api.add_router("", reports.router, tags=["诉求 reports"])
api.add_router("", staff.router, tags=["案件 cases"])
api.add_router("", commons.router, tags=["共性支撑 shared services"])
api.add_router("", convening.photos, tags=["照片 photos"])
api.add_router("/calls", convening.router(CALL), tags=["呼应 calls"])
api.add_router("/directives", convening.router(DIRECTIVE), tags=["指令 directives"])
api.add_router("/signs", signs.router, tags=["体征 vital signs"])
api.add_router("/data/quality", quality.router, tags=["数据质量 data quality"])
api.add_router("/data/training", training.router, tags=["培训 training"])
api.add_router("/data/visits", visits.router, tags=["数据质量 data quality"])
api.add_router("/data", resources.router, tags=["数据资源 data resources"])
api.add_router("/data", registers.router, tags=["登记库 registers"])
api.add_router("/data/lake", lake.router, tags=["数据湖 lake"])
api.add_router("/data", catalogue.router, tags=["数据目录 data catalogue"])
api.add_router("/data", collecting.router, tags=["数据元与表单 elements and forms"])
api.add_router("/data", sharing.router, tags=["共享与回流 sharing and return"])
api.add_router("/telephone", telephone.router, tags=["来电 telephone"])
errors.register(api)
