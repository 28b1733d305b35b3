"""The n-gram half of the origin model: linear scores of hashed n-grams, without torch.

Three questions a language, as far as there was training material: ``machine`` (machine translation against texts that
a person wrote or translated), ``translated`` (translation against original) and ``generated`` (language model against
person). Values are logits, comparable within one language and question only; calibration turns them into
probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from auditor.errors import MissingModelError
from auditor.ngrams import Rows, rows

QUESTIONS = ("machine", "translated", "generated")
WEIGHTS = "weights.npz"


@dataclass(frozen=True, slots=True)
class _Tables:
    kept: Any
    squares: Any
    weights: dict[str, tuple[Any, float, float]]


class Stylometer:
    """Linear scores of texts. One object may be shared by threads; nothing changes after loading."""

    def __init__(self, folder: Path) -> None:
        self._arrays = _load(str(folder / WEIGHTS))
        self.languages = tuple(sorted({name.partition("/")[0] for name in self._arrays}))

    def score(self, texts: Sequence[str], language: str) -> dict[str, list[float]]:
        """Return, for every question that the language has, one logit a text (four decimals; 0 for a text of blanks).

        An unknown language gives an empty dictionary.
        """
        if language not in self.languages:
            return {}
        import numpy as np

        tables = self._tables(language)
        found = rows(texts, tables.kept)
        columns = found.columns & (len(tables.squares) - 1)
        norms = np.sqrt(_sums(tables.squares[columns], found))
        safe = np.where(norms > 0, norms, 1.0)
        out = {}
        for question, (weights, scale, line) in tables.weights.items():
            sums = _sums(weights[columns].astype(np.float64), found) * scale
            out[question] = [round(float(one), 4) for one in np.where(norms > 0, sums / safe + line, 0.0)]
        return out

    def _tables(self, language: str) -> _Tables:
        return _tables(self._arrays, language)


def _tables(arrays: _Arrays, language: str) -> _Tables:
    import numpy as np

    if language not in arrays.made:
        idf = arrays[f"{language}/idf"].astype(np.float64) / 255 * float(arrays[f"{language}/idf_top"])
        weights = {}
        for question in QUESTIONS:
            if f"{language}/{question}" in arrays:
                scale, line = (float(one) for one in arrays[f"{language}/{question}_line"])
                weights[question] = (arrays[f"{language}/{question}"], scale, line)
        arrays.made[language] = _Tables(arrays[f"{language}/kept"], idf**2, weights)
    return arrays.made[language]


class _Arrays(dict[str, Any]):
    """Arrays of the weight file with the tables that were unpacked from them."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__(found)
        self.made: dict[str, _Tables] = {}


@lru_cache(maxsize=2)
def _load(path: str) -> _Arrays:
    import numpy as np

    try:
        with np.load(BytesIO(Path(path).read_bytes()), allow_pickle=False) as packed:
            return _Arrays({name: packed[name] for name in packed.files})
    except (OSError, ValueError, BadZipFile, EOFError) as problem:
        message = f"{path} is not a readable weight file: {problem}"
        raise MissingModelError(message) from problem


def _sums(values: Any, found: Rows) -> Any:
    """Sum of every text's part of ``values``; empty parts give 0, which ``reduceat`` alone would not."""
    import numpy as np

    total = np.concatenate([[0.0], np.cumsum(values)])
    return total[found.starts[1:]] - total[found.starts[:-1]]
