"""Foreign interface strings put into clean articles, all pairs of twenty languages; and clean text with quotations."""

from __future__ import annotations

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from auditor.data import UNSURE_LINE, Document, Finding, Origin, Score, SegmentedDocument, Span
from auditor.language import letters, script_of
from auditor.lines import LineJudge
from auditor.normalize import fold
from auditor.rules import boilerplate, chrome_kinds
from auditor.rules._chrome_text import siblings
from auditor.rules._chrome_unsure import unsure_lines
from auditor.segment import segment
from auditor.unsure import judged_again
from benchmarks._articles import Interface

LANGUAGES = (
    *("cs", "de", "en", "es", "et", "fi", "fr", "gu", "he", "hi"),
    *("hr", "it", "ja", "pl", "pt", "ro", "ru", "sv", "uk", "zh"),
)
_MARKS = {"de": "„“", "cs": "„“", "hr": "„“", "pl": "„”", "ru": "«»", "uk": "«»", "fr": "«»", "ja": "「」", "zh": "“”"}
_VERSE_WORDS = 5
WITH_ENCODER = ", with the encoder"
RULES = (*boilerplate.RULES, *chrome_kinds.RULES)


@dataclass(frozen=True, slots=True)
class _Case:
    """A page, where interface text stands on it, in which language, and the rows of the table it counts for."""

    page: SegmentedDocument
    gold: Span
    language: str
    rows: list[str]


def page_of(lines: Sequence[str]) -> SegmentedDocument:
    """A plain text of these lines."""
    return segment(Document("a", "\n".join(lines), Origin("a", "txt")))


def foreign(page: SegmentedDocument) -> list[Finding]:
    """Foreign boilerplate of a page."""
    return [one for rule in boilerplate.RULES for one in rule.check(page)]


def own(page: SegmentedDocument) -> list[Finding]:
    """Boilerplate in the page's own language."""
    return [one for rule in chrome_kinds.RULES for one in rule.check(page)]


def _letters_in(text: str, spans: Sequence[Span], within: Span) -> int:
    return sum(
        letters(text[max(one.start, within.start) : min(one.end, within.end)]) for one in spans if one.overlaps(within)
    )


def together(
    pages: Sequence[SegmentedDocument], found: Sequence[list[Finding]], judge: LineJudge | None
) -> list[list[Finding]]:
    """The findings of each page after the second judge was heard; it is asked about all lines at once."""
    if judge is None:
        return list(found)
    asked = [[page.lines[one.line].span for one in unsure_lines(page)] for page in pages]
    texts = sorted({span.cut(page.text) for page, spans in zip(pages, asked, strict=True) for span in spans})
    said = dict(zip(texts, judge.judge(texts), strict=True))
    return [
        judged_again(page, RULES, own, [Score("a", span, UNSURE_LINE, said[span.cut(page.text)]) for span in spans])
        for page, own, spans in zip(pages, found, asked, strict=True)
    ]


