"""Linear probes on the hidden states of a causal language model, for English.

The language model is not changed and has no say in words; its layers describe a sentence more finely than the small
encoder can. The probes, a few kilobytes, are ours and lie in a model folder of their own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import MissingModelError
from auditor.ngrams import normalise
from auditor.transformer._batching import Model, means
from auditor.transformer._placement import Placement

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

PROBES = "probes.safetensors"
_MAX_TOKENS = 256
_TOKENS_A_BATCH = {"cpu": 512, "cuda": 32768}


class Probe(Model):
    """Mean hidden states of some layers of ``base``, and the probes of ``folder`` on them.

    Raises MissingModelError where either is not whole, or the probes were made for another model.
    """

    def __init__(self, folder: Path, base: Path, placement: Placement) -> None:
        super().__init__(base, placement, _MAX_TOKENS, budget=_TOKENS_A_BATCH)
        import torch

        self._read(folder)
        self._load("AutoModel")
        size = self.network.config.hidden_size * len(self.layers)
        if self.network.config.num_hidden_layers < max(self.layers) or self._weight.shape[1] != size:
            message = f"{folder} was not made for {base}: layers or sizes differ"
            raise MissingModelError(message)
        # Layers that no probe looks at need not be computed; the norm belongs to the last of all.
        self.network.layers = self.network.layers[: max(self.layers)]
        self.network.norm = torch.nn.Identity()
        self._compile()

    def _read(self, folder: Path) -> None:
        import torch
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            about = json.loads((folder / "config.json").read_text("utf-8"))
            probes = load_file(folder / PROBES)
            self.layers = [int(one) for one in about["layers"]]
            self.questions = [str(one) for one in about["questions"]]
            self._weight = probes["weight"].to(torch.float64)
            self._bias = probes["bias"].to(torch.float64)
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as problem:
            message = f"{folder} is not a whole set of probes: {problem}"
            raise MissingModelError(message) from problem

    def logits(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Return one logit a question and text, in order; four decimals."""
        import torch

        if not texts:
            return []
        values = torch.nn.functional.linear(torch.from_numpy(self.states(texts)), self._weight, self._bias).tolist()
        return [{name: round(value, 4) for name, value in zip(self.questions, row, strict=True)} for row in values]

    def states(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return mean hidden states (texts x layers times size) over each text's own tokens, layer by layer."""
        import numpy as np

        start = self.tokenizer.bos_token_id or 0
        # The first position holds no word: causal models park attention there.
        encoded = [[start, *ids] for ids in self._encode([normalise(text) for text in texts], special=False)]
        out = np.zeros((len(texts), self._weight.shape[1]))
        for rows, ids, mask in self._batches(encoded):
            out[rows] = self._means(ids, mask).numpy()[: len(rows)]
        return out

    def _means(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        import torch

        own = mask.clone()
        own[:, 0] = 0

        def run(part: torch.Tensor, shown: torch.Tensor) -> list[torch.Tensor]:
            device = self.placement.device
            states = self.network(
                input_ids=part.to(device), attention_mask=shown.to(device), output_hidden_states=True, use_cache=False
            ).hidden_states
            return [states[layer].cpu() for layer in self.layers]

        return torch.cat([means(one, own) for one in self._halving(run, ids, mask)], dim=1)
