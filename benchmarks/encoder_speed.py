"""Speed of the encoder with all heads, beside a plain loop over the same weights.

    python -m benchmarks.encoder_speed [--shared ../shared] [--sentences 4000] [--threads 2]

The plain loop is what a user would write: ``AutoModel`` in float32, batches of 32 in the order of the texts, padded to
the longest, mean pooling. Ours tokenises, batches by length, computes in the dtype that the machine multiplies fast,
and applies every head. Tokens are counted without padding; both are run once before the clock starts.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from auditor import weights
from auditor.ngrams import normalise
from auditor.scorers import ENCODER
from auditor.transformer import Encoder, place
from benchmarks.origin.material import split

_BATCH = 32


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


def main() -> None:
    """Print tokens a second of both."""
    parser = argparse.ArgumentParser(description="Speed of the encoder")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--sentences", type=int, default=4000)
    parser.add_argument("--threads", type=int, default=0)
    asked = parser.parse_args()
    import torch

    if asked.threads:
        torch.set_num_threads(asked.threads)
    material = split(asked.shared, ["dev"])
    texts = [row["text"] for row in material[:: max(1, len(material) // asked.sentences)]]
    folder = weights.require(ENCODER)
    encoder = Encoder(folder, place("auto"))
    tokens = sum(len(encoder.tokenizer(normalise(text))["input_ids"]) for text in texts)
    rates = {}
    for name, run in (("ours", encoder.encode), ("plain float32 loop", plain(folder))):
        run(texts[:64])
        began = time.perf_counter()
        run(texts)
        rates[name] = tokens / (time.perf_counter() - began)
        print(f"{name}: {rates[name]:,.0f} tokens/s ({len(texts)} sentences, {torch.get_num_threads()} threads)")
    print(f"ratio: {rates['ours'] / rates['plain float32 loop']:.1f}")
    print(f"ours on {encoder.placement.device} in {encoder.placement.dtype}")


if __name__ == "__main__":
    main()
