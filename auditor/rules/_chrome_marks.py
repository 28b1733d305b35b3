"""What is known of an interface line, and how neighbouring lines agree on one language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditor.data import Span
from auditor.rules._chrome_text import siblings

# Longer lines tell their language themselves.
_SHORT = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """A line (or a part of it) that is interface text. ``kind`` may be "" when only the neighbours tell it.

    ``probability`` is the classifier's where it decided, None where phrases, roles or neighbours did; ``both``: it is
    what the classifier and the second judge give together.
    """

    span: Span
    line: int
    language: str
    kind: str
    foreign: bool
    confidence: float
    alternatives: tuple[str, ...] = ()
    probability: float | None = None
    both: bool = False


def agree(marks: list[Mark]) -> list[Mark]:
    """Let neighbouring foreign lines whose languages are hard to tell apart take the one that fits most of them."""
    out: list[Mark] = []
    group: list[Mark] = []
    for mark in [*marks, None]:
        last = group[-1] if group else None
        near = mark and last and mark.foreign and last.foreign and mark.line - last.line == 1
        if mark and last and near and (mark.language == last.language or siblings(mark.language, last.language)):
            group.append(mark)
            continue
        out += _outvoted(group)
        group = [mark] if mark else []
    return out


def _outvoted(group: list[Mark]) -> list[Mark]:
    votes: dict[str, float] = {}
    for mark in group:
        for tag in (mark.language, *mark.alternatives):
            votes[tag] = votes.get(tag, 0.0) + (1.0 if tag == mark.language else 0.9)
    if len({mark.language for mark in group}) < 2:
        return group
    best = max(votes, key=lambda tag: (votes[tag], tag))
    return [
        replace(mark, language=best, alternatives=tuple(tag for tag in mark.alternatives if tag != best))
        if best in mark.alternatives or len(mark.span) <= _SHORT
        else mark
        for mark in group
    ]
