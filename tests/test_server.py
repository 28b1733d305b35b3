"""``auditor serve``: what it answers, refuses, counts and logs, and how it starts and stops."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from auditor import Auditor, Settings
from auditor.data import Document
from tests.conftest import ROOT

pytest.importorskip("fastapi")
httpx = pytest.importorskip("httpx")
from fastapi.testclient import TestClient  # noqa: E402

from auditor.server import Limits, create_app  # noqa: E402
from auditor.server._batcher import Batcher, BusyError  # noqa: E402

RULES_ONLY = Settings(score="none", max_document_chars=20_000)
CLEAN = "The council of the small harbour town voted on Tuesday to repair the old pier before the autumn storms."
LEFTOVER = f"{CLEAN}\nВаш браузер застарів. Оновіть його, щоб сайт працював правильно."


@contextmanager
def client(limits: Limits | None = None, token: str = "", make=lambda: Auditor(RULES_ONLY)) -> Iterator[TestClient]:
    with TestClient(create_app(make, limits, token), raise_server_exceptions=False) as made:
        yield made


def ready(made: TestClient) -> TestClient:
    for _ in range(200):
        if made.get("/readyz").status_code == 200:
            return made
        time.sleep(0.05)
    raise AssertionError


@pytest.fixture(scope="module")
def server() -> Iterator[TestClient]:
    with client(Limits(documents=4, body=100_000)) as made:
        yield ready(made)


def ask(server: TestClient, *texts: object, **more: object):
    documents = [text if isinstance(text, dict) else {"text": text} for text in texts]
    return server.post("/v1/screen", json={"documents": documents, **more})


def test_answers_are_the_wire_format_in_order(server: TestClient) -> None:
    done = ask(server, {"id": "a", "text": LEFTOVER, "metadata": {"url": "u"}}, CLEAN, "", clean_text=True)
    assert done.status_code == 200
    first, second, third = done.json()["answers"]
    assert (first["id"], first["decision"], first["clean_text"]) == ("a", "review", CLEAN)
    assert first["metadata"] == {"url": "u"}
    assert (second["id"], third["id"], third["language"]) == ("text#2", "text#3", "und")
    auditor = Auditor(RULES_ONLY)
    own = auditor.answer(auditor.screen(LEFTOVER))
    assert first["findings"] == [
        one | {"fingerprint": first["findings"][at]["fingerprint"]} for at, one in enumerate(own["findings"])
    ]
    assert done.json()["signature"] == auditor.signature
    assert re.fullmatch("[0-9a-f]{32}", done.headers["x-request-id"])
    given = server.post("/v1/screen", json={"documents": [{"text": ""}]}, headers={"X-Request-ID": "r-1"})
    assert given.headers["x-request-id"] == "r-1"


def test_a_text_that_cannot_be_audited_is_answered_beside_the_others(server: TestClient) -> None:
    answers = ask(server, {"id": "long", "text": "x" * 20_001}, "a\0b", CLEAN).json()["answers"]
    assert answers[0] == {"schema": "auditor/1", "id": "long", "line": 1, "error": answers[0]["error"]}
    assert "20000" in answers[0]["error"]
    assert "NUL" in answers[1]["error"]
    assert answers[2]["decision"] == "accept"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b'{"documents": []}', 422),
        (b'{"documents": [{"text": 3}]}', 422),
        (b'{"documents": [{"text": "x"}], "clean": true}', 422),
        (b'{"documents": [{"text": "x", "metadata": {"a": NaN}}]}', 422),
        (b'{"documents": [{"text": "\xff"}]}', 400),
        (b"[" * 50_000, 400),
        (json.dumps({"documents": [{"text": "x"}] * 5}).encode(), 413),
        (b" " * 100_001, 413),
    ],
)
def test_bad_requests_are_refused_without_an_echo(server: TestClient, body: bytes, status: int) -> None:
    done = server.post("/v1/screen", content=body, headers={"content-type": "application/json"})
    assert done.status_code == status, done.text
    assert len(done.content) < 1000
    assert ask(server, CLEAN).status_code == 200


def test_half_a_surrogate_pair_is_answered(server: TestClient) -> None:
    body = b'{"documents": [{"text": "a \\ud800 b"}]}'
    done = server.post("/v1/screen", content=body, headers={"content-type": "application/json"})
    assert done.status_code == 200
    (answer,) = done.json()["answers"]
    assert answer["findings"][0]["quote"] == "\ud800"


def test_a_body_without_length_is_limited_too(server: TestClient) -> None:
    done = server.post("/v1/screen", content=(b" " * 1000 for _ in range(200)))
    assert done.status_code == 413


def test_token_guards_all_but_health() -> None:
    with client(token="s3cret") as made:
        assert made.get("/healthz").json() == {"status": "ok"}
        assert made.get("/openapi.json").json()["security"] == [{"bearer": []}]
        ready(made)
        for path, method in (("/v1/screen", "POST"), ("/v1/score", "POST"), ("/metrics", "GET"), ("/other", "GET")):
            for header in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic s3cret"}):
                done = made.request(method, path, headers=header)
                assert done.status_code == 401
                assert done.headers["www-authenticate"] == "Bearer"
        good = {"authorization": "bearer s3cret"}
        assert made.post("/v1/screen", json={"documents": [{"text": CLEAN}]}, headers=good).status_code == 200
        assert made.get("/other", headers=good).status_code == 404


class Slow(Auditor):
    """Takes a while for each batch, and remembers the batches."""

    def __init__(self, seconds: float = 0.3) -> None:
        super().__init__(RULES_ONLY)
        self.seconds = seconds
        self.batches: list[int] = []

    def screen_batch(self, texts, before=0):
        self.batches.append(len(texts))
        if "breaks" in [one.id for one in texts if isinstance(one, Document)]:
            message = f"it held {texts[0].text}"
            raise RuntimeError(message)
        time.sleep(self.seconds if len(self.batches) > 1 else 0)
        return super().screen_batch(texts, before)


def test_requests_that_wait_are_audited_together() -> None:
    auditor = Slow()
    with client(make=lambda: auditor) as made, ThreadPoolExecutor(12) as pool:
        ready(made)
        done = list(pool.map(lambda number: ask(made, f"{CLEAN} {number}").status_code, range(12)))
        counted = made.get("/metrics").text
    assert done == [200] * 12
    assert sum(auditor.batches) == 13  # the warm-up is one
    assert len(auditor.batches) < 8
    assert max(auditor.batches) > 2
    assert "auditor_batch_documents_sum 12.0" in counted


def test_limits_of_time_and_waiting() -> None:
    auditor = Slow(1.0)
    limits = Limits(waiting=2, seconds=0.5, batch=1)
    with client(limits, make=lambda: auditor) as made, ThreadPoolExecutor(8) as pool:
        ready(made)
        done = list(pool.map(lambda _: ask(made, CLEAN), range(8)))
        statuses = sorted(one.status_code for one in done)
        assert set(statuses) == {503, 504}
        assert all(one.headers["retry-after"] for one in done if one.status_code == 503)
        time.sleep(1.2)
        auditor.seconds = 0
        assert ask(made, CLEAN).status_code == 200
    assert len(auditor.batches) <= 4  # what nobody waited for any more was not audited


def test_a_fault_is_one_request_s_own_and_its_text_is_not_logged(caplog) -> None:
    auditor = Slow(0)
    with client(make=lambda: auditor) as made, caplog.at_level("INFO", "auditor.server"):
        ready(made)
        done = ask(made, {"id": "breaks", "text": "SECRETWORD"})
        assert done.status_code == 500
        assert done.json() == {"detail": "internal error"}
        assert ask(made, CLEAN).status_code == 200
        made.get("/SECRETWORD?q=SECRETWORD", headers={"x-request-id": "SECRETWORD SECRETWORD"})
    fields = [record.fields for record in caplog.records]
    assert [one["status"] for one in fields if one.get("path") == "/v1/screen"] == [500, 200]
    assert any(one.get("exception") == "RuntimeError" for one in fields)
    assert "SECRETWORD" not in json.dumps(fields, default=str)
    assert "SECRETWORD" not in done.text


def test_not_ready_until_loaded_and_alive_when_loading_fails() -> None:
    go = threading.Event()

    def slowly() -> Auditor:
        go.wait(10)
        return Auditor(RULES_ONLY)

    with client(make=slowly) as made:
        assert made.get("/healthz").status_code == 200
        assert made.get("/readyz").status_code == 503
        assert ask(made, CLEAN).status_code == 503
        go.set()
        assert ask(ready(made), CLEAN).status_code == 200
    with client(make=lambda: Auditor(Settings(select=("ZZ",)))) as made:
        time.sleep(0.5)
        assert made.get("/healthz").status_code == 200
        assert made.get("/readyz").status_code == 503


def test_metrics_count_decisions_and_paths(server: TestClient) -> None:
    before = server.get("/metrics").text
    ask(server, LEFTOVER, "a\0b")
    server.get("/nothing-here")
    after = server.get("/metrics").text

    def value(text: str, name: str) -> float:
        return next((float(line.split()[-1]) for line in text.splitlines() if line.startswith(name)), 0.0)

    for name in ('auditor_documents_total{decision="review"}', 'auditor_documents_total{decision="error"}'):
        assert value(after, name) == value(before, name) + 1
    assert 'path="other",status="404"' in after
    assert "nothing-here" not in after


def test_score_needs_a_model_and_answers_with_one(causal: Path) -> None:
    body = {
        "texts": [{"id": "a", "text": CLEAN}, {"text": ""}, {"text": "Рада міста проголосувала у вівторок за ремонт."}]
    }
    with client() as made:
        done = ready(made).post("/v1/score", json=body)
        assert done.status_code == 501
        assert "auditor models list" in done.json()["detail"]
    with client(make=lambda: Auditor(Settings(model=str(causal)))) as made:
        answers = ready(made).post("/v1/score", json=body).json()["answers"]
    assert answers[0]["id"] == "a"
    assert answers[0]["scores"]["surprisal"] > 0
    assert answers[1:] == [{"id": None, "scores": {}}, {"id": None, "scores": {}}]


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_score_with_a_source_gives_quality() -> None:
    pair = {"text": "Der Rat stimmte am Dienstag ab.", "source": "The council voted on Tuesday.", "language": "de"}
    with client(make=lambda: Auditor(Settings(device="cpu"))) as made:
        done = ready(made).post("/v1/score", json={"texts": [pair, {"text": pair["text"]}]})
    first, second = (one["scores"] for one in done.json()["answers"])
    assert "quality" in first
    assert "quality" not in second
    assert 0 <= second["machine_translation"] <= 1


def test_openapi_describes_the_answers(server: TestClient) -> None:
    import jsonschema

    schema = server.get("/openapi.json").json()
    text = json.dumps(schema)
    for reference in set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', text)):
        assert reference in schema["components"]["schemas"], reference
    assert '"#/$defs' not in text
    root = schema["paths"]["/v1/screen"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = ask(server, LEFTOVER, "a\0b", clean_text=True).json()
    jsonschema.validate(answer, {**root, "components": schema["components"]})
    answer["answers"][0]["decision"] = "perhaps"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(answer, {**root, "components": schema["components"]})


def test_batcher_answers_what_waits_before_it_closes() -> None:
    async def main() -> list[list[int]]:
        def work(batch):
            time.sleep(0.05)
            return [one * 2 for one in batch]

        batcher = Batcher(work, batch=2, waiting=100)
        asked = [asyncio.create_task(batcher.submit([(number, 1)])) for number in range(5)]
        await asyncio.sleep(0)
        await batcher.close()
        with pytest.raises(BusyError):
            await batcher.submit([(1, 1)])
        return [await one for one in asked]

    assert asyncio.run(main()) == [[0], [2], [4], [6], [8]]


def start(*arguments: str, **environment: str) -> tuple[subprocess.Popen[str], int]:
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "auditor", "serve", "--port", "0", "--score", "none", *arguments]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=variables)
    assert running.stderr
    port = 0
    for line in running.stderr:
        event = json.loads(line)
        port = event.get("port", port)
        if event["event"] == "ready":
            break
    return running, port


def test_the_command_serves_and_stops_in_order() -> None:
    running, port = start(AUDITOR_TOKEN="t")
    url = f"http://127.0.0.1:{port}/v1/screen"
    body = {"documents": [{"text": "word " * 2000 + str(number)} for number in range(100)]}
    got = []

    def post() -> None:
        got.append(httpx.post(url, json=body, headers={"authorization": "Bearer t"}, timeout=60))

    asking = threading.Thread(target=post)
    asking.start()
    time.sleep(0.5)
    running.send_signal(signal.SIGTERM)
    asking.join(60)
    out, err = running.communicate(timeout=60)
    assert got[0].status_code == 200
    assert len(got[0].json()["answers"]) == 100
    assert running.returncode == 0, err
    assert out == ""
    events = [json.loads(line) for line in err.splitlines()]
    assert [one["event"] for one in events] == ["request", "stopped"]
    assert events[0]["documents"] == 100


def test_wrong_use_of_the_command(run, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", "utf-8")
    for arguments, words in (
        (["--host", "256.0.0.1"], "cannot listen"),
        (["--token-file", str(tmp_path / "none")], "cannot read"),
        (["--token-file", str(tmp_path / "empty")], "holds no token"),
        (["--port", "70000"], "70000"),
    ):
        done = run("serve", *arguments)
        assert done.returncode == 2
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
