"""Write the model folder: ``python -m models.training.encoder.export RUN/final.pt models/auditor-encoder``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoTokenizer, BertModel

from auditor.weights import write_manifest
from models.training.encoder.data import KINDS
from models.training.encoder.network import LANGUAGES
from models.training.encoder.train import build

WHAT = "encoder with heads: origin, source language, kind of line, quality, similarity"
QUESTIONS = ("machine", "translated", "generated")
# Names of the training module's parts, and what they are called in the model folder.
_NAMES = {
    "origin.0": "origin.norm",
    "origin.2": "origin",
    "source.0": "source.norm",
    "source.1": "source",
    "lines.0": "lines.norm",
    "lines.1": "lines",
    "embedding": "embedding",
    "quality.0": "quality.norm",
    "quality.1": "quality",
    "quality.4": "quality.out",
}


def export(final: Path, out: Path) -> None:
    """Turn the last state of a training run into a folder that ``AutoModel`` and the auditor load."""
    state = torch.load(final, weights_only=True)
    network, _ = build(state["config"])
    wide = state["network"]["embedding.weight"].shape[1]
    network.embedding = torch.nn.Linear(wide, network.embedding.out_features)
    network.load_state_dict(state["network"])
    out.mkdir(parents=True, exist_ok=True)
    whole = BertModel(network.trunk.config)
    whole.load_state_dict(network.trunk.state_dict(), strict=False)
    # Nothing here uses the pooler, but AutoModel would fill a missing one at random and say so.
    with torch.no_grad():
        whole.pooler.dense.weight.copy_(torch.eye(whole.config.hidden_size))
        whole.pooler.dense.bias.zero_()
    whole.to(torch.bfloat16).save_pretrained(out)
    AutoTokenizer.from_pretrained(state["config"]["base"]).save_pretrained(out)
    heads = {}
    for name, tensor in network.state_dict().items():
        if not name.startswith("trunk."):
            part, _, kind = name.rpartition(".")
            heads[f"{_NAMES[part]}.{kind}"] = tensor.float().contiguous()
    save_file(heads, out / "heads.safetensors")
    about = {"origin": QUESTIONS, "source": LANGUAGES, "lines": KINDS, "middle": network.middle}
    for file in out.iterdir():
        file.chmod(0o644)
    (out / "heads.json").write_text(json.dumps(about, indent=2) + "\n", "utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("final", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    export(asked.final, asked.out)
    write_manifest(asked.out, {"name": asked.out.name, "licence": "MIT", "what": WHAT})


if __name__ == "__main__":
    main()
