"""The network: one trunk, mean pooling, and small heads that read the pooled vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

STEP = 16
HIDDEN = 384
LANGUAGES = ("cs", "de", "en", "fr", "he", "hr", "ja", "liv", "ru", "sah", "uk", "zh")


@dataclass(slots=True)
class Pooled:
    """Mean vectors (float32, rows x 384) of the last and a middle layer, and of the two parts of a pair."""

    last: torch.Tensor
    middle: torch.Tensor
    first_part: torch.Tensor | None = None
    second_part: torch.Tensor | None = None

    def both(self) -> torch.Tensor:
        """Last and middle layer side by side."""
        return torch.cat([self.last, self.middle], dim=1)


class Network(nn.Module):
    """Trunk (bfloat16) and heads (float32)."""

    def __init__(self, trunk: Any, kinds: int, middle: int) -> None:
        super().__init__()
        self.trunk = trunk
        self.middle = middle
        self.origin = nn.Sequential(nn.LayerNorm(2 * HIDDEN), nn.Dropout(0.1), nn.Linear(2 * HIDDEN, 3))
        self.source = nn.Sequential(nn.LayerNorm(2 * HIDDEN), nn.Linear(2 * HIDDEN, len(LANGUAGES)))
        self.lines = nn.Sequential(nn.LayerNorm(2 * HIDDEN), nn.Linear(2 * HIDDEN, kinds))
        self.embedding = nn.Linear(HIDDEN, HIDDEN)
        self.quality = nn.Sequential(
            nn.LayerNorm(6 * HIDDEN), nn.Linear(6 * HIDDEN, 256), nn.GELU(), nn.Dropout(0.1), nn.Linear(256, 2)
        )
        with torch.no_grad():
            self.embedding.weight.copy_(torch.eye(HIDDEN))
            self.embedding.bias.zero_()

    def pool(self, texts: Sequence[Sequence[int]], splits: Sequence[int] | None = None) -> Pooled:
        """Encode token rows (special tokens included). ``splits`` gives, for pairs, where the second part begins."""
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        groups: dict[int, list[int]] = {}
        for row in order:
            groups.setdefault(-(-len(texts[row]) // STEP) * STEP, []).append(row)
        parts: list[list[torch.Tensor]] = []
        rows: list[int] = []
        for width, members in groups.items():
            parts.append(
                self._pool([texts[row] for row in members], width, [splits[row] for row in members] if splits else None)
            )
            rows += members
        back = torch.tensor(rows).argsort()
        joined = [torch.cat(column)[back] for column in zip(*parts, strict=True)]
        return Pooled(*joined)

    def _pool(self, texts: list[Sequence[int]], width: int, splits: list[int] | None) -> list[torch.Tensor]:
        ids = torch.tensor([[*row, *[self.trunk.config.pad_token_id] * (width - len(row))] for row in texts])
        lengths = torch.tensor([len(row) for row in texts])
        place = torch.arange(width)
        mask = place < lengths[:, None]
        states = self.trunk(input_ids=ids, attention_mask=mask.long(), output_hidden_states=True).hidden_states
        out = [_mean(states[-1], mask), _mean(states[self.middle], mask)]
        if splits:
            edge = torch.tensor(splits)[:, None]
            out += [_mean(states[-1], mask & (place < edge)), _mean(states[-1], mask & (place >= edge))]
        return out

    def judge_pair(self, pooled: Pooled) -> torch.Tensor:
        """Quality logits (rows x 2: direct assessment, MQM) of encoded pairs."""
        one, two = pooled.first_part, pooled.second_part
        if one is None or two is None:
            message = "encode pairs with the place where the second part begins"
            raise ValueError(message)
        return self.quality(torch.cat([pooled.both(), one, two, (one - two).abs(), one * two], dim=1))


def _mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    weight = mask.unsqueeze(-1).float()
    return (states.float() * weight).sum(1) / weight.sum(1).clamp(min=1)
