"""The shipped weights: whole, loadable by others, small enough, and right about the five real articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor import Settings, audit
from auditor.origin import read_calibration
from auditor.weights import verify

torch = pytest.importorskip("torch")


@pytest.mark.parametrize("name", ["auditor-encoder", "auditor-ngrams"])
def test_manifests_match_and_cards_are_there(shipped: Path, name: str) -> None:
    assert verify(shipped / name) == []
    assert "Limits" in (shipped / name / "CARD.md").read_text("utf-8")


def test_a_changed_file_is_named(shipped: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "auditor-ngrams"
    shutil.copytree(shipped / "auditor-ngrams", folder)
    (folder / "config.json").write_text("{}", "utf-8")
    assert verify(folder) == ["config.json: changed since it was stored"]


def test_the_encoder_loads_like_any_checkpoint(shipped: Path) -> None:
    from transformers import AutoModel, AutoTokenizer

    folder = shipped / "auditor-encoder"
    model, info = AutoModel.from_pretrained(folder, output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    batch = tokenizer("Der Fluss stieg um zwei Meter.", return_tensors="pt")
    with torch.inference_mode():
        states = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
    assert states.shape[-1] == model.config.hidden_size
    assert bool(torch.isfinite(states).all())
    assert sum(one.stat().st_size for one in folder.iterdir()) <= 95_000_000


def test_heads_stay_small(shipped: Path) -> None:
    from safetensors.torch import load_file

    sizes: dict[str, int] = {}
    for name, tensor in load_file(shipped / "auditor-encoder" / "heads.safetensors").items():
        head = name.split(".")[0]
        sizes[head] = sizes.get(head, 0) + tensor.numel() * tensor.element_size()
    assert set(sizes) == {"origin", "source", "lines", "embedding", "quality", "words"}
    assert max(sizes.values()) <= 5_000_000


def test_calibration_ranks_as_the_models_do(shipped: Path) -> None:
    known = read_calibration(shipped / "auditor-encoder")
    stored = json.loads((shipped / "auditor-encoder" / "calibration.json").read_text("utf-8"))
    for language, questions in known.pooling.items():
        for question, rule in questions.items():
            assert rule.slope > 0, (language, question)
            assert rule.dependence >= 0
            assert all(strict >= loose for _, strict, loose in rule.cuts), (language, question)
    assert stored["document"]["*"]["machine"]["cuts"] == []


def test_similar_sentences_are_near_across_languages(shipped: Path) -> None:
    from auditor.transformer import Encoder, place

    model = Encoder(shipped / "auditor-encoder", place("cpu"))
    vectors = model.embed(["The council meets on Monday.", "Der Rat tagt am Montag.", "Fry the onions in butter."])
    assert float(vectors[0] @ vectors[1]) > float(vectors[0] @ vectors[2])
    good, bad = model.score_pairs(
        ["Der Rat tagt am Montag."] * 2, ["The council meets on Monday.", "The advice Monday."]
    )
    assert good > bad


@pytest.mark.usefixtures("shipped")
def test_the_five_real_articles(articles: Path) -> None:
    report = audit([str(articles)], Settings(score="all", device="cpu"))
    scores = {one.document.id[:3]: one.measures for one in report.documents}
    machine = {name: one["machine_translation"] for name, one in scores.items()}
    assert min(machine[name] for name in ("000", "001", "003")) > machine["002"]
    generated = {name: one["ai_generated"] for name, one in scores.items()}
    assert max(generated, key=lambda name: generated[name]) == "004"
    assert (
        next(one for one in report.documents if one.document.id.startswith("002")).verdict.label
        != "machine_translation"
    )
