"""Recall, precision and false alarms of the name rules on real machine translation and clean human text.

    python -m benchmarks.names [--shared ../shared] [--part dev] [--limit 0] [--write docs/names_figures.md]

Items are the garbled names of ``benchmarks.names_gold``. With a story: the document of the system at fault, the
reference and one other system's translation of the same lines. Alone: the document at fault by itself; counted are the
items whose right form the shipped tables can suggest (public figures, places of 100,000 inhabitants, countries,
regions and the places of ``places_known.tsv``) or whose wrong form is an invalid romanisation, without those that
nobody can see in one document (``benchmarks.names_alone``: Belgrade where Belgorod was meant). Intervals are 95 %
bootstrap intervals over documents (1,000 samples, fixed seed). Systems into languages other than English are too few a
line for the definition except in the training part. The training and development parts were tuned on.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.false_alarms import words
from benchmarks.names_alone import covered, unseen
from benchmarks.names_cases import Case, cases, interval, run
from benchmarks.names_clean import clean, clean_in_story
from benchmarks.names_gold import read

_LANGUAGES = {"dev": ("en",), "test": ("en",), "train": ("en", "de", "ru")}


def in_story(made: Sequence[Case], *, show: bool) -> Iterator[str]:
    """Recall and precision with two documents of the same story, by source language."""
    on_mates = run(made, story=True)
    yield "| from | into | documents | recall | recall at severity major | precision |"
    yield "|---|---|---|---|---|---|"
    for source in [*sorted({case.source for case in made}), "all"]:
        own = [case for case in made if source in {"all", case.source}]
        hit = interval(own, lambda case: (sum(case.hits), len(case.hits)))
        strong = interval(own, lambda case: (sum(case.strong_hits), len(case.hits)))
        right = interval(own, lambda case: (len(case.found) - len(case.strays), len(case.found)))
        yield f"| {source} | {own[0].language} | {len(own)} | {hit} | {strong} | {right} |"
    strays = [(case, one) for case in made for one in case.strays]
    alone = sum(not all(any(word in mate for mate in case.mates) for word in one.quote.split()) for case, one in strays)
    size = sum(words(mate) for case in made for mate in case.mates)
    yield ""
    yield (
        f"Of the {len(strays)} findings on no item {alone} are on words that neither of the two clean documents has. "
        f"On the clean documents of these stories, which differ in names more often than others: {len(on_mates)} "
        f"findings, "
        f"{len(on_mates) / max(1.0, size) * 50_000:.2f} per 50,000 words."
    )
    if show:
        _show(made, known_only=False)


def alone(made: Sequence[Case], *, show: bool) -> Iterator[str]:
    """Recall of each document by itself, of the items that the tables cover and that one document can show."""
    run(made, story=False)
    hidden: Counter[str] = Counter()
    for case in made:
        case.known = [covered(case, item) for _, _, item in case.spans]
        reasons = [unseen(item, case.text, low) for low, _, item in case.spans]
        hidden.update(why for why, counts in zip(reasons, case.known, strict=True) if counts and why)
        case.seen = [counts and not why for why, counts in zip(reasons, case.known, strict=True)]
    yield "| from | items | covered by the tables | one document can show | found of these |"
    yield "|---|---|---|---|---|"
    for source in [*sorted({case.source for case in made}), "all"]:
        yield _row(source, [case for case in made if source in {"all", case.source}])
    yield ""
    yield f"Covered by the tables: {interval(made, lambda case: (sum(case.known), len(case.known)))}."
    yield "Of the covered one document cannot show: " + (_counts(hidden) or "none") + "."
    for kind, listed in (("Recall of the others", "seen"), ("Recall of all covered", "known")):
        hit, strong = (interval(made, _recall(listed, which)) for which in ("hits", "strong_hits"))
        yield f"{kind}: {hit}, at severity major {strong}."
    yield f"Recall of all items: {interval(made, lambda case: (sum(case.hits), len(case.hits)))}."
    if show:
        _show(made, known_only=True)


def _row(source: str, own: Sequence[Case]) -> str:
    """Items, those covered, those that one document can show and those of them found, of one source language."""
    found = sum(sum(map(min, case.hits, case.seen)) for case in own)
    items = sum(len(case.spans) for case in own)
    known, seen = sum(sum(case.known) for case in own), sum(sum(case.seen) for case in own)
    return f"| {source} | {items} | {known} | {seen} | {found} |"


def _recall(counted: str, hits: str) -> Callable[[Case], tuple[int, int]]:
    """Found and counted items of a case, both by the name of their list."""

    def ratio(case: Case) -> tuple[int, int]:
        wanted: list[bool] = getattr(case, counted)
        return sum(map(min, getattr(case, hits), wanted)), sum(wanted)

    return ratio


def _counts(of: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(of.items(), key=lambda pair: (-pair[1], pair[0])))


def _show(made: Sequence[Case], *, known_only: bool) -> None:
    """Print what was missed and what was found beside the items."""
    for case in made:
        known = case.seen or [True] * len(case.spans)
        for (low, high, item), hit, counts in zip(case.spans, case.hits, known, strict=True):
            if (counts or not known_only) and (known_only or not hit):
                context = case.text[max(0, low - 60) : high + 40].replace("\n", "/")
                print("HIT " if hit else "MISS", case.name, item.wrong, "<-", item.right, "|", context)
        for one in case.strays:
            print("STRAY", case.name, one.rule, one.severity.label, one.quote, "->", one.suggestion)


def report(shared: Path, part: str, limit: int, *, show: bool) -> Iterator[str]:
    """All tables of one part of the data."""
    yield f"## Part {part}"
    for language in _LANGUAGES[part]:
        segments = read(shared, part, language)
        made = cases(segments, language)
        random.Random(2).shuffle(made)  # noqa: S311 - a sample, no secret
        made = made[: limit or None]
        yield f"\n### Garbled names in {language} text, with two clean documents of the story\n"
        yield from in_story(made, show=show)
        yield f"\n### Garbled names in {language} text, each document alone\n"
        yield from alone(made, show=show)
        yield f"\n### Clean references in {language}, in a story with machine translations\n"
        yield clean_in_story(segments, limit, show=show)
    yield "\n### Clean human text, each document alone\n"
    yield from clean(shared, part, limit, show=show)
    yield ""


def main() -> None:
    """Print the figures; with ``--write`` also put them into a file."""
    parser = argparse.ArgumentParser(description="Recall and false alarms of the name rules")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--part", action="append", choices=sorted(_LANGUAGES), help="may be given several times")
    parser.add_argument("--limit", type=int, default=0, help="at most so many documents of each kind")
    parser.add_argument("--show", action="store_true", help="print misses and strays (not of the test part)")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    lines = []
    for part in options.part or ["dev"]:
        for line in report(options.shared, part, options.limit, show=options.show and part != "test"):
            print(line, flush=True)
            lines.append(line)
    if options.write:
        head = f"# Names on real machine translation\n\n{__doc__ or ''}\n"
        options.write.write_text(head + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
