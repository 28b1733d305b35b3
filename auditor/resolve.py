"""From observations to findings: what corpus rules say of documents together, and which findings of one are kept."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from auditor.data import Finding, Observation
from auditor.registry import BaseRule, CorpusRule, Embed

Thing = TypeVar("Thing")

# Observations of one key are compared with each other; so many at once, so that the cost stays linear where
# a key is as common as a president's name in an archive of the web.
MOST_COMPARED = 2_000
_COVERED_BY_BOILERPLATE = ("LI", "MT", "LM")


def resolve_all(
    rules: Sequence[BaseRule], observations: Iterable[Observation], notices: list[str], embed: Embed | None = None
) -> Iterator[Finding]:
    """Group observations by rule and key and resolve each group; what goes wrong is added to ``notices``."""
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for seen in observations:
        groups[seen.rule, seen.key].append(seen)
    corpus = {rule.meta.code: rule for rule in rules if isinstance(rule, CorpusRule)}
    for code, key in sorted(groups):
        ordered = sorted(groups[code, key], key=lambda seen: (seen.document_id, seen.span, seen.quote))
        for chunk in batched(ordered, MOST_COMPARED):
            found, fault = resolve_group(corpus[code], chunk, embed)
            notices += [fault] if fault else []
            yield from found


def resolve_group(
    rule: CorpusRule, observations: Sequence[Observation], embed: Embed | None = None
) -> tuple[list[Finding], str]:
    """The findings from observations of one key, which come sorted, and what went wrong ("" for nothing)."""
    found: list[Finding] = []
    try:
        found.extend(rule.resolve_with(observations, embed))
    except Exception as problem:  # noqa: BLE001 - one group's fault must not lose a run
        return found, f"{rule.meta.code} failed on {observations[0].key!r}: {type(problem).__name__}: {problem}"
    return found, ""


def batched(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """Consecutive lists of at most ``size`` things."""
    source = iter(things)
    while some := list(islice(source, size)):
        yield some


def settle(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings by place and rule, drop equal ones, and what merely repeats that a passage is boilerplate."""
    unique = {(one.rule, one.span): one for one in sorted(findings, key=lambda one: (one.severity, one.confidence))}
    # What is a model's or a site's own words in another language is said once.
    told = {one.span for one in unique.values() if one.rule.startswith(("TD", "LM"))}
    chrome = sorted(one.span for one in unique.values() if one.rule == "BP001")
    starts = [span.start for span in chrome]

    def covered(one: Finding) -> bool:
        # Passages of boilerplate do not overlap, so only the last one that begins before can hold the finding.
        if one.rule == "LI002" and one.span in told:
            return True
        at = bisect_right(starts, one.span.start) - 1
        return one.rule.startswith(_COVERED_BY_BOILERPLATE) and at >= 0 and chrome[at].contains(one.span)

    kept = [one for one in unique.values() if not covered(one)]
    return sorted(kept, key=lambda one: (one.span, one.rule))
