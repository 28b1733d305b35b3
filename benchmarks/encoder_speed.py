"""Speed of the encoder with all heads, beside a plain loop over the same weights and the machine's matrix products.

    python -m benchmarks.encoder_speed [--shared ../shared] [--sentences 4000] [--threads 2] [--write docs/scoring.md]

The plain loop is what a user would write: ``AutoModel`` in float32, batches of 32 in the order of the texts, padded to
the longest, mean pooling. Ours tokenises, batches by length, computes in the dtype that the machine multiplies fast,
and applies every head. Tokens are counted without padding; both are run once before the clock starts.

The share of the matrix-product rate is the time that the products of the linear layers alone would take at the rate
measured here, in the same dtype and at the same shapes (tokens of a batch times the layer's weights), over the time
that scoring took; products inside attention, tokenisation, norms and heads count as ours to lose.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from auditor import weights
from auditor.scorers import ENCODER
from auditor.transformer import Encoder, place
from benchmarks.origin.material import split

_BATCH = 32
_ROUNDS = 30


def plain(folder: Path) -> Callable[[Sequence[str]], None]:
    """A loop without any care."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).float().eval()

    def run(texts: Sequence[str]) -> None:
        for at in range(0, len(texts), _BATCH):
            batch = tokenizer(
                list(texts[at : at + _BATCH]), padding=True, truncation=True, max_length=256, return_tensors="pt"
            )
            with torch.inference_mode():
                states = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1)
            (states * mask).sum(1) / mask.sum(1)

    return run


def products(encoder: Encoder) -> tuple[float, float]:
    """Seconds a token that the products of the linear layers take by themselves, and floating-point operations a s."""
    import torch

    device = encoder.placement.device
    tokens = encoder.budget[device.partition(":")[0]]
    layers = [one for one in encoder.network.encoder.modules() if isinstance(one, torch.nn.Linear)]
    shapes: dict[tuple[int, int], int] = {}
    for one in layers:
        shapes[one.out_features, one.in_features] = shapes.get((one.out_features, one.in_features), 0) + 1
    spent = 0.0
    for (out, width), number in shapes.items():
        weight = torch.randn(out, width, dtype=encoder.network.dtype, device=device)
        states = torch.randn(tokens, width, dtype=encoder.network.dtype, device=device)
        bias = torch.zeros(out, dtype=encoder.network.dtype, device=device)
        spent += number * _best(partial(torch.nn.functional.linear, states, weight, bias), device)
    operations = 2 * tokens * sum(number * out * width for (out, width), number in shapes.items())
    return spent / tokens, operations / spent


def _best(work: Callable[[], Any], device: str) -> float:
    """Median time of one product."""
    import torch

    times = []
    with torch.inference_mode():
        for _ in range(_ROUNDS):
            start = time.perf_counter()
            work()
            if device.startswith("cuda"):
                torch.cuda.synchronize()
            times.append(time.perf_counter() - start)
    return sorted(times)[_ROUNDS // 2]


def _seconds(run: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    run(texts[:64])
    began = time.perf_counter()
    run(texts)
    return time.perf_counter() - began


def table(shared: Path, sentences: int, threads: int) -> list[str]:
    """Measure and return the lines of the table."""
    import torch

    if threads:
        torch.set_num_threads(threads)
    material = split(shared, ["dev"])
    texts = list(dict.fromkeys(row["text"] for row in material[:: max(1, len(material) // sentences)]))
    folder = weights.require(ENCODER)
    encoder = Encoder(folder, place("auto"))
    each, rate = products(encoder)
    encoder.encode(texts[:64])
    tokens, padded = -encoder.tokens, -encoder.padded
    began = time.perf_counter()
    encoder.encode(texts)
    ours = time.perf_counter() - began
    tokens, padded = tokens + encoder.tokens, padded + encoder.padded
    loop = _seconds(plain(folder), texts)
    where = f"{encoder.placement.dtype} on {encoder.placement.device}"
    shares = f"Scoring runs at {tokens * each / ours:.0%} of that rate. Padded tokens: {1 - tokens / padded:.1%}."
    return [
        "| | tokens a second | |",
        "|---|---|---|",
        f"| auditor, all heads, {where} | {tokens / ours:,.0f} | {loop / ours:.1f} times the plain loop |",
        f"| plain float32 loop, batches of {_BATCH} | {tokens / loop:,.0f} | |",
        f"| the linear layers' products alone | {1 / each:,.0f} | {rate / 1e9:,.0f} GFLOP/s |",
        "",
        shares,
        f"{len(texts):,} sentences, {tokens:,} tokens, {torch.get_num_threads()} threads.",
    ]


def main() -> None:
    """Print the table; with ``--write`` also put it into a file."""
    parser = argparse.ArgumentParser(description="Speed of the encoder")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--sentences", type=int, default=4000)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    lines = table(asked.shared, asked.sentences, asked.threads)
    print("\n".join(lines))
    if asked.write:
        head = ["# Speed of scoring", "", f"Printed by `python -m benchmarks.encoder_speed --write {asked.write}`.", ""]
        asked.write.write_text("\n".join([*head, *lines, ""]), "utf-8")


if __name__ == "__main__":
    main()
