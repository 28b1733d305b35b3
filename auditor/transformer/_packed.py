"""A BERT over the tokens of many texts in one row: nothing is padded, and no result depends on what stands beside it.

Linear layers see one long row of tokens; attention sees texts of one length at a time, each by itself. A matrix product
may add up in another order when it has few rows, so short rows are filled up to a number from which this machine's
products of any number of rows agree bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from auditor.errors import MissingModelError

if TYPE_CHECKING:
    import torch

    # Numbers of the texts, and their states in the last and in the middle layer (texts x tokens x size).
    States = tuple[list[int], torch.Tensor, torch.Tensor]

_TRIED = (64, 256, 512, 1024, 2048, 4096)
_MOST = 8192


class Packed:
    """The layers of a loaded BERT; ``middle`` is the layer whose states are wanted beside the last one's.

    ``layers`` stand in for the network's own where given. ``compiled`` has what follows attention compiled.

    Raises MissingModelError for another kind of model.
    """

    def __init__(self, network: Any, middle: int, layers: Sequence[Any] = (), *, compiled: bool = False) -> None:
        import torch

        if network.config.model_type != "bert":
            message = f"an encoder with heads must be a BERT, not {network.config.model_type}"
            raise MissingModelError(message)
        self._network = network
        self._middle = middle
        self._heads = int(network.config.num_attention_heads)
        self._joined = []
        self._layers = list(layers or network.encoder.layer)
        for layer in self._layers:
            own = layer.attention.self
            parts = (own.query, own.key, own.value)
            weight, bias = (torch.cat([getattr(one, name).detach() for one in parts]) for name in ("weight", "bias"))
            self._joined.append((weight, bias))
        # The number of tokens differs from row to row.
        self._rest: Callable[..., torch.Tensor] = torch.compile(_rest, dynamic=True) if compiled else _rest
        self._least = self._steady()
        # Rows that were computed, fillers among them.
        self.rows = 0

    def _steady(self) -> int:
        """The smallest number of rows from which on products do not depend on their number; on a GPU any number."""
        import torch

        weight = self._network.encoder.layer[0].output.dense.weight
        if weight.device.type != "cpu":
            return 0
        rows = torch.arange(_MOST * weight.shape[1]) % 251 - 125
        many = (rows.reshape(_MOST, -1) / 125).to(weight.dtype)
        with torch.inference_mode():
            whole = torch.nn.functional.linear(many, weight)
            agreed = [torch.equal(torch.nn.functional.linear(many[:one], weight), whole[:one]) for one in _TRIED]
        last = max((at for at, same in enumerate(agreed) if not same), default=-1)
        return (*_TRIED, _TRIED[-1])[last + 1]

    def run(self, encoded: Sequence[Sequence[int]], budget: int) -> Iterator[States]:
        """Yield the states of all texts, some at a time, in rows of about ``budget`` tokens."""
        order = sorted(range(len(encoded)), key=lambda at: len(encoded[at]))
        part: list[int] = []
        held = 0
        for at in order:
            if part and held + len(encoded[at]) > budget:
                yield from self._attempt(part, encoded)
                part, held = [], 0
            part.append(at)
            held += len(encoded[at])
        if part:
            yield from self._attempt(part, encoded)

    def _attempt(self, part: list[int], encoded: Sequence[Sequence[int]]) -> list[States]:
        """The states of some texts; on a full GPU half of them at a time."""
        import torch

        try:
            with torch.inference_mode():
                return self._states(part, encoded)
        except torch.cuda.OutOfMemoryError:
            if len(part) == 1:
                raise
            torch.cuda.empty_cache()
            half = len(part) // 2
            return [*self._attempt(part[:half], encoded), *self._attempt(part[half:], encoded)]

    def _states(self, part: list[int], encoded: Sequence[Sequence[int]]) -> list[States]:
        groups = [(length, list(rows)) for length, rows in groupby(part, key=lambda at: len(encoded[at]))]
        states = self._embedded(part, encoded)
        middle = states
        for number, layer in enumerate(self._layers):
            if number == self._middle:
                middle = states
            states = self._layer(layer, self._joined[number], states, groups)
        if self._middle >= len(self._joined):
            middle = states
        found: list[States] = []
        at = 0
        for length, rows in groups:
            end, shape = at + length * len(rows), (len(rows), length, -1)
            found.append((rows, states[at:end].view(shape), middle[at:end].view(shape)))
            at = end
        return found

    def _embedded(self, part: list[int], encoded: Sequence[Sequence[int]]) -> torch.Tensor:
        """Word, place and segment of every token, and zeros up to the number of rows that products need."""
        import torch

        tables = self._network.embeddings
        ids = [token for at in part for token in encoded[at]]
        places = [place for at in part for place in range(len(encoded[at]))]
        filler = [0] * max(0, self._least - len(ids))
        self.rows += len(ids) + len(filler)
        row = torch.tensor([ids + filler, places + filler])
        device = tables.word_embeddings.weight.device
        if device.type == "cuda":
            row = row.pin_memory()
        row = row.to(device, non_blocking=True)
        summed = tables.word_embeddings(row[0]) + tables.token_type_embeddings.weight[0]
        found: torch.Tensor = tables.LayerNorm(summed + tables.position_embeddings(row[1]))
        return found

    def _layer(
        self, layer: Any, joined: tuple[torch.Tensor, torch.Tensor], states: torch.Tensor, groups: Sequence[Any]
    ) -> torch.Tensor:
        import torch

        linear = torch.nn.functional.linear
        three = linear(states, *joined)
        seen = torch.zeros_like(states)
        at = 0
        for length, rows in groups:
            end = at + length * len(rows)
            # texts x tokens x (query, key, value) x heads x size, heads before tokens
            own = three[at:end].view(len(rows), length, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
            mixed = torch.nn.functional.scaled_dot_product_attention(own[0], own[1], own[2])
            seen[at:end] = mixed.transpose(1, 2).reshape(end - at, -1)
            at = end
        return self._rest(layer, seen, states)


def _rest(layer: Any, seen: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
    """What a layer does with what attention saw: tokens x size, twice, to tokens x size."""
    attention, output = layer.attention.output, layer.output
    states = attention.LayerNorm(attention.dense(seen) + states)
    wide = layer.intermediate.intermediate_act_fn(layer.intermediate.dense(states))
    found: torch.Tensor = output.LayerNorm(output.dense(wide) + states)
    return found
