"""Surprisal of a causal language model."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

from auditor.errors import MissingExtraError
from auditor.transformer._batching import Model
from auditor.transformer._placement import Placement, quiet


class SurprisalScorer(Model):
    """How unexpected a text is to a causal language model, in nats."""

    def __init__(self, folder: Path, placement: Placement) -> None:
        super().__init__(folder, placement)
        self._load("AutoModelForCausalLM")
        self._compile()

    def costs(self, texts: Sequence[str]) -> list[tuple[float, int]]:
        """Return total cost in nats (negative log-likelihood, natural log) and number of tokens of each text."""
        import torch

        start = self.tokenizer.bos_token_id
        encoded = [[start if start is not None else 0, *ids] for ids in self._encode(texts, special=False)]
        out: list[tuple[float, int]] = [(0.0, 0)] * len(texts)
        for rows, ids, mask in self._batches(encoded):
            logits = self._logits(ids, mask)
            for at, row in enumerate(rows):
                length = len(encoded[row])
                if length < 2:
                    continue
                chosen = torch.log_softmax(logits[at, : length - 1].double(), dim=-1)
                cost = -chosen.gather(1, ids[at, 1:length].unsqueeze(1)).sum()
                out[row] = (round(float(cost), 4), length - 1)
        return out

    def score(self, texts: Sequence[str]) -> list[float]:
        """Return mean surprisal in nats per token; 0 for a text without tokens."""
        return [round(cost / tokens, 4) if tokens else 0.0 for cost, tokens in self.costs(texts)]


def convert_gguf(source: Path, target: Path) -> None:
    """Unpack a GGUF file into a dense bfloat16 model folder (the packed weights compute five times slower on CPU)."""
    quiet()
    try:
        import accelerate  # noqa: F401 - transformers needs both to read GGUF, and says so less clearly
        import gguf  # noqa: F401
    except ImportError as problem:
        raise MissingExtraError(str(problem.name), "lm") from problem
    import torch
    import transformers

    # Since 5.2x transformers keeps GGUF weights packed unless told otherwise; before, it always unpacked.
    unpack = getattr(transformers, "GgufConfig", None)
    options = {"quantization_config": unpack(dequantize=True)} if unpack else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network = transformers.AutoModelForCausalLM.from_pretrained(
            source.parent, gguf_file=source.name, dtype=torch.bfloat16, **options
        )
        tokenizer = transformers.AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    network.save_pretrained(target)
    tokenizer.save_pretrained(target)