def inject(
    hosts: dict[str, list[list[str]]],
    each: int,
    held_out: Sequence[str],
    given: tuple[list[Interface], dict[str, set[str]]],
    judge: LineJudge | None = None,
) -> list[str]:
    """The table of all pairs; ``each`` pages a pair. ``held_out`` languages are reported apart.

    With a second judge each row comes twice: the rules alone, and after it was heard.
    """
    chance = random.Random(3)  # noqa: S311 - a sample, no secret
    pool, known = given
    groups: dict[str, dict[tuple[str, str], list[Interface]]] = defaultdict(lambda: defaultdict(list))
    for one in pool:
        groups[one.language][one.product, one.category].append(one)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    cases: list[_Case] = []
    for host in (one for one in LANGUAGES if one in hosts):
        for other in LANGUAGES:
            for _ in range(each if host != other else 0):
                chosen = _run(chance, groups[other], known.get(host, set()))
                if chosen:
                    page, gold = _one_page(chance.choice(hosts[host]), chosen, chance)
                    cases.append(_Case(page, gold, other, _rows_of(host, other, held_out)))
    told = [[*foreign(case.page), *own(case.page)] for case in cases]
    for case, alone, both in zip(cases, told, together([case.page for case in cases], told, judge), strict=True):
        for name, every in (("", alone), *([(WITH_ENCODER, both)] if judge else [])):
            strange, mine = ([one for one in every if (one.rule == "BP001") == is_one] for is_one in (True, False))
            _count(case, (strange, mine), name, counts)
    lines = [
        "| pairs | passages | precision | recall | F1 | language named | marked in any way |",
        "|---|---|---|---|---|---|---|",
    ]
    # Each row of the rules alone, then the same with the encoder.
    names = sorted(counts, key=lambda name: (name.removesuffix(WITH_ENCODER), name))
    return [*lines, *(_row(name, counts[name]) for name in names)]


def _run(chance: random.Random, own_groups: dict[tuple[str, str], list[Interface]], host: set[str]) -> list[Interface]:
    """One to three strings of one product and category; none that the host's language spells the same."""
    for _ in range(20 if own_groups else 0):
        texts = [one for one in own_groups[chance.choice(sorted(own_groups))] if fold(one.text) not in host]
        if texts:
            return chance.sample(texts, min(len(texts), chance.choice((1, 1, 2, 3))))
    return []


def _one_page(
    article: Sequence[str], chosen: Sequence[Interface], chance: random.Random
) -> tuple[SegmentedDocument, Span]:
    at = chance.choice((0, len(article), len(article), chance.randint(1, max(1, len(article) - 1))))
    page = page_of([*article[:at], *(one.text for one in chosen), *article[at:]])
    start = sum(len(line) + 1 for line in article[:at])
    return page, Span(start, start + sum(len(one.text) + 1 for one in chosen) - 1)


def _rows_of(host: str, other: str, held_out: Sequence[str]) -> list[str]:
    scripts = "same script" if script_of(host) == script_of(other) else "other script"
    keys = [scripts, "all"]
    keys += [f"{scripts}, neighbours"] if siblings(host, other) else []
    return keys + ([f"{scripts}, language held out"] if other in held_out else [])


def _count(
    case: _Case, given: tuple[list[Finding], list[Finding]], suffix: str, counts: dict[str, Counter[str]]
) -> None:
    page, gold, (found, in_own) = case.page, case.gold, given
    spans = [one.span for one in found]
    hit = 2 * _letters_in(page.text, spans, gold) >= letters(gold.cut(page.text))
    right = [one for one in found if 2 * _letters_in(page.text, [gold], one.span) >= letters(one.quote)]
    tags = {tag for one in right for tag in (one.data["language"], *one.data.get("alternatives", ()))}  # type: ignore[misc]
    any_way = hit or 2 * _letters_in(page.text, [*spans, *(one.span for one in in_own)], gold) >= letters(
        gold.cut(page.text)
    )
    for key in case.rows:
        counts[key + suffix].update(
            runs=1, hit=hit, findings=len(found), right=len(right), named=hit and case.language in tags, any=any_way
        )


def _row(name: str, one: Counter[str]) -> str:
    precision, recall = one["right"] / max(1, one["findings"]), one["hit"] / max(1, one["runs"])
    score = 2 * precision * recall / max(1e-9, precision + recall)
    named, marked = one["named"] / max(1, one["hit"]), one["any"] / max(1, one["runs"])
    return f"| {name} | {one['runs']} | {precision:.3f} | {recall:.3f} | {score:.3f} | {named:.3f} | {marked:.3f} |"


