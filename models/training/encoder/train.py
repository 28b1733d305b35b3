"""Train the encoder: ``python -m models.training.encoder.train CONFIG OUT [--data DIR]``; a rerun continues.

Every random choice depends on seed and step alone, so a run that is stopped and continued draws what an undisturbed
one draws. Weights are kept in float32 and copied to bfloat16 for the matrix products.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import time
import tomllib
from pathlib import Path
from typing import Any

import torch

from models.training.encoder import tasks
from models.training.encoder.data import KINDS, tokeniser
from models.training.encoder.network import Network


class Masters:
    """Float32 copies of the trained weights with their optimiser, and a running average of them."""

    def __init__(self, network: Network, config: dict[str, Any]) -> None:
        self.config = config
        trunk = [p for p in network.trunk.parameters() if p.requires_grad]
        heads = [p for name, p in network.named_parameters() if not name.startswith("trunk.")]
        self.live = trunk + heads
        self.kept = [p.detach().float().clone().requires_grad_() for p in self.live]
        self.mean = [p.detach().clone() for p in self.kept]
        split = len(trunk)
        self.optimiser = torch.optim.AdamW(
            [
                {"params": self.kept[:split], "lr": config["rate"]},
                {"params": self.kept[split:], "lr": config["head_rate"]},
            ],
            weight_decay=0.01,
            betas=(0.9, 0.98),
            fused=True,
        )

    def step(self, number: int, total: int) -> None:
        """Take one step at the scheduled rate and copy the result into the live network."""
        warm = min(1.0, (number + 1) / (0.05 * total))
        cool = max(0.0, 1 - number / total)
        for group, top in zip(self.optimiser.param_groups, ("rate", "head_rate"), strict=True):
            group["lr"] = self.config[top] * warm * cool
        for kept, live in zip(self.kept, self.live, strict=True):
            kept.grad = live.grad.float() if live.grad is not None else torch.zeros_like(kept)
            live.grad = None
        torch.nn.utils.clip_grad_norm_(self.kept, 1.0)
        self.optimiser.step()
        decay = min(0.998, (number + 1) / (number + 10))
        with torch.no_grad():
            for mean, kept, live in zip(self.mean, self.kept, self.live, strict=True):
                mean.lerp_(kept, 1 - decay)
                live.copy_(kept)

    def state(self) -> dict[str, Any]:
        """What a checkpoint needs."""
        return {"kept": [p.detach() for p in self.kept], "mean": self.mean, "optimiser": self.optimiser.state_dict()}

    def load(self, state: dict[str, Any]) -> None:
        """Continue from a checkpoint."""
        with torch.no_grad():
            for kept, live, value in zip(self.kept, self.live, state["kept"], strict=True):
                kept.copy_(value)
                live.copy_(value)
        self.mean = state["mean"]
        self.optimiser.load_state_dict(state["optimiser"])


def build(config: dict[str, Any]) -> tuple[Network, Network]:
    """The network to train and the frozen base whose vectors it keeps."""
    from transformers import AutoModel

    torch.manual_seed(config["seed"])
    # PyTorch's fused attention is four times slower backwards on this CPU than plain matrix products.
    trunk = AutoModel.from_pretrained(config["base"], add_pooling_layer=False, attn_implementation="eager")
    trunk.config.hidden_dropout_prob = trunk.config.attention_probs_dropout_prob = 0.0
    for module in trunk.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    base = Network(copy.deepcopy(trunk).to(torch.bfloat16), len(KINDS), 6).eval()
    if config["layers"] < len(trunk.encoder.layer):
        trunk.encoder.layer = trunk.encoder.layer[: config["layers"]]
        trunk.config.num_hidden_layers = config["layers"]
    trunk.embeddings.requires_grad_(False)
    for layer in trunk.encoder.layer[: config["frozen"]]:
        layer.requires_grad_(False)
    return Network(trunk.to(torch.bfloat16), len(KINDS), config["layers"] // 2), base


def train(config: dict[str, Any], out: Path, data: Path) -> None:
    """Run all steps; writes ``OUT/checkpoint.pt`` as it goes and ``OUT/final.pt`` at the end."""
    torch.set_num_threads(config["threads"])
    networks = build(config)
    network = networks[0]
    masters = Masters(network, config)
    tokenise = tokeniser(Path(config["base"]))
    stuff = tasks.material(data, config, tokenise)
    first = 0
    checkpoint = out / "checkpoint.pt"
    if checkpoint.is_file():
        saved = torch.load(checkpoint)
        masters.load(saved["masters"])
        first = saved["step"]
    network.train()
    began, saved_at, totals = time.time(), time.time(), {}
    for number in range(first, config["steps"]):
        chance = random.Random(f"{config['seed']}:{number}")
        task = chance.choices(list(config["tasks"]), list(config["tasks"].values()))[0]
        loss = _loss(task, networks, stuff, chance, config)
        loss.backward()
        masters.step(number, config["steps"])
        mean = totals.setdefault(task, [0.0, 0])
        mean[0] += float(loss.detach())
        mean[1] += 1
        if (number + 1) % config["report"] == 0:
            shown = {name: round(value / count, 4) for name, (value, count) in sorted(totals.items())}
            print(
                json.dumps({"step": number + 1, "minutes": round((time.time() - began) / 60, 1), **shown}), flush=True
            )
            totals = {}
        if time.time() - saved_at > 300:
            _save({"masters": masters.state(), "step": number + 1}, checkpoint)
            saved_at = time.time()
    with torch.no_grad():
        for live, mean in zip(masters.live, masters.mean, strict=True):
            live.copy_(mean)
    _save({"network": network.state_dict(), "config": config}, out / "final.pt")


def _loss(
    task: str,
    networks: tuple[Network, Network],
    stuff: tasks.Material,
    chance: random.Random,
    config: dict[str, Any],
) -> torch.Tensor:
    network, base = networks
    tokens, batch = config["tokens"], config["batch"]
    if task == "origin":
        return tasks.origin_loss(network, stuff.origin.draw(chance, tokens, batch), chance, config["mask"])
    if task == "generated":
        return 0.5 * tasks.generated_loss(network, stuff, chance, tokens, batch)
    if task == "lines":
        return 0.3 * tasks.lines_loss(network, stuff, chance, stuff.origin.draw(chance, 64, batch // 6), batch // 2)
    if task == "quality":
        return tasks.quality_loss(network, stuff, chance, batch)
    return 20 * tasks.embedding_loss(network, base, stuff.prefix, stuff.origin.draw(chance, 64, batch // 2))


def _save(state: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    train(tomllib.loads(asked.config.read_text("utf-8")), asked.out, asked.data)


if __name__ == "__main__":
    main()
