"""The auditor inside pandas, datasets, datatrove and Ray Data: each against the real library."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from auditor import Settings
from auditor.integrations._columns import Columns, Fields

RULES_ONLY = Settings(score="none")
CLEAN = "The council of the small harbour town voted on Tuesday to repair the old pier before the autumn storms."
LEFTOVER = "Ваш браузер застарів. Оновіть його, щоб сайт працював правильно."
TEXTS = [CLEAN, f"{CLEAN}\n{LEFTOVER}", None, "", CLEAN]
DECISIONS = ["accept", "review", None, "accept", "accept"]
pytestmark = pytest.mark.filterwarnings(
    "default::DeprecationWarning", "default::FutureWarning", "default::ResourceWarning"
)


def check(rows: list[dict[str, object]]) -> None:
    assert [row["audit_decision"] for row in rows] == DECISIONS
    assert [row["text"] for row in rows] == TEXTS
    assert "not a text" in str(rows[2]["audit_error"])
    finding = next(one for one in rows[1]["audit_findings"] if one["rule"] == "BP001")
    assert TEXTS[1][finding["start"] : finding["end"]] == finding["quote"]
    assert list(rows[0]["audit_rules"]) == []
    assert rows[1]["audit_clean_text"] == CLEAN


def test_columns_are_checked_by_name_and_pickle_without_their_rules() -> None:
    screener = Columns(RULES_ONLY, Fields("body", id="name"))
    with pytest.raises(KeyError, match="body"):
        screener.screen({"text": [CLEAN]})
    screener.screen({"body": [CLEAN], "name": [7]})
    assert screener._auditor is not None
    again = pickle.loads(pickle.dumps(screener))
    assert again._auditor is None
    assert again.settings == RULES_ONLY
    assert again.fields == screener.fields


def test_pandas_accessor_and_function() -> None:
    pd = pytest.importorskip("pandas")
    from auditor.integrations.pandas_frames import screen_frame

    frame = pd.DataFrame({"text": TEXTS, "n": range(5)}, index=list("edcba"))
    made = frame.audit.screen("text", RULES_ONLY, clean_text=True)
    assert list(made.index) == list("edcba")
    joined = frame.join(made).astype(object)
    rows = joined.where(joined.notna(), None).to_dict("records")
    check(rows)
    assert all(isinstance(kind, pd.ArrowDtype) for kind in made.dtypes)
    assert made.equals(screen_frame(frame, Columns(RULES_ONLY, clean_text=True)))
    with pytest.raises(KeyError):
        frame.audit.screen("missing", RULES_ONLY)
    assert list(frame.head(0).audit.screen("text", RULES_ONLY).columns) == [c for c in made.columns if "clean" not in c]


def test_datasets_map_streaming_and_cached() -> None:
    datasets = pytest.importorskip("datasets")
    from datasets.fingerprint import Hasher

    from auditor.integrations.hf_datasets import MapScreener

    datasets.disable_progress_bars()
    screener = MapScreener(RULES_ONLY, clean_text=True)
    data = datasets.Dataset.from_dict({"text": TEXTS})
    features = datasets.Features({**data.features, **screener.features()})
    options = {"batched": True, "batch_size": 2, "features": features}
    check(data.map(screener, **options).to_list())
    before = Hasher.hash(MapScreener(RULES_ONLY, clean_text=True))
    assert Hasher.hash(screener) == before  # a loaded auditor does not change what the cache knows it by
    check(list(data.to_iterable_dataset().map(screener, **options)))


@pytest.mark.slow
def test_datasets_map_in_processes() -> None:
    datasets = pytest.importorskip("datasets")
    from auditor.integrations.hf_datasets import MapScreener

    datasets.disable_progress_bars()
    screener = MapScreener(RULES_ONLY, clean_text=True)
    data = datasets.Dataset.from_dict({"text": TEXTS})
    features = datasets.Features({**data.features, **screener.features()})
    check(data.map(screener, batched=True, batch_size=2, num_proc=2, features=features).to_list())


def test_datatrove_filter_in_a_real_pipeline(tmp_path: Path) -> None:
    pytest.importorskip("datatrove")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from auditor.integrations.datatrove_filter import AuditorFilter

    (tmp_path / "in").mkdir()
    rows = [{"id": f"r{number}", "text": text} for number, text in enumerate(TEXTS) if text]
    (tmp_path / "in" / "a.jsonl").write_text("\n".join(map(json.dumps, [*rows, {"id": "long", "text": "x" * 900}])))
    settings = Settings(score="none", max_document_chars=800)
    excluded = JsonlWriter(str(tmp_path / "dropped"), output_filename="${rank}.jsonl", compression=None)
    kept = JsonlWriter(str(tmp_path / "kept"), output_filename="${rank}.jsonl", compression=None)
    step = AuditorFilter(settings, drop="review", exclusion_writer=excluded, batch_size=3)
    executor = LocalPipelineExecutor(
        [JsonlReader(str(tmp_path / "in")), step, kept], tasks=1, logging_dir=str(tmp_path / "logs")
    )
    stats = executor.run()
    out, dropped = (
        [json.loads(line) for line in (tmp_path / name / "00000.jsonl").read_text("utf-8").splitlines()]
        for name in ("kept", "dropped")
    )
    assert [row["id"] for row in out] == ["r0", "r4", "long"]
    assert [row["id"] for row in dropped] == ["r1"]
    assert dropped[0]["metadata"]["filter_reason"] == "review_BP001"
    assert out[0]["metadata"]["auditor"]["decision"] == "accept"
    assert "800" in out[2]["metadata"]["auditor"]["error"]
    told = json.dumps(stats.to_dict() if hasattr(stats, "to_dict") else [one.to_dict() for one in stats.stats])
    assert "dropped_review_BP001" in told
    assert "not_audited" in told


def test_datatrove_filter_cleans_what_it_keeps() -> None:
    pytest.importorskip("datatrove")
    from datatrove.data import Document

    from auditor.errors import UsageError
    from auditor.integrations.datatrove_filter import AuditorFilter

    step = pickle.loads(pickle.dumps(AuditorFilter(RULES_ONLY, clean_text=True)))
    doc = Document(text=TEXTS[1], id="x")
    assert step.filter(doc) is True
    assert doc.text == CLEAN
    with pytest.raises(UsageError, match="drop must be"):
        AuditorFilter(drop="accept")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_ray_data_actors() -> None:
    ray = pytest.importorskip("ray")
    pytest.importorskip("ray.data")
    import pyarrow as pa

    from auditor.integrations.ray_data import BatchScreener

    table = pa.table({"text": pa.array(TEXTS, pa.string()), "audit_risk": [9.0] * 5})
    own = BatchScreener(RULES_ONLY, clean_text=True)(table)
    check(own.to_pylist())
    assert own.column_names.count("audit_risk") == 1
    ray.init(address="local", num_cpus=2, include_dashboard=False, object_store_memory=100 << 20, log_to_driver=False)
    try:
        ray.data.DataContext.get_current().enable_progress_bars = False
        data = ray.data.from_arrow(table).map_batches(
            BatchScreener,
            batch_format="pyarrow",
            batch_size=2,
            concurrency=1,
            fn_constructor_kwargs={"settings": RULES_ONLY, "clean_text": True},
        )
        assert sorted(data.take_all(), key=str) == sorted(own.to_pylist(), key=str)
    finally:
        ray.shutdown()
