"""What was left in the source's words, and loops that the source does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from auditor.data import Finding, RuleMeta, Severity, Span
from auditor.language import candidates as languages_of
from auditor.language import script_of, scripts
from auditor.pairs._view import PairCheck, Side, View

# Names and titles stay; so many running words of which so many are in lower case do not.
_RUN = 5
_LOWER = 3
# Scripts written without blanks are compared by letters.
_UNSPACED = frozenset({"Hani", "Kana", "Thai", "Khmr", "Laoo", "Mymr"})
_RUN_OF_LETTERS = 12
_SURE = 0.6
_PERIODS = range(1, 9)
_LOOPS = 3


class Untranslated(PairCheck):
    """Finds passages that stand in the translation as they stand in the source.

    Why: a passage that was not translated is lost on its readers.
    How: five or more words in a row that both sides have, three of them in lower case, or twelve letters in a row of a
    script without blanks that the target's language does not use. A translation that is the whole source again counts
    from four words.
    Limits: titles, quotations, code and addresses that stay on purpose look alike; so the languages must differ, and
    a run of capitalised words (a title, a name) is passed over.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP001", "pair-untranslated", Severity.MAJOR, "108000", "untranslated")

    def check(self, pair: View) -> Iterator[Finding]:
        """Yield runs of the target that were copied from the source."""
        source, target = pair.source, pair.target
        if not source.language or source.language == target.language:
            return
        for span in _copied(source, target):
            found = languages_of(span.cut(target.text).replace("\n", " "))
            # What a third language says in both, or the target's own, was quoted, not forgotten.
            if found and found[0][0] != source.language and found[0][1] > _SURE:
                continue
            yield self.at(pair, target, span, "These words stand in the source as well and were not translated.")


def _copied(source: Side, target: Side) -> Iterator[Span]:
    if main := _UNSPACED & set(scripts(source.text)):
        if script_of(target.language) not in main | {"Hani", "Kana"}:
            yield from _copied_letters(source.text, target.text)
        return
    ours, theirs = (tuple(side.folded[span.start : span.end] for span in side.words) for side in (target, source))
    least = 4 if ours == theirs else _RUN
    known = {theirs[at : at + least] for at in range(len(theirs) - least + 1)}
    at = 0
    while at + least <= len(ours):
        end = at + least
        if ours[at:end] not in known:
            at += 1
            continue
        while end < len(ours) and ours[end - least + 1 : end + 1] in known:
            end += 1
        span = Span(target.words[at].start, target.words[end - 1].end)
        words = [one.cut(target.text) for one in target.words[at:end]]
        lower = len({word for word in words if word.islower() and word.isalpha() and len(word) > 1})
        cased = any(word != word.lower() for word in target.text.split()) or source.text.lower() != source.text.upper()
        if lower >= _LOWER or (not cased and len(set(words)) >= _RUN):
            yield span
        at = end


def _copied_letters(source: str, target: str) -> Iterator[Span]:
    """Runs of letters of a script without blanks that stand in both texts."""
    size = _RUN_OF_LETTERS
    known = {source[at : at + size] for at in range(len(source) - size + 1)}
    at = 0
    while at + size <= len(target):
        piece = target[at : at + size]
        if piece not in known or sum(scripts(piece)[name] for name in _UNSPACED) < size - 2:
            at += 1
            continue
        end = at + size
        while end < len(target) and target[end - size + 1 : end + 1] in known:
            end += 1
        yield Span(at, end)
        at = end


class Loop(PairCheck):
    """Finds words that the translation repeats again and again, and the source does not.

    Why: translation engines that lose their place say the same phrase until they are cut off.
    How: a phrase of one to eight words at least four times in a row (six for a single word), where the source has no
    such row.
    Limits: songs and chants that the source does not spell out.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP011", "pair-loop", Severity.MAJOR, "104000", "duplication")

    def check(self, pair: View) -> Iterator[Finding]:
        """Yield the longest loop of the target."""
        found = _loop(pair.target)
        if found and not _loop(pair.source):
            yield self.at(pair, pair.target, found, "The translation repeats these words; the source does not.")


def _loop(side: Side) -> Span | None:
    words = [side.folded[span.start : span.end] for span in side.words]
    best = (0, 0)
    for period in _PERIODS:
        run = 0
        for at in range(period, len(words)):
            run = run + 1 if words[at] == words[at - period] and not words[at].isdigit() else 0
            least = period * _LOOPS if period > 1 else _LOOPS + 2
            if run >= least and run + period > best[1] - best[0]:
                best = (at - run - period + 1, at + 1)
    return Span(side.words[best[0]].start, side.words[best[1] - 1].end) if best[1] else None
