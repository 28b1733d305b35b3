"""Train what the encoder adds for pairs: ``python -m models.training.encoder.pairs models/auditor-encoder WORK``.

The trunk stays as it is. Low-rank updates of its upper layers (Hu et al. 2021), which only pairs of source and
translation see, and the quality head train together on the rated pairs of ``qe``. Started again, it goes on from
``WORK/checkpoint.pt``; at the end the updates are written beside the heads as ``pairs.safetensors``, and the quality
head among the heads. Directions of ``mlqe-pe`` are drawn most often, because nine tenths of what is measured is theirs.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from auditor.transformer._updates import MATRICES, UPDATES
from auditor.weights import write_manifest
from models.training.encoder import tasks
from models.training.encoder.data import tokeniser
from models.training.encoder.export import WHAT

_RANK, _FIRST = 32, 6
_BATCH, _CHUNK = 48, 16
_RATE, _HEAD_RATE = 5e-4, 3e-4
# Longest side of a pair, in tokens, while training.
_SIDE = 90
# How often a pair of each kind is drawn: rated by direct assessment with spread-out scores, by newer campaigns, by MQM.
_KINDS = {"mlqe-pe": 0.76, "wmt-qe-2023(DA)": 0.12, "mqm": 0.12}
_HEADS = ("quality.norm", "quality", "quality.out")

Pair = tuple[list[int], list[int], float, int]


class Updated(nn.Module):
    """The trunk with trainable low-rank updates of its upper layers, and the quality head."""

    def __init__(self, trunk: Any, heads: dict[str, torch.Tensor], middle: int) -> None:
        super().__init__()
        self.trunk, self.middle = trunk, middle
        self.trunk.requires_grad_(False)
        self.updates = nn.ParameterDict()
        for number, layer in enumerate(trunk.encoder.layer):
            for name in MATRICES if number >= _FIRST else ():
                wide = layer.get_submodule(name).weight.shape
                key = f"{number}:{name.replace('.', '/')}"
                self.updates[key + ":in"] = nn.Parameter(torch.randn(_RANK, wide[1]) / wide[1] ** 0.5)
                self.updates[key + ":out"] = nn.Parameter(torch.zeros(wide[0], _RANK))
        self.head = nn.ParameterDict(
            {
                f"{part}.{kind}".replace(".", "/"): heads[f"{part}.{kind}"]
                for part in _HEADS
                for kind in ("weight", "bias")
            }
        )

    def _linear(self, layer: Any, number: int, name: str, states: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = layer.get_submodule(name)(states)
        if number < _FIRST:
            return found
        key = f"{number}:{name.replace('.', '/')}"
        return found + functional.linear(
            functional.linear(states, self.updates[key + ":in"]), self.updates[key + ":out"]
        )

    def _layer(self, number: int, states: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        """One layer; ``hidden`` is added to the attention's logits (minus infinity where a text has ended)."""
        layer = self.trunk.encoder.layer[number]
        rows, length, size = states.shape
        heads = self.trunk.config.num_attention_heads
        query, key, value = (
            self._linear(layer, number, name, states).view(rows, length, heads, -1).transpose(1, 2)
            for name in MATRICES[:3]
        )
        weights = torch.softmax(query @ key.transpose(2, 3) * (size // heads) ** -0.5 + hidden, dim=-1)
        seen = (weights @ value).transpose(1, 2).reshape(rows, length, size)
        states = layer.attention.output.LayerNorm(self._linear(layer, number, MATRICES[3], seen) + states)
        wide = functional.gelu(self._linear(layer, number, MATRICES[4], states))
        found: torch.Tensor = layer.output.LayerNorm(self._linear(layer, number, MATRICES[5], wide) + states)
        return found

    def forward(self, texts: Sequence[Sequence[int]], splits: Sequence[int]) -> torch.Tensor:
        """Quality (rows x 2: direct assessment, MQM) of pairs of similar length."""
        width = max(map(len, texts))
        ids = torch.tensor([[*row, *[tasks.PAD] * (width - len(row))] for row in texts])
        place, edge = torch.arange(width), torch.tensor(splits)[:, None]
        mask = place < torch.tensor([len(row) for row in texts])[:, None]
        hidden = torch.zeros(mask.shape).masked_fill(~mask, -1e9)[:, None, None]
        with torch.no_grad():
            states = self.trunk.embeddings(input_ids=ids)
            for number in range(_FIRST):
                states = self._layer(number, states, hidden)
        middle = states
        for number in range(_FIRST, len(self.trunk.encoder.layer)):
            states = self._layer(number, states, hidden)
        sides = [_mean(states, mask & shown) for shown in (place < edge, place >= edge)]
        return self._judge([_mean(states, mask), _mean(middle, mask), *sides])

    def _judge(self, pooled: Sequence[torch.Tensor]) -> torch.Tensor:
        last, middle, one, two = pooled
        features = torch.cat([last, middle, one, two, (one - two).abs(), one * two], dim=1)
        head = self.head
        features = functional.layer_norm(
            features, features.shape[1:], head["quality/norm/weight"], head["quality/norm/bias"]
        )
        wide = functional.gelu(functional.linear(features, head["quality/weight"], head["quality/bias"]))
        wide = functional.dropout(wide, 0.1, self.training)
        return functional.linear(wide, head["quality/out/weight"], head["quality/out/bias"])


def _mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    weight = mask.unsqueeze(-1).to(states.dtype)
    return (states * weight).sum(1) / weight.sum(1).clamp(min=1)


def batches(data: Path, tokenise: Any, steps: int, seed: int) -> list[list[Pair]]:
    """``steps`` batches of pairs of similar length; every direction of a kind is drawn as often as the others."""
    kinds: dict[str, list[list[Pair]]] = {name: [] for name in _KINDS}
    for kind, members in tasks.rated_pairs(data, ("train",), tokenise).items():
        kinds[kind[0]].append(members)
    chance = random.Random(seed)
    chosen: list[Pair] = []
    for kind, share in _KINDS.items():
        each = round(steps * _BATCH * share / len(kinds[kind]))
        for members in kinds[kind]:
            whole, rest = divmod(each, len(members))
            chosen += members * whole + chance.sample(members, rest)
    chance.shuffle(chosen)
    found: list[list[Pair]] = []
    for at in range(0, len(chosen), _BATCH * _CHUNK):
        part = sorted(chosen[at : at + _BATCH * _CHUNK], key=lambda pair: len(pair[0]) + len(pair[1]))
        found += [part[one : one + _BATCH] for one in range(0, len(part), _BATCH)]
    chance.shuffle(found)
    return found


def _loss(network: Updated, batch: Sequence[Pair]) -> torch.Tensor:
    firsts = [tasks.framed(left[:_SIDE]) for left, _, _, _ in batch]
    texts = [[*one, tasks.END, *pair[1][:_SIDE], tasks.END] for one, pair in zip(firsts, batch, strict=True)]
    found = network(texts, [len(one) for one in firsts])
    goal, column = torch.tensor([pair[2] for pair in batch]), torch.tensor([pair[3] for pair in batch])
    return functional.smooth_l1_loss(found[torch.arange(len(batch)), column], goal)


def train(folder: Path, work: Path, data: Path, steps: int, seed: int) -> Updated:
    """Take all steps, the rate falling to zero; a checkpoint every five minutes."""
    from transformers import AutoModel

    torch.manual_seed(seed)
    trunk = AutoModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    network = Updated(trunk, load_file(folder / "heads.safetensors"), _FIRST)
    own = [*network.updates.parameters()], [*network.head.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": own[0], "top": _RATE}, {"params": own[1], "top": _HEAD_RATE}], weight_decay=0.01, betas=(0.9, 0.98)
    )
    told = batches(data, tokeniser(folder), steps, seed)
    first, checkpoint = 0, work / "checkpoint.pt"
    if checkpoint.is_file():
        saved = torch.load(checkpoint)
        network.load_state_dict(saved["network"], strict=False)
        optimiser.load_state_dict(saved["optimiser"])
        first = saved["step"]
    began = saved_at = time.time()
    mean = 0.0
    for number in range(first, len(told)):
        for group in optimiser.param_groups:
            group["lr"] = group["top"] * min(1.0, (number + 1) / (0.05 * len(told))) * (1 - number / len(told))
        network.train()
        optimiser.zero_grad()
        loss = _loss(network, told[number])
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*own[0], *own[1]], 1.0)
        optimiser.step()
        mean += float(loss.detach())
        if (number + 1) % 25 == 0:
            minutes = (time.time() - began) / 60
            print(f"step {number + 1} of {len(told)}, {minutes:.1f} min, loss {mean / 25:.4f}", flush=True)
            mean = 0.0
        if time.time() - saved_at > 300 or number + 1 == len(told):
            _save(network, optimiser, number + 1, checkpoint)
            saved_at = time.time()
    return network.eval()


def _save(network: Updated, optimiser: torch.optim.Optimizer, step: int, path: Path) -> None:
    kept = {name: value for name, value in network.state_dict().items() if not name.startswith("trunk.")}
    torch.save({"network": kept, "optimiser": optimiser.state_dict(), "step": step}, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)


def export(network: Updated, folder: Path) -> None:
    """Write the updates, and the quality head into the heads; the manifest follows."""
    updates = {
        key.replace("/", "."): value.detach().to(torch.bfloat16).contiguous() for key, value in network.updates.items()
    }
    save_file(updates, folder / UPDATES)
    heads = load_file(folder / "heads.safetensors")
    heads |= {key.replace("/", "."): value.detach().float().contiguous() for key, value in network.head.items()}
    save_file(heads, folder / "heads.safetensors")
    for name in (UPDATES, "heads.safetensors"):
        (folder / name).chmod(0o644)
    write_manifest(folder, {"name": folder.name, "licence": "MIT", "what": WHAT})


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--steps", type=int, default=1400)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    asked.work.mkdir(parents=True, exist_ok=True)
    export(train(asked.folder, asked.work, asked.data, asked.steps, asked.seed), asked.folder)


if __name__ == "__main__":
    main()
