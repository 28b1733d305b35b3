"""Origin scores: n-grams, encoder heads, fusion, pooling, labels, and the rows that ``auditor score`` answers."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import Settings, audit_documents, ngrams
from auditor.data import Decision, Document, Finding, Origin, Severity, Span
from auditor.errors import MissingModelError
from auditor.origin import Estimate, Fusion, Pooling, logit, read_calibration
from auditor.scorers import Models
from auditor.stylometry import Stylometer
from auditor.verdict import judge

NO_WORDS = ngrams.word_hashes([])


def grams(text: str) -> list[int]:
    return ngrams.rows([text], NO_WORDS).columns.tolist()


def test_quotation_marks_and_dashes_change_no_ngram() -> None:
    assert grams("He said “no” – twice…") == grams('He said "no" - twice...')
    assert grams("It’s  here") == grams("It's here")


@given(st.lists(st.text(max_size=60), max_size=8))
def test_ngrams_do_not_depend_on_the_other_texts(texts: list[str]) -> None:
    found = ngrams.rows(texts, NO_WORDS)
    for at, text in enumerate(texts):
        assert found.columns[found.starts[at] : found.starts[at + 1]].tolist() == grams(text)


def test_ngrams_are_sorted_distinct_and_within_the_table() -> None:
    columns = grams("the river and the river and 河川の水 ١٢٣ 🙂")
    assert columns[0] >= 0
    assert all(a < b for a, b in pairwise(columns))
    assert columns[-1] < 1 << ngrams.BITS
    assert grams("   ") == []


def test_groups_of_texts_are_hashed_as_one(monkeypatch) -> None:
    texts = [f"text number {number} of the river" for number in range(40)]
    whole = ngrams.rows(texts, NO_WORDS)
    monkeypatch.setattr(ngrams, "_GROUP", 50)
    parts = ngrams.rows(texts, NO_WORDS)
    assert whole.columns.tolist() == parts.columns.tolist()
    assert whole.starts.tolist() == parts.starts.tolist()


def test_rare_words_keep_only_their_shape() -> None:
    def shared(*kept: str) -> int:
        words = ngrams.word_hashes(kept)
        one, two = (set(ngrams.rows([text], words).columns) for text in ("the Kremlin was", "the Bundestag was"))
        return len(one & two)

    assert shared("the", "was") > shared("the", "was", "kremlin", "bundestag")


def test_stylometer_scores_by_weight_and_knows_its_languages(small_models: Path) -> None:
    model = Stylometer(small_models / "auditor-ngrams")
    assert model.languages == ("en",)
    with_river, without = model.score(["the river of the city", "the council of the city"], "en")["machine"]
    assert with_river > without
    assert model.score([], "en") == {"machine": []}
    assert model.score(["", "  "], "en") == {"machine": [0.0, 0.0]}
    assert model.score(["der Fluss"], "de") == {}


def test_a_damaged_weight_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.npz").write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(MissingModelError, match="not a readable weight file"):
        Stylometer(tmp_path)
    with pytest.raises(MissingModelError, match="not a readable calibration"):
        read_calibration(tmp_path)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_encoder_does_not_depend_on_the_batch(encoder: Path, dtype: str) -> None:
    from auditor.transformer import Encoder, Placement

    model = Encoder(encoder, Placement("cpu", dtype))
    texts = ["the river", "the council said that it will not open the city to the river", "a"]
    together = model.encode(texts)
    for text, found in zip(texts, together, strict=True):
        (alone,) = model.encode([text])
        assert alone.origin == found.origin
        assert alone.lines == found.lines
        assert float(alone.vector @ found.vector) == pytest.approx(1.0, abs=1e-5)
    assert set(together[0].origin) == {"machine", "translated", "generated"}
    assert sum(together[0].source.values()) == pytest.approx(1.0, abs=1e-3)


def test_a_compiled_encoder_says_the_same(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    from auditor.transformer import Encoder, Placement

    texts = ["the river", "the council said that it will not open the city to the river", "a"]
    plain = Encoder(encoder, Placement("cpu", "float32")).encode(texts)
    asked: list[str] = []
    monkeypatch.setattr(torch, "compile", lambda work, **_: asked.append(work.__name__) or work)
    compiled = Encoder(encoder, Placement("cpu", "float32", compiled=True)).encode(texts)
    assert asked == ["_rest"]
    assert [one.origin for one in compiled] == [one.origin for one in plain]


def test_texts_in_portions_and_equal_ones_once(encoder: Path, monkeypatch) -> None:
    from auditor.transformer import Encoder, Placement, _batching

    model = Encoder(encoder, Placement("cpu", "float32"))
    texts = ["the river", "a city", "the council said", "the river", "a city and the river", "the river"]
    whole = model.encode(texts)
    read = model.tokens
    assert read == sum(len(model.tokenizer(text)["input_ids"]) for text in set(texts)) <= model.padded
    monkeypatch.setattr(_batching, "_PORTION", 2)
    parts = model.encode(texts)
    assert model.tokens == 2 * read
    assert [(one.origin, one.source, one.lines) for one in parts] == [
        (one.origin, one.source, one.lines) for one in whole
    ]
    assert model.encode([]) == []


def test_pairs_are_scored_by_both_sides(encoder: Path) -> None:
    from auditor.transformer import Encoder, Placement

    model = Encoder(encoder, Placement("cpu", "float32"))
    one, two, three = model.score_pairs(["the river"] * 3, ["a city", "the council", "a city"])
    assert one == three != two
    assert model.score_pairs([], []) == []
    assert model.embed([]).shape == (0, 32)


def with_words(encoder: Path, folder: Path) -> Path:
    """A copy of the encoder whose heads judge words."""
    import shutil

    import torch
    from safetensors.torch import load_file, save_file

    shutil.copytree(encoder, folder, dirs_exist_ok=True)
    heads = load_file(folder / "heads.safetensors")
    heads |= {"words.norm.weight": torch.ones(96), "words.norm.bias": torch.zeros(96)}
    heads |= {"words.weight": torch.randn(8, 96), "words.bias": torch.zeros(8)}
    heads |= {"words.out.weight": torch.randn(1, 8), "words.out.bias": torch.zeros(1)}
    save_file(heads, folder / "heads.safetensors")
    return folder


def test_words_of_a_translation_are_judged_at_their_places(encoder: Path, tmp_path: Path) -> None:
    from auditor.transformer import Encoder, Placement

    model = Encoder(with_words(encoder, tmp_path), Placement("cpu", "float32"))
    sides = ["the river", "a city", "the council"], ["a  city... the\nriver", "the council said", "a"]
    together = model.judge_pairs(*sides)
    assert [[text[start:end] for start, end, _ in one.words] for one, text in zip(together, sides[1], strict=True)] == [
        ["a", "city", "...", "the", "river"],
        ["the", "council", "said"],
        ["a"],
    ]
    assert [one.quality for one in together] == model.score_pairs(*sides)
    assert all(0 <= share <= 1 for one in together for _, _, share in one.words)
    assert [model.judge_pairs([one], [two])[0] for one, two in zip(*sides, strict=True)] == together
    assert Encoder(encoder, Placement("cpu", "float32")).judge_pairs(*sides)[0].words == ()


def test_half_a_surrogate_pair_is_scored_like_any_unknown_sign(encoder: Path, tmp_path: Path) -> None:
    from auditor.transformer import Encoder, Placement

    model = Encoder(with_words(encoder, tmp_path), Placement("cpu", "float32"))
    assert len(model.encode(["the \ud800 river", "a"])) == 2
    (judged,) = model.judge_pairs(["the \udfff river"], ["a \ud800 city"])
    assert [start for start, _, _ in judged.words] == [0, 2, 4]


@given(st.text(alphabet="ab .…\n“”-\u00a0\u3000河に", max_size=40))
def test_the_way_back_from_the_normalised_text(text: str) -> None:
    from auditor.ngrams import PLAIN, normalise
    from auditor.transformer._words import places

    back = places(text)
    plain = normalise(text)
    assert len(back) == len(plain)
    for char, (start, end) in zip(plain, back, strict=True):
        own = text[start:end]
        assert (
            own.translate(PLAIN) == char
            or (char == " " and own.isspace())
            or (char == "." and own.translate(PLAIN) == "...")
        )


def with_updates(encoder: Path, folder: Path, scale: float) -> Path:
    """A copy of the encoder whose last layer has updates for pairs."""
    import shutil

    import torch
    from safetensors.torch import save_file

    shutil.copytree(encoder, folder, dirs_exist_ok=True)
    name = "1:attention.output.dense"
    updates = {f"{name}:in": torch.randn(4, 32), f"{name}:out": scale * torch.randn(32, 4)}
    save_file(updates, folder / "pairs.safetensors")
    return folder


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_updates_for_pairs_are_seen_by_pairs_alone(encoder: Path, tmp_path: Path, dtype: str) -> None:
    from auditor.transformer import Encoder, Placement

    sides = ["the river", "a city and the council"], ["a city", "the river"]
    plain = Encoder(encoder, Placement("cpu", dtype))
    updated = Encoder(with_updates(encoder, tmp_path / "changed", 1.0), Placement("cpu", dtype))
    assert updated.score_pairs(*sides) != plain.score_pairs(*sides)
    assert [one.origin for one in updated.encode(sides[0])] == [one.origin for one in plain.encode(sides[0])]
    nothing = Encoder(with_updates(encoder, tmp_path / "same", 0.0), Placement("cpu", dtype))
    assert nothing.score_pairs(*sides) == plain.score_pairs(*sides)
    alone = [updated.score_pairs([one], [two])[0] for one, two in zip(*sides, strict=True)]
    assert alone == updated.score_pairs(*sides)


@pytest.mark.parametrize("damage", ["no table", "another layer", "another size"])
def test_updates_that_do_not_fit_are_refused(encoder: Path, tmp_path: Path, damage: str) -> None:
    import torch
    from safetensors.torch import save_file

    from auditor.errors import MissingModelError
    from auditor.transformer import Encoder, Placement

    folder = with_updates(encoder, tmp_path, 1.0)
    file = folder / "pairs.safetensors"
    number, size = (9, 32) if damage == "another layer" else (1, 16)
    if damage == "no table":
        file.write_bytes(b"nothing")
    else:
        name = f"{number}:attention.output.dense"
        save_file({f"{name}:in": torch.zeros(2, size), f"{name}:out": torch.zeros(32, 2)}, file)
    with pytest.raises(MissingModelError, match=r"pairs\.safetensors does not fit"):
        Encoder(folder, Placement("cpu", "float32")).score_pairs(["a"], ["b"])


def test_an_encoder_without_heads_is_refused(encoder: Path, tmp_path: Path) -> None:
    import shutil

    from auditor.transformer import Encoder, Placement

    folder = tmp_path / "broken"
    shutil.copytree(encoder, folder)
    (folder / "heads.safetensors").write_bytes(b"nothing")
    with pytest.raises(MissingModelError, match="no readable heads"):
        Encoder(folder, Placement("cpu", "float32"))


@given(
    st.lists(st.floats(0.001, 0.999), min_size=1, max_size=30),
    st.floats(0.0, 0.4),
    st.floats(0.1, 3.0),
)
def test_pooling_is_strictly_increasing(values: list[float], dependence: float, slope: float) -> None:
    rule = Pooling(slope, -0.3, dependence)
    lower, higher = ([(value + more, 20 * at) for at, value in enumerate(values)] for more in (0.0, 0.0005))
    assert rule.probability(higher) > rule.probability(lower)


def test_more_sentences_weigh_more_but_less_than_independent_ones() -> None:
    rule, alone = Pooling(1.0, 0.0, 0.1), Pooling(1.0, 0.0, 0.0)
    few, many = rule.probability([(0.6, 80)] * 2), rule.probability([(0.6, 80)] * 20)
    assert 0.6 < few < many < alone.probability([(0.6, 80)] * 20)
    assert (logit(0.0), logit(0.5), logit(1.0)) == (-9, 0, 9)


def test_long_sentences_outweigh_short_ones() -> None:
    rule = Pooling(1.0, 0.0, 0.0)
    assert rule.probability([(0.7, 200), (0.3, 20)]) > 0.5 > rule.probability([(0.7, 20), (0.3, 200)])
    fusion = Fusion({"encoder.machine": 1.0}, 0.0)
    short, long = (fusion.probability({"encoder.machine": 1.0}, length) for length in (20, 200))
    assert 0.5 < short < long


def test_labels_need_a_threshold_for_the_language_and_length(encoder: Path) -> None:
    known = read_calibration(encoder)
    sure = {"machine_translation": [(0.99, 80)] * 6}
    assert known.document("en", sure).label == "machine_translation"
    assert known.document("en", {"machine_translation": [(0.99, 80)] * 3}).why == "3 sentences are too few for a label"
    assert known.document("en", {"machine_translation": [(0.5, 80)] * 6}).label == "unknown"
    other = known.document("xx", sure)
    assert other.label == "unknown"
    assert "no calibration data" in other.why
    assert other.probabilities["machine_translation"] > 0.9
    assert known.document("en", {}) == Estimate()


def test_texts_that_probes_read_have_a_calibration_of_their_own(encoder: Path, tmp_path: Path) -> None:
    found = json.loads((encoder / "calibration.json").read_text("utf-8"))
    found["sentence"]["en+probes"] = {"machine": {"weights": {"probes.machine": 2.0}, "bias": 0.0}}
    (tmp_path / "calibration.json").write_text(json.dumps(found), "utf-8")
    plain, probed = read_calibration(tmp_path), read_calibration(tmp_path, True)
    logits = {"probes.machine": 3.0}
    assert plain.sentence("en", 100, logits) == read_calibration(encoder).sentence("en", 100, logits)
    assert probed.sentence("en", 100, logits)["machine_translation"] > 0.99
    assert probed.sentence("de", 100, logits) == plain.sentence("de", 100, logits)
    assert probed.document("en", {"machine_translation": [(0.9, 80)] * 6}).sentences == 6


def test_probes_read_english_and_nothing_else(
    small_models: Path, causal: Path, probes: Path, tmp_path: Path, monkeypatch
) -> None:
    models = tmp_path / "models"
    shutil.copytree(small_models, models)
    shutil.copytree(probes, models / "auditor-probes")
    monkeypatch.setenv("AUDITOR_MODELS", str(models))
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
    settings = Settings(score="all", device="cpu")
    texts = [("en", "the river of the city"), ("de", "the river of the city")]
    without = Models(settings).origin()
    assert without is not None
    assert not any("probes.machine" in one for one in without.logits(texts))
    shutil.copytree(causal, models / "smollm2")
    known = Models(settings)
    model = known.origin()
    assert model is not None
    assert ["probes.machine" in one for one in model.logits(texts)] == [True, False]
    assert any(one.startswith("auditor-probes@") for one in known.names())
    unread = Models(Settings(score="all", device="cpu", probes=False))
    assert unread.origin() is not None
    assert not any(one.startswith("auditor-probes@") for one in unread.names())


def test_evidence_moves_a_score_over_its_threshold_and_disclosure_outranks_it() -> None:
    near = Estimate({"ai_generated": 0.85}, 8, {"ai_generated": 0.9})
    finding = Finding("LM003", "a", Span(0, 4), "text", "why", Severity.MINOR, 0.9)
    assert judge((), {}, Decision(), near).label == "unknown"
    assert judge([finding], {}, Decision(), near).label == "ai_generated"
    told = replace(finding, rule="TD001", severity=Severity.NEUTRAL, data={"method": "human"})
    assert judge([finding, told], {}, Decision(), near).label == "human_translation"


def test_scores_of_a_run_come_from_the_installed_models(small_models: Path, monkeypatch) -> None:
    monkeypatch.setenv("AUDITOR_MODELS", str(small_models))
    text = " ".join(["The council said that it will not open the river to the city."] * 6)
    report = audit_documents([Document("a", text, Origin("a", "txt"))], Settings(score="all", device="cpu"))
    (audited,) = report.documents
    assert {one.scorer for one in audited.scores} == {"machine_translation", "source_language:de"}
    assert "source_language:de" not in audited.measures
    assert 0 < audited.measures["machine_translation"] < 1
    assert "auditor-encoder@" in report.signature
    assert "auditor-ngrams@" in report.signature


def test_score_answers_every_row_in_order(run, small_models: Path) -> None:
    rows = [
        {"text": "the river", "id": 7},
        {"text": "the river in the city", "source": "der Fluss in der Stadt"},
        {"text": ""},
        {"title": "no text"},
        {"text": "The council said that. It will not open the river. The city said a lot."},
    ]
    lines = "\n".join([*map(json.dumps, rows), "{broken", "[1]"])
    done = run("score", "--device", "cpu", stdin=lines, AUDITOR_MODELS=str(small_models))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert answers[0]["id"] == 7
    assert set(answers[0]["scores"]) == {"machine_translation"}
    assert set(answers[1]["scores"]) == {"machine_translation", "quality"}
    assert [one["error"] for one in answers[2:4]] == ["empty text", "no text: the field 'text' must hold a string"]
    assert 0 < answers[4]["scores"]["machine_translation"] <= 1
    assert answers[5]["error"].startswith("not JSON")
    assert answers[6]["error"] == "not an object but a list"


def test_score_without_the_model_says_what_is_missing(run) -> None:
    done = run("score", stdin='{"text": "a"}')
    assert done.returncode == 2
    assert "needs the model auditor-encoder" in done.stderr


def test_models_are_shared_by_a_run(small_models: Path, monkeypatch) -> None:
    monkeypatch.setenv("AUDITOR_MODELS", str(small_models))
    models = Models(Settings(device="cpu"))
    assert models.origin() is models.origin()
    assert {name.partition("@")[0] for name in models.names()} >= {"auditor-encoder", "auditor-ngrams"}
