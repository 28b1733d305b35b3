"""What every model folder shares: loading, token ids, and batches whose composition cannot change a result."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import MissingModelError
from auditor.transformer._placement import Placement, quiet

if TYPE_CHECKING:
    import torch

    Runner = Callable[[torch.Tensor, torch.Tensor], list[torch.Tensor]]

STEP = 16
# A causal model gives a row of its whole vocabulary for every token: 1,024 tokens of 49,152 words are 200 MB.
_TOKENS_A_BATCH = {"cpu": 1024, "cuda": 16384}


@dataclass(slots=True)
class Model:
    """Weights, tokenizer and placement, with the batching that all scorers share."""

    folder: Path
    placement: Placement
    max_tokens: int = 512
    truncated: int = 0
    budget: Mapping[str, int] = field(default_factory=lambda: _TOKENS_A_BATCH)
    network: Any = field(init=False, default=None)
    tokenizer: Any = field(init=False, default=None)

    def _load(self, kind: str) -> None:
        quiet()
        import torch
        import transformers

        factory = getattr(transformers, kind)
        dtype = getattr(torch, self.placement.dtype)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.network, info = factory.from_pretrained(
                    self.folder, dtype=dtype, output_loading_info=True, local_files_only=True
                )
                self.tokenizer = transformers.AutoTokenizer.from_pretrained(self.folder, local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError) as problem:
            reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
            message = f"{self.folder} cannot be loaded as {kind}: {reason}"
            raise MissingModelError(message) from problem
        if missing := sorted(info["missing_keys"]):
            # transformers would fill these at random, and every score would be noise.
            message = f"{self.folder} lacks weights ({', '.join(missing[:3])}…): refused"
            raise MissingModelError(message)
        self.network = self.network.to(self.placement.device).eval()

    def _encode(self, texts: Sequence[str], *, special: bool) -> list[list[int]]:
        encoded: list[list[int]] = []
        for text in texts:
            ids = self.tokenizer(text, add_special_tokens=special)["input_ids"]
            if len(ids) > self.max_tokens:
                self.truncated += 1
                ids = ids[: self.max_tokens]
            encoded.append(ids)
        return encoded

    def _batches(self, encoded: Sequence[list[int]]) -> Iterator[tuple[list[int], torch.Tensor, torch.Tensor]]:
        """Yield row numbers, ids and mask of batches whose rows have one padded length."""
        import torch

        pad = self.tokenizer.pad_token_id or 0
        groups: dict[int, list[int]] = {}
        for row, ids in enumerate(encoded):
            groups.setdefault(max(STEP, math.ceil(len(ids) / STEP) * STEP), []).append(row)
        budget = self.budget[self.placement.device.partition(":")[0]]
        for width in sorted(groups):
            rows = groups[width]
            size = max(1, budget // width)
            for at in range(0, len(rows), size):
                part = rows[at : at + size]
                padded = [encoded[row] + [pad] * (width - len(encoded[row])) for row in part]
                mask = [[1] * len(encoded[row]) + [0] * (width - len(encoded[row])) for row in part]
                yield part, torch.tensor(padded), torch.tensor(mask)

    def _logits(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits of one batch, as float32 on the CPU."""

        def run(part: torch.Tensor, shown: torch.Tensor) -> list[torch.Tensor]:
            device = self.placement.device
            return [self.network(input_ids=part.to(device), attention_mask=shown.to(device)).logits.float().cpu()]

        return self._halving(run, ids, mask)[0]

    def _halving(self, run: Runner, ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        """Run one batch; on a full GPU halve it until it fits."""
        import torch

        try:
            with torch.inference_mode():
                return run(ids, mask)
        except torch.cuda.OutOfMemoryError:
            if len(ids) == 1:
                raise
            torch.cuda.empty_cache()
            half = len(ids) // 2
            parts = self._halving(run, ids[:half], mask[:half]), self._halving(run, ids[half:], mask[half:])
            return [torch.cat(pair) for pair in zip(*parts, strict=True)]


def means(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Means over each row's own tokens, in float64: rows x tokens x size to rows x size."""
    weight = mask.unsqueeze(-1).double()
    total: torch.Tensor = (states.double() * weight).sum(1) / weight.sum(1).clamp(min=1)
    return total
