"""The HTTP service: ``/v1/screen``, ``/v1/score``, health, readiness, metrics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from auditor.cleaning import without_boilerplate
from auditor.data import Document, DocumentAudit, Origin, Skipped
from auditor.errors import MissingModelError
from auditor.formatters._wire import dumps
from auditor.screening import Auditor, clean_fields, error_object
from auditor.server._batcher import Batcher, BusyError
from auditor.server._guard import Guard
from auditor.server._limits import Limits
from auditor.server._logs import failure, log
from auditor.server._metrics import Metrics
from auditor.server._models import (
    Health,
    Invalid,
    Problem,
    ScoreRequest,
    ScoreResponse,
    ScoreText,
    ScreenRequest,
    ScreenText,
    add_answers,
    screen_response,
)
from auditor.signature import version

Result = DocumentAudit | Skipped
_WARM_UP = "A first short text, so that rules, tables and models are loaded before anybody waits for them."


class Service:
    """What the endpoints share: the auditor once it is loaded, the batchers, the metrics."""

    def __init__(self, make_auditor: Callable[[], Auditor], limits: Limits) -> None:
        self.make_auditor = make_auditor
        self.limits = limits
        self.metrics = Metrics()
        self.auditor: Auditor | None = None
        self._screening: Batcher[Document, Result] | None = None
        self._scoring: Batcher[Mapping[str, Any], dict[str, float]] | None = None

    async def start(self) -> None:
        """Load rules and models in a thread, then open the batchers."""

        def load() -> Auditor:
            auditor = self.make_auditor()
            auditor.screen(_WARM_UP)
            return auditor

        try:
            auditor = await asyncio.get_running_loop().run_in_executor(None, load)
        except Exception as problem:  # noqa: BLE001 - the server stays up and says that it is not ready
            log("not ready", **failure(problem))
            return
        limits = self.limits
        self._screening = Batcher(lambda batch: self._screen(auditor, batch), limits.batch, limits.waiting)
        self._scoring = Batcher(auditor.score_rows, limits.batch, limits.waiting)
        self.auditor = auditor
        log("ready", signature=auditor.signature)
        for notice in auditor.notices:
            log("notice", text=notice)

    def _screen(self, auditor: Auditor, batch: Sequence[Document]) -> list[Result]:
        self.metrics.batches.observe(len(batch))
        return auditor.screen_batch(batch)

    async def stop(self) -> None:
        """Answer what waits."""
        for batcher in (self._screening, self._scoring):
            if batcher:
                await batcher.close()

    def waiting(self) -> int:
        """Texts that wait."""
        return sum(one.waiting for one in (self._screening, self._scoring) if one)

    async def screen(self, documents: Sequence[Document]) -> list[Result]:
        """Results in order; see ``_within``."""
        return await self._within(self._screening, [(one, len(one.text)) for one in documents])

    async def score(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
        """Scores in order; see ``_within``."""
        return await self._within(self._scoring, [(one, len(one["text"])) for one in rows])

    async def _within(self, batcher: Batcher[Any, Any] | None, items: Sequence[tuple[Any, int]]) -> list[Any]:
        """Within the limits of number and time; HTTPException 413, 501, 503 or 504 beyond them."""
        if batcher is None:
            raise HTTPException(503, "rules and models are still being loaded", {"Retry-After": "2"})
        if len(items) > self.limits.documents:
            raise HTTPException(413, f"more than {self.limits.documents} texts in one request")
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await batcher.submit(items)
        except BusyError as problem:
            raise HTTPException(503, "too many texts wait", {"Retry-After": "1"}) from problem
        except TimeoutError as problem:
            raise HTTPException(504, f"not answered within {self.limits.seconds:g} s") from problem
        except MissingModelError as problem:
            raise HTTPException(501, str(problem)) from problem


def create_app(make_auditor: Callable[[], Auditor] = Auditor, limits: Limits | None = None, token: str = "") -> FastAPI:
    """Make the app. ``make_auditor`` runs once, in a thread, after the server has begun to answer ``/healthz``."""
    service = Service(make_auditor, limits or Limits())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(service.start())
        yield
        await loading
        await service.stop()

    app = FastAPI(title="auditor", version=version(), lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(Guard, limits=service.limits, metrics=service.metrics, token=token)
    app.add_exception_handler(RequestValidationError, _invalid)
    _add_work(app, service)
    _add_state(app, service)
    _add_openapi(app, secured=bool(token))
    return app


def _add_work(app: FastAPI, service: Service) -> None:
    refusals: dict[int | str, dict[str, Any]] = {
        status: {"model": Invalid if status == 422 else Problem}
        for status in (400, 401, 408, 413, 422, 500, 501, 503, 504)
    }
    answered = {"content": {"application/json": {"schema": screen_response()}}}

    @app.post("/v1/screen", responses={**refusals, 200: answered}, response_class=Response)
    async def screen(body: ScreenRequest, request: Request) -> Response:
        """Audit texts; each answer is an object of the wire format, or says why there is none."""
        documents = [_document(one, at) for at, one in enumerate(body.documents, start=1)]
        chars = sum(len(one.text) for one in documents)
        request.scope["auditor.told"] |= {"documents": len(documents), "chars": chars}
        results = await service.screen(documents)
        service.metrics.characters.inc(chars)
        answers = [
            _answer(service, one, (asked.id, at), clean=body.clean_text)
            for at, (asked, one) in enumerate(zip(body.documents, results, strict=True), start=1)
        ]
        signature = service.auditor.signature if service.auditor else ""
        return Response(dumps({"signature": signature, "answers": answers}), media_type="application/json")

    @app.post("/v1/score", responses=refusals)
    async def score(body: ScoreRequest, request: Request) -> ScoreResponse:
        """Score texts with the installed models, without rules."""
        request.scope["auditor.told"] |= {"texts": len(body.texts)}
        scores = await service.score([_row(one) for one in body.texts])
        answers = [{"id": asked.id, "scores": one} for asked, one in zip(body.texts, scores, strict=True)]
        signature = service.auditor.signature if service.auditor else ""
        return ScoreResponse.model_validate({"signature": signature, "answers": answers})


def _add_state(app: FastAPI, service: Service) -> None:
    @app.get("/healthz")
    async def healthz() -> Health:
        """Whether the server runs."""
        return Health(status="ok")

    @app.get("/readyz", responses={503: {"model": Problem}})
    async def readyz() -> Health:
        """Whether rules and models are loaded."""
        if service.auditor is None:
            raise HTTPException(503, "rules and models are still being loaded")
        return Health(status="ready")

    text = {"content": {"text/plain": {"schema": {"type": "string"}}}}

    @app.get("/metrics", response_class=Response, responses={200: text, 401: {"model": Problem}})
    async def metrics() -> Response:
        """Metrics for Prometheus."""
        service.metrics.waiting.set(service.waiting())
        return Response(service.metrics.text(), media_type="text/plain; version=1.0.0; charset=utf-8")


def _add_openapi(app: FastAPI, *, secured: bool) -> None:
    made: list[dict[str, Any]] = []

    def openapi() -> dict[str, Any]:
        if not made:
            schema = add_answers(get_openapi(title=app.title, version=app.version, routes=app.routes))
            if secured:
                schema["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
                schema["security"] = [{"bearer": []}]
            made.append(schema)
        return made[0]

    app.openapi = openapi  # type: ignore[method-assign]


def _document(asked: ScreenText, at: int) -> Document:
    return Document(
        id=asked.id if asked.id is not None else f"text#{at}",
        text=asked.text,
        origin=Origin("-", "request", str(at)),
        declared_language=asked.language,
        metadata=asked.metadata,
        group=asked.group,
    )


def _row(asked: ScoreText) -> dict[str, Any]:
    told = {"text": asked.text, "source": asked.source, "lang": asked.language, "source_lang": asked.source_language}
    return {key: value for key, value in told.items() if value is not None}


def _answer(service: Service, result: Result, place: tuple[str | None, int], *, clean: bool) -> dict[str, Any]:
    if isinstance(result, Skipped) or service.auditor is None:
        service.metrics.documents.labels("error").inc()
        return error_object(*place, result.reason if isinstance(result, Skipped) else "not ready")
    service.metrics.documents.labels(result.verdict.decision).inc()
    cleaned = without_boilerplate(result.document.text, result.findings) if clean else None
    return service.auditor.answer(result) | clean_fields(cleaned)


async def _invalid(_: Request, problem: Exception) -> JSONResponse:
    """Say where a body is wrong, without handing the value back."""
    errors = problem.errors() if isinstance(problem, RequestValidationError) else []
    told = [{"loc": [str(part) for part in one["loc"]], "msg": one["msg"], "type": one["type"]} for one in errors[:20]]
    return JSONResponse({"detail": told}, 422)
