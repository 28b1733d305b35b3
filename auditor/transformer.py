"""Run transformer models: causal language models for surprisal, sequence classifiers for scores.

The only module that imports torch and transformers. Results do not depend on what else is in a batch: every text is
padded to a multiple of 16 of its own length and only equal lengths share a batch, sums run row by row in float64, and
values are rounded to four decimals. On CUDA the same holds within that rounding for one device type.
"""

from __future__ import annotations

import logging
import math
import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import MissingExtraError, MissingModelError, UsageError

if TYPE_CHECKING:
    import torch

STEP = 16
# A causal model gives a row of its whole vocabulary for every token: 1,024 tokens of 49,152 words are 200 MB.
_TOKENS_A_BATCH = {"cpu": 1024, "cuda": 16384}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a model runs: device (``cpu``, ``cuda:0``), dtype (``bfloat16``, ``float32``), and what to say aloud."""

    device: str
    dtype: str
    notice: str = ""


def place(asked: str) -> Placement:
    """Turn ``auto``, ``cpu`` or ``cuda[:i]`` into a placement; a GPU that was asked for and is missing is an error."""
    import torch

    if asked == "cpu" or (asked == "auto" and not torch.cuda.is_available()):
        return Placement("cpu", "bfloat16" if _fast_bfloat16() else "float32")
    if asked == "auto" or asked.partition(":")[0] == "cuda":
        device = "cuda:0" if asked in {"auto", "cuda"} else asked
        index = device.removeprefix("cuda:")
        if not torch.cuda.is_available() or not index.isdigit() or int(index) >= torch.cuda.device_count():
            message = f"device {asked!r} is not there ({torch.cuda.device_count()} CUDA devices); use --device cpu"
            raise UsageError(message)
        return Placement(device, "bfloat16" if torch.cuda.is_bf16_supported() else "float32")
    message = f"unknown device {asked!r}: auto, cpu, cuda or cuda:<number>"
    raise UsageError(message)


def _fast_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 matrices in hardware (AVX512-BF16 or AMX); elsewhere it is slower."""
    import torch

    backends: Any = torch.backends
    return bool(backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001


def _quiet() -> None:
    """Keep libraries from writing to the terminal and from reaching for a network."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    logging.getLogger("transformers").setLevel(logging.ERROR)


@dataclass(slots=True)
class _Model:
    """Weights, tokenizer and placement, with the batching that all scorers share."""

    folder: Path
    placement: Placement
    max_tokens: int = 512
    truncated: int = 0
    network: Any = field(init=False, default=None)
    tokenizer: Any = field(init=False, default=None)

    def _load(self, kind: str) -> None:
        _quiet()
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
        budget = _TOKENS_A_BATCH[self.placement.device.partition(":")[0]]
        for width in sorted(groups):
            rows = groups[width]
            size = max(1, budget // width)
            for at in range(0, len(rows), size):
                part = rows[at : at + size]
                padded = [encoded[row] + [pad] * (width - len(encoded[row])) for row in part]
                mask = [[1] * len(encoded[row]) + [0] * (width - len(encoded[row])) for row in part]
                yield part, torch.tensor(padded), torch.tensor(mask)

    def _logits(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Run the network; on a full GPU halve the batch until it fits."""
        import torch

        try:
            with torch.inference_mode():
                device = self.placement.device
                logits: torch.Tensor = self.network(input_ids=ids.to(device), attention_mask=mask.to(device)).logits
                return logits.float().cpu()
        except torch.cuda.OutOfMemoryError:
            if len(ids) == 1:
                raise
            torch.cuda.empty_cache()
            half = len(ids) // 2
            return torch.cat([self._logits(ids[:half], mask[:half]), self._logits(ids[half:], mask[half:])])


class SurprisalScorer(_Model):
    """How unexpected a text is to a causal language model, in nats."""

    def __init__(self, folder: Path, placement: Placement) -> None:
        super().__init__(folder, placement)
        self._load("AutoModelForCausalLM")

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


class ClassifierScorer(_Model):
    """Probability of one label of a sequence-classification checkpoint."""

    def __init__(self, folder: Path, placement: Placement, label: str = "machine_translation") -> None:
        super().__init__(folder, placement)
        self._load("AutoModelForSequenceClassification")
        names = {str(name).lower(): int(number) for number, name in self.network.config.id2label.items()}
        self.label = label if label in names else max(names, key=lambda name: names[name])
        self._column = names[self.label]

    def score(self, texts: Sequence[str]) -> list[float]:
        """Return the label's probability for each text."""
        import torch

        encoded = self._encode(texts, special=True)
        out = [0.0] * len(texts)
        for rows, ids, mask in self._batches(encoded):
            logits = self._logits(ids, mask).double()
            for at, row in enumerate(rows):
                one = logits[at]
                value = torch.sigmoid(one[0]) if len(one) == 1 else torch.softmax(one, dim=-1)[self._column]
                out[row] = round(float(value), 4)
        return out


def convert_gguf(source: Path, target: Path) -> None:
    """Unpack a GGUF file into a dense bfloat16 model folder (the packed weights compute five times slower on CPU)."""
    _quiet()
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
