"""The shipped encoder: one pass over a text, and small heads that read the pooled vectors of that pass.

The trunk is a standard BERT checkpoint in the model folder; ``heads.safetensors`` and ``heads.json`` beside it hold
the heads. Vectors are means over a text's own tokens of the last and of a middle layer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from auditor.errors import MissingModelError
from auditor.ngrams import normalise
from auditor.transformer._batching import Model
from auditor.transformer._packed import Packed
from auditor.transformer._placement import Placement
from auditor.transformer._updates import UPDATES, updated_layers
from auditor.transformer._words import Unit, features, is_complete, probabilities, units

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from auditor.transformer._packed import States

Told = TypeVar("Told")

HEADS = "heads.safetensors"
_ABOUT = "heads.json"
# Training windows end here; longer texts are scored by their beginning and counted as cut.
_MAX_TOKENS = 256
_MAX_PAIR_SIDE = 126
# Larger batches than a language model's, because no vocabulary-wide output has to be held.
_TOKENS_A_BATCH = {"cpu": 8192, "cuda": 65536}


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the heads say of one text.

    ``origin`` holds one logit a question (``machine``, ``translated``, ``generated``), ``source`` the probability of
    each language a translation may come from, ``lines`` the probability of each kind of line; ``vector`` has unit
    length and is comparable across languages.
    """

    origin: dict[str, float]
    source: dict[str, float]
    lines: dict[str, float]
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Quality of a translation, and of each of its words start, end and the probability that it is wrong."""

    quality: float
    words: tuple[tuple[int, int, float], ...] = ()


class Encoder(Model):
    """Encoder and heads of one model folder. Raises MissingModelError where weights or heads are not whole."""

    def __init__(self, folder: Path, placement: Placement) -> None:
        super().__init__(folder, placement, _MAX_TOKENS, budget=_TOKENS_A_BATCH)
        self._load("AutoModel")
        self._about, self._heads = _read_heads(folder)
        self._middle = int(self._about["middle"])
        self._packed = Packed(self.network, self._middle, compiled=placement.compiled)
        self._for_pairs: Packed | None = None

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Return one result a text, in order. Quotation marks and dashes are normalised before encoding.

        Equal texts are looked at once.
        """
        return self._each(texts, self._judge)

    def means(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """The vectors that the heads read (texts x twice the size): means of the last layer, then of the middle one."""
        import numpy as np
        import torch

        found = self._each(texts, lambda last, middle: list(torch.cat([last, middle], dim=1).numpy()))
        return np.stack(found) if found else np.zeros((0, 2 * int(self.network.config.hidden_size)))

    def _each(self, texts: Sequence[str], judge: Callable[[torch.Tensor, torch.Tensor], list[Told]]) -> list[Told]:
        """What is made of the mean vectors of each text, in order; equal texts are looked at once."""
        wanted = [normalise(text) for text in texts]
        different = list(dict.fromkeys(wanted))
        found: dict[str, Told] = {}
        for first, encoded in self._portions(different, special=True):
            for rows, last, middle in self._states(encoded, self._packed):
                for row, one in zip(rows, judge(*_pooled(last, middle)), strict=True):
                    found[different[first + row]] = one
        return [found[text] for text in wanted]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors (texts x size), comparable across languages by their dot product."""
        import numpy as np

        size = len(self._heads["embedding.bias"])
        return np.stack([one.vector for one in self.encode(texts)]) if texts else np.zeros((0, size), np.float32)

    def score_pairs(self, sources: Sequence[str], translations: Sequence[str]) -> list[float]:
        """Quality of translations in standard deviations of human direct assessment; higher is better."""
        return [one.quality for one in self._pairs(sources, translations, words=False)]

    def judge_pairs(self, sources: Sequence[str], translations: Sequence[str]) -> list[JudgedPair]:
        """The same, and for the words of each translation the probability that a person would have corrected them."""
        return self._pairs(sources, translations, words=is_complete(self._heads))

    def pair_states(
        self, sources: Sequence[str], translations: Sequence[str]
    ) -> Iterator[tuple[list[int], torch.Tensor, torch.Tensor, list[int]]]:
        """Numbers of pairs of one length, their states in the last and in the middle layer, and where targets begin."""
        whole, edges = self._pair_ids(sources, translations)
        if self._for_pairs is None:
            layers = updated_layers(self.network, self.folder / UPDATES)
            self._for_pairs = Packed(self.network, self._middle, layers, compiled=self.placement.compiled)
        for rows, last, middle in self._states(whole, self._for_pairs):
            yield rows, last, middle, [edges[row] for row in rows]

    def units(self, translation: str) -> list[Unit]:
        """The words of a translation, as far as the model reads it."""
        encoded = self.tokenizer(normalise(translation), add_special_tokens=False, return_offsets_mapping=True)
        return units(translation, encoded["offset_mapping"][:_MAX_PAIR_SIDE])

    def _pairs(self, sources: Sequence[str], translations: Sequence[str], *, words: bool) -> list[JudgedPair]:
        out: dict[int, JudgedPair] = {}
        for rows, last, middle, edges in self.pair_states(sources, translations):
            found = self._quality(_pooled(last, middle, edges))
            for at, (row, value) in enumerate(zip(rows, found, strict=True)):
                own = self.units(translations[row]) if words else []
                told: list[float] = []
                if own:
                    # Behind the first side stands one more sign that parts the two.
                    told = probabilities(self._heads, features(last[at], middle[at], edges[at] + 1, own))
                judged = zip(own, told, strict=True)
                out[row] = JudgedPair(round(value, 4), tuple((one.start, one.end, share) for one, share in judged))
        return [out[row] for row in range(len(sources))]

    def _states(self, encoded: Sequence[Sequence[int]], packed: Packed) -> Iterator[States]:
        """Numbers of texts of one length with their states in the last and in the middle layer."""
        self.tokens += sum(map(len, encoded))
        before = self.padded - packed.rows
        for found in packed.run(encoded, self.budget[self.placement.device.partition(":")[0]]):
            self.padded = before + packed.rows
            yield found

    def _pair_ids(self, sources: Sequence[str], translations: Sequence[str]) -> tuple[list[list[int]], list[int]]:
        """Token ids of both sides joined, and where the second side begins."""
        start = self.tokenizer.bos_token_id
        end = start if self.tokenizer.eos_token_id is None else self.tokenizer.eos_token_id
        left = self._encode([normalise(text) for text in sources], special=False)
        right = self._encode([normalise(text) for text in translations], special=False)
        long = [len(a) > _MAX_PAIR_SIDE or len(b) > _MAX_PAIR_SIDE for a, b in zip(left, right, strict=True)]
        self.truncated += sum(long)
        firsts = [[start, *ids[:_MAX_PAIR_SIDE], end] for ids in left]
        whole = [[*one, end, *ids[:_MAX_PAIR_SIDE], end] for one, ids in zip(firsts, right, strict=True)]
        return whole, [len(one) for one in firsts]

    def _judge(self, last: torch.Tensor, middle: torch.Tensor) -> list[Encoded]:
        import torch

        both = torch.cat([last, middle], dim=1)
        questions, origin = self._about["origin"], self._linear("origin", both).tolist()
        source, lines = self._shares("source", both), self._shares("lines", both)
        vectors = torch.nn.functional.linear(both, self._heads["embedding.weight"], self._heads["embedding.bias"])
        units = torch.nn.functional.normalize(vectors, dim=1).float().numpy()
        return [
            Encoded({name: round(value, 4) for name, value in zip(questions, origin[at], strict=True)}, *rest)
            for at, rest in enumerate(zip(source, lines, units, strict=True))
        ]

    def _linear(self, name: str, vectors: torch.Tensor) -> torch.Tensor:
        """Layer norm and one matrix product."""
        import torch

        weight, bias = self._heads[f"{name}.weight"], self._heads[f"{name}.bias"]
        return torch.nn.functional.linear(self._normed(name, vectors), weight, bias)

    def _normed(self, name: str, vectors: torch.Tensor) -> torch.Tensor:
        import torch

        weight, bias = self._heads[f"{name}.norm.weight"], self._heads[f"{name}.norm.bias"]
        return torch.nn.functional.layer_norm(vectors, vectors.shape[1:], weight, bias)

    def _shares(self, name: str, vectors: torch.Tensor) -> list[dict[str, float]]:
        import torch

        shares = torch.softmax(self._linear(name, vectors), dim=1).tolist()
        return [{kind: round(share, 4) for kind, share in zip(self._about[name], row, strict=True)} for row in shares]

    def _quality(self, pooled: list[torch.Tensor]) -> list[float]:
        import torch

        last, middle, one, two = pooled
        features = torch.cat([last, middle, one, two, (one - two).abs(), one * two], dim=1)
        hidden = torch.nn.functional.gelu(self._linear("quality", features))
        weight, bias = self._heads["quality.out.weight"], self._heads["quality.out.bias"]
        found: list[float] = torch.nn.functional.linear(hidden, weight, bias)[:, 0].tolist()
        return found


def _pooled(last: torch.Tensor, middle: torch.Tensor, edges: Sequence[int] = ()) -> list[torch.Tensor]:
    """Mean vectors (texts x size, float64, on the CPU): last layer, middle layer, and the two sides of pairs."""
    import torch

    length = last.shape[1]
    means = [states.sum(1, dtype=torch.float64).cpu() / length for states in (last, middle)]
    if edges:
        edge = torch.tensor(list(edges))[:, None]
        states = last.cpu().double()
        for shown in (torch.arange(length) < edge, torch.arange(length) >= edge):
            weight = shown.double()[:, :, None]
            means.append((states * weight).sum(1) / weight.sum(1).clamp(min=1))
    return means


def _read_heads(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        about: dict[str, Any] = json.loads((folder / _ABOUT).read_text("utf-8"))
        heads = {name: tensor.double() for name, tensor in load_file(folder / HEADS).items()}
    except (OSError, ValueError, SafetensorError) as problem:
        message = f"{folder} has no readable heads ({HEADS}, {_ABOUT}): {problem}"
        raise MissingModelError(message) from problem
    wanted = {f"{name}.weight" for name in ("origin", "source", "lines", "embedding", "quality", "quality.out")}
    if missing := sorted(wanted - set(heads)):
        message = f"{folder / HEADS} lacks {', '.join(missing)}: refused"
        raise MissingModelError(message)
    return about, heads
