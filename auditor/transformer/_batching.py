"""What every model folder shares: loading, token ids, and batches whose composition cannot change a result."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import MissingModelError
from auditor.transformer._placement import Placement, quiet

if TYPE_CHECKING:
    import torch

    Runner = Callable[[torch.Tensor, torch.Tensor], list[torch.Tensor]]

STEP = 16
# A causal model gives a row of its whole vocabulary for every token: 512 tokens of 49,152 words are 100 MB.
_TOKENS_A_BATCH = {"cpu": 512, "cuda": 16384}
# So many texts are tokenised while the model works on those before them.
_PORTION = 8192


@dataclass(slots=True)
class Model:
    """Weights, tokenizer and placement, with the batching that all scorers share.

    Texts are padded to a multiple of ``step`` of their own length. ``tokens`` and ``padded`` count what was computed,
    without and with padding; ``truncated`` counts the texts that were longer than ``max_tokens``.
    """

    folder: Path
    placement: Placement
    max_tokens: int = 512
    step: int = STEP
    truncated: int = 0
    tokens: int = 0
    padded: int = 0
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

    def _compile(self) -> None:
        """Have the network compiled when it is first used, where that was asked for."""
        import torch

        if self.placement.compiled:
            # Batches come in many shapes, and each would be compiled anew.
            self.network = torch.compile(self.network, dynamic=True)

    def _encode(self, texts: Sequence[str], *, special: bool) -> list[list[int]]:
        if not texts:
            return []
        # Half a surrogate pair, which a decoder may leave, is refused by tokenizers.
        clean = [text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        encoded: list[list[int]] = self.tokenizer(clean, add_special_tokens=special)["input_ids"]
        self.truncated += sum(len(ids) > self.max_tokens for ids in encoded)
        return [ids[: self.max_tokens] for ids in encoded]

    def _portions(self, texts: Sequence[str], *, special: bool) -> Iterator[tuple[int, list[list[int]]]]:
        """Token ids of some thousand texts at a time, with the number of the first of them.

        The next portion is tokenised while the caller works on one.
        """
        portions = [texts[at : at + _PORTION] for at in range(0, len(texts), _PORTION)]
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(self._encode, portions[0], special=special) if portions else None
            for number in range(len(portions)):
                encoded = waiting.result() if waiting else []
                after = portions[number + 1 : number + 2]
                waiting = thread.submit(self._encode, after[0], special=special) if after else None
                yield number * _PORTION, encoded

    def _batches(self, encoded: Sequence[list[int]]) -> Iterator[tuple[list[int], torch.Tensor, torch.Tensor]]:
        """Yield row numbers, ids and mask of batches whose rows have one padded length.

        In bfloat16 on a processor a matrix product adds up in another order when it has another number of rows. So
        batches of one length all have the same shape there, filled up with rows that belong to no text.
        """
        import torch

        pad, step = self.tokenizer.pad_token_id or 0, self.step
        groups: dict[int, list[int]] = {}
        for row, ids in enumerate(encoded):
            groups.setdefault(max(step, math.ceil(len(ids) / step) * step), []).append(row)
        budget = self.budget[self.placement.device.partition(":")[0]]
        for width in sorted(groups):
            rows = groups[width]
            size = max(1, budget // width)
            for at in range(0, len(rows), size):
                part = rows[at : at + size]
                padded = [encoded[row] + [pad] * (width - len(encoded[row])) for row in part]
                mask = [[1] * len(encoded[row]) + [0] * (width - len(encoded[row])) for row in part]
                self.tokens += sum(len(encoded[row]) for row in part)
                if self.placement.device == "cpu" and self.placement.dtype == "bfloat16":
                    padded += [[pad] * width] * (size - len(part))
                    mask += [[1] * width] * (size - len(part))
                self.padded += width * len(padded)
                yield part, self._pinned(torch.tensor(padded)), self._pinned(torch.tensor(mask))

    def _pinned(self, ids: torch.Tensor) -> torch.Tensor:
        """In memory that a GPU can read by itself, while the processor goes on."""
        return ids.pin_memory() if self.placement.device.startswith("cuda") else ids

    def _moved(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """On the model's device; the copies run beside what the device is still doing."""
        return tuple(one.to(self.placement.device, non_blocking=True) for one in tensors)

    def _logits(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits of one batch, as float32 on the CPU."""

        def run(part: torch.Tensor, shown: torch.Tensor) -> list[torch.Tensor]:
            part, shown = self._moved(part, shown)
            return [self.network(input_ids=part, attention_mask=shown).logits.float().cpu()]

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
