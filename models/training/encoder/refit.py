"""Fit the similarity and quality heads anew on the finished trunk: ``python -m models.training.encoder.refit RUN OUT``.

While the trunk still moves, a head chases it; on a trunk that stands still all rows can be used. The similarity head
becomes the ridge regression from the trunk's pooled vectors to the base model's own; the quality head trains for some
passes over the pooled vectors of all pairs. ``RUN/final.pt`` is read, ``OUT/final.pt`` written.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

from models.training.encoder import tasks
from models.training.encoder.data import tokeniser
from models.training.encoder.network import Network, Pooled
from models.training.encoder.train import build

_SENTENCES = 12_000
_RIDGE = 1.0
_PASSES = 6
_CHUNK = 256


def sentences(stuff: tasks.Material, chance: random.Random) -> list[list[int]]:
    """Windows of all languages in equal parts, without their labels."""
    found: list[list[int]] = []
    while len(found) < _SENTENCES:
        found += [one.ids for one in stuff.origin.draw(chance, 64, 4096)]
    return found[:_SENTENCES]


def pooled(network: Network, texts: list[list[int]], splits: list[int] | None = None) -> Pooled:
    """Pool many texts without gradients, similar lengths together."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    parts: list[Pooled] = []
    with torch.inference_mode():
        for at in range(0, len(order), _CHUNK):
            rows = order[at : at + _CHUNK]
            parts.append(network.pool([texts[row] for row in rows], [splits[row] for row in rows] if splits else None))
    back = torch.tensor(order).argsort()
    columns = ("last", "middle", *(("first_part", "second_part") if splits else ()))
    return Pooled(*(torch.cat([getattr(part, name) for part in parts])[back] for name in columns))


def similarity(network: Network, base: Network, texts: list[list[int]], prefix: list[int]) -> None:
    """Replace the similarity head by the best linear map onto the base model's unit vectors."""
    own = pooled(network, [tasks.framed(ids) for ids in texts]).both().double()
    wanted = pooled(base, [tasks.framed([*prefix, *ids]) for ids in texts]).last.double()
    wanted = functional.normalize(wanted, dim=1)
    centre, goal = own.mean(0), wanted.mean(0)
    moved = own - centre
    gram = moved.T @ moved + _RIDGE * torch.eye(moved.shape[1], dtype=torch.float64)
    weight = torch.linalg.solve(gram, moved.T @ (wanted - goal)).T
    network.embedding = torch.nn.Linear(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        network.embedding.weight.copy_(weight)
        network.embedding.bias.copy_(goal - weight @ centre)
    error = 1 - functional.cosine_similarity(moved @ weight.T + goal, wanted).mean()
    print(f"similarity head: one minus cosine {float(error):.4f}", flush=True)


def quality(network: Network, pairs: dict[tuple[str, str], list[tuple[Any, ...]]], seed: int) -> None:
    """Train the quality head on all pairs; every language pair weighs the same."""
    texts, splits, goal, column, weight = [], [], [], [], []
    for members in pairs.values():
        for left, right, score, kind in members:
            first = tasks.framed(left[:90])
            texts.append([*first, tasks.END, *right[:90], tasks.END])
            splits.append(len(first))
            goal.append(score)
            column.append(kind)
            weight.append(1 / len(members))
    found = pooled(network, texts, splits)
    scores, columns = torch.tensor(goal), torch.tensor(column)
    chances = torch.tensor(weight)
    torch.manual_seed(seed)
    optimiser = torch.optim.AdamW(network.quality.parameters(), lr=5e-4, weight_decay=0.05)
    total = _PASSES * len(texts) // 512
    network.quality.train()
    for step in range(total):
        rows = torch.multinomial(chances, 512, replacement=True)
        part = Pooled(found.last[rows], found.middle[rows], *_sides(found, rows))
        given = network.judge_pair(part)[torch.arange(512), columns[rows]]
        loss = functional.smooth_l1_loss(given, scores[rows])
        for group in optimiser.param_groups:
            group["lr"] = 5e-4 * (1 - step / total)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    network.quality.eval()
    print(f"quality head: {total} steps, last loss {float(loss.detach()):.4f}", flush=True)


def _sides(found: Pooled, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    if found.first_part is None or found.second_part is None:
        message = "pairs must be pooled with the place where the second part begins"
        raise ValueError(message)
    return found.first_part[rows], found.second_part[rows]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--heads", default="similarity", help="similarity, or similarity,quality (10 minutes more)")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    state = torch.load(asked.run / "final.pt", weights_only=True)
    config = state["config"]
    network, base = build(config)
    network.load_state_dict(state["network"])
    network.eval()
    stuff = tasks.material(asked.data, config, tokeniser(Path(config["base"])))
    similarity(network, base, sentences(stuff, random.Random(config["seed"])), stuff.prefix)
    if "quality" in asked.heads:
        quality(network, stuff.pairs, config["seed"])
    asked.out.mkdir(parents=True, exist_ok=True)
    torch.save({"network": network.state_dict(), "config": config}, asked.out / "final.pt")


if __name__ == "__main__":
    main()