def clean(given: dict[str, list[list[str]]], judge: LineJudge | None = None, *, show: bool = False) -> list[str]:
    """How many findings clean text has that holds quotations, verses and whole paragraphs in other languages.

    The texts are as the corpora have them, with photo credits, calls to subscribe and links to other articles among
    their lines. Findings that a person read and found right are listed in ``clean_read.tsv`` by the digest of their
    quote; all others count as wrong in the last column. With a second judge a last row has the findings
    after it was heard.
    """
    chance = random.Random(4)  # noqa: S311 - a sample, no secret
    hosts = {tag: own_articles for tag, own_articles in given.items() if tag in LANGUAGES}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    made: list[tuple[str, SegmentedDocument]] = []
    for host, own_articles in hosts.items():
        for number, article in enumerate(own_articles):
            other = chance.choice([tag for tag in hosts if tag != host])
            texts = chance.choice(hosts[other])
            form = ("plain", "quotation on its line", "quotation in a line", "two languages", "verse")[number % 5]
            made.append((form, page_of(_with(form, article, texts, (host, chance)))))
    told = [[*foreign(page), *own(page)] for _, page in made]
    for (form, page), found, both in zip(made, told, together([page for _, page in made], told, judge), strict=True):
        for key, every in ((form, found), ("all", found), *([(f"all{WITH_ENCODER}", both)] if judge else [])):
            wrong = [one for one in every if digest(one.quote) not in read_right()]
            strange = [one for one in every if one.rule == "BP001"]
            counts[key].update(sentences=len(page.sentences), foreign=len(strange), own=len(every) - len(strange))
            counts[key].update(major=sum(one.severity.label == "major" for one in strange), wrong=len(wrong))
        for one in (*found, *(one for one in both if one not in found)) if show else ():
            verdict = "right" if digest(one.quote) in read_right() else "wrong"
            print(f"{form} {one.rule} {one.data['method']} {verdict} {digest(one.quote)} {one.quote[:90]!r}")
    lines = [
        "| text | sentences | BP001 | of these major | BP1xx | one finding in | wrong | one wrong in |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, one in sorted(counts.items()):
        shown = [one["foreign"], one["major"], one["own"], _rate(one["sentences"], one["foreign"] + one["own"])]
        shown += [one["wrong"], _rate(one["sentences"], one["wrong"])]
        lines.append(f"| {name} | {one['sentences']:,} | {' | '.join(map(str, shown))} |")
    return lines


def _rate(sentences: int, findings: int) -> str:
    return f"{sentences / findings:,.0f} sentences" if findings else "-"


def digest(quote: str) -> str:
    """What a finding's quote is known by in ``clean_read.tsv``, which holds no text of the corpora."""
    return hashlib.sha256(fold(" ".join(quote.split())).encode()).hexdigest()[:12]


@cache
def read_right() -> frozenset[str]:
    """Quotes found in clean text that a person judged to be interface text indeed."""
    lines = (Path(__file__).parent / "clean_read.tsv").read_text("utf-8").splitlines()
    return frozenset(line.split("\t")[0] for line in lines if line and not line.startswith("#"))


def _with(form: str, article: Sequence[str], texts: Sequence[str], names: tuple[str, random.Random]) -> list[str]:
    host, chance = names
    marks = _MARKS.get(host, "“”")
    at = chance.randint(1, len(article))
    quote = f"{marks[0]}{chance.choice(texts)}{marks[1]}"
    if form == "quotation on its line":
        return [*article[:at], quote, *article[at:]]
    if form == "quotation in a line":
        return [*article[: at - 1], f"{article[at - 1]} {quote}", *article[at:]]
    if form == "two languages":
        return [line for pair in zip(article, texts, strict=False) for line in pair]
    if form == "verse":
        words = " ".join(texts[:2]).split()
        step = _VERSE_WORDS if len(words) > 12 else max(1, len(words))
        verse = [" ".join(words[k : k + step]).strip(".,") for k in range(0, min(len(words), 6 * step), step)]
        return [*article[:at], *verse, *article[at:]]
    return list(article)
