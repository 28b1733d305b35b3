"""Shared by all tests: sample paths, and a run of the command line in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
WORDS = ("the", "a", "of", "in", "to", "river", "city", "council", "said", "that", "it", "will", "not", "open", "water")


@pytest.fixture(scope="session")
def light_models(tmp_path_factory) -> Path:
    """The shipped models but for the encoder and its n-grams, which take seconds to load."""
    folder = tmp_path_factory.mktemp("light_models")
    for one in (ROOT / "models").iterdir():
        if one.is_dir() and not one.name.startswith("auditor-"):
            (folder / one.name).symlink_to(one)
    return folder


@pytest.fixture(autouse=True)
def _no_encoder(request, monkeypatch, light_models) -> None:
    """Tests run without the shipped encoder unless they ask for ``shipped``; Ray puts back an environment it saw."""
    folder = ROOT / "models" if "shipped" in request.fixturenames else light_models
    monkeypatch.setenv("AUDITOR_MODELS", str(folder))


@pytest.fixture(scope="session")
def shipped() -> Path:
    """The folder of the shipped weights."""
    return ROOT / "models"


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The shipped sample documents."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def articles() -> Path:
    """The five real articles; a test that needs them is skipped where they are absent."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the five real articles are not here (../shared/seeds)")
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``python -m auditor`` with arguments, in an empty folder, without any pulled model."""

    def call(*arguments: object, stdin: str | bytes | None = None, **environment: str):
        home = tmp_path / "cwd"
        home.mkdir(exist_ok=True)
        variables = {**os.environ, "AUDITOR_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT), **environment}
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "auditor", *map(str, arguments)],
            capture_output=True,
            cwd=home,
            env=variables,
            input=data,
            check=False,
            timeout=300,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        )

    return call


@pytest.fixture(scope="session")
def tokenizer():
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: number for number, word in enumerate(["<pad>", "<s>", "<unk>", *WORDS])}
    base = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    base.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=base, pad_token="<pad>", bos_token="<s>", unk_token="<unk>")


@pytest.fixture(scope="session")
def causal(tokenizer, tmp_path_factory) -> Path:
    from transformers import LlamaConfig, LlamaForCausalLM

    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("models") / "causal"
    config = LlamaConfig(
        vocab_size=len(WORDS) + 3,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=1,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def probes(tmp_path_factory) -> Path:
    """Probes on both layers of the tiny causal model."""
    import json

    from safetensors.torch import save_file

    torch = pytest.importorskip("torch")
    torch.manual_seed(5)
    folder = tmp_path_factory.mktemp("models") / "auditor-probes"
    folder.mkdir()
    save_file({"weight": torch.randn(2, 64), "bias": torch.zeros(2)}, folder / "probes.safetensors")
    about = {"kind": "probes", "base": "causal", "layers": [1, 2], "questions": ["machine", "generated"]}
    (folder / "config.json").write_text(json.dumps(about), "utf-8")
    return folder


@pytest.fixture(scope="session")
def classifier(tokenizer, tmp_path_factory) -> Path:
    from transformers import BertConfig, BertForSequenceClassification

    torch = pytest.importorskip("torch")
    torch.manual_seed(2)
    folder = tmp_path_factory.mktemp("models") / "classifier"
    config = BertConfig(
        vocab_size=len(WORDS) + 3,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_labels=2,
        id2label={0: "original", 1: "machine_translation"},
        label2id={"original": 0, "machine_translation": 1},
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def encoder(tokenizer, tmp_path_factory) -> Path:
    """A tiny encoder with heads and a calibration that knows English and nothing else."""
    import json

    from safetensors.torch import save_file
    from transformers import BertConfig, BertModel

    torch = pytest.importorskip("torch")
    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("models") / "auditor-encoder"
    size = 32
    config = BertConfig(
        vocab_size=len(WORDS) + 3, hidden_size=size, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    about = {
        "origin": ["machine", "translated", "generated"],
        "source": ["de", "en"],
        "lines": ["content", "chrome"],
        "middle": 1,
    }
    shapes = {
        "origin": (3, 2 * size),
        "source": (2, 2 * size),
        "lines": (2, 2 * size),
        "quality": (8, 6 * size),
        "quality.out": (2, 8),
        "embedding": (size, 2 * size),
    }
    heads = {}
    for name, (high, wide) in shapes.items():
        heads[f"{name}.weight"], heads[f"{name}.bias"] = torch.randn(high, wide), torch.zeros(high)
        if name in {"origin", "source", "lines", "quality"}:
            heads[f"{name}.norm.weight"], heads[f"{name}.norm.bias"] = torch.ones(wide), torch.zeros(wide)
    save_file(heads, folder / "heads.safetensors")
    (folder / "heads.json").write_text(json.dumps(about), "utf-8")
    rule = {"weights": {"encoder.machine": 1.0, "ngrams.machine": 1.0}, "bias": 0.0}
    pooling = {"slope": 1.0, "bias": 0.0, "dependence": 0.1, "cuts": [[4, 0.99, 0.9]]}
    calibration = {
        "sentence": {"en": {"machine": rule}, "*": {"machine": rule}},
        "document": {"en": {"machine": pooling}, "*": {"machine": {**pooling, "cuts": []}}},
    }
    (folder / "calibration.json").write_text(json.dumps(calibration), "utf-8")
    return folder


@pytest.fixture(scope="session")
def small_models(encoder, light_models, tmp_path_factory) -> Path:
    """A folder with the tiny encoder and an n-gram model that prefers the word "river"."""
    import shutil

    import numpy as np

    from auditor import ngrams

    folder = tmp_path_factory.mktemp("models_small")
    shutil.copytree(encoder, folder / "auditor-encoder")
    for one in light_models.iterdir():
        (folder / one.name).symlink_to(one.resolve())
    own = folder / "auditor-ngrams"
    own.mkdir()
    river = ngrams.rows(["river"], ngrams.word_hashes([])).columns
    weights = np.zeros(1 << ngrams.BITS, np.int8)
    weights[river] = 100
    arrays = {
        "en/kept": ngrams.word_hashes(["the", "of"]),
        "en/idf": np.full(1 << ngrams.BITS, 255, np.uint8),
        "en/idf_top": np.float32(1.0),
        "en/machine": weights,
        "en/machine_line": np.array([0.01, -0.5], np.float32),
    }
    np.savez_compressed(own / "weights.npz", **arrays)
    (own / "config.json").write_text('{"kind": "hashed n-grams"}', "utf-8")
    return folder
