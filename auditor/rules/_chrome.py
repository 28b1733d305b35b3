"""Which lines of a page are interface text, in which language and of which kind: what BP and LI rules share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from auditor.data import SegmentedDocument, Span
from auditor.language import candidates, letters, primary, script_of
from auditor.lexicon import load
from auditor.rules._chrome_judged import Judged
from auditor.rules._chrome_look import apart, body, is_doubled, look_at
from auditor.rules._chrome_marks import Mark, agree
from auditor.rules._chrome_table import ANY_LANGUAGE, LONG, NOT_CHROME, Phrase, table
from auditor.rules._chrome_text import in_quotes, likeliest, other_standard, siblings, spelled_otherwise
from auditor.rules._memo import once_a_page

KINDS = (
    *("navigation", "consent", "outdated_browser", "share", "subscribe", "related", "comments", "credits", "legal"),
    *("app_download", "advertising", "pagination", "login", "search", "language_switcher", "other"),
)
_ROLES = frozenset({"navigation", "footer", "aside", "dialog", "form"})
_END = re.compile(r"(?:[.!?。！？…।؟][\"'”»)]*|[:;]-?[)(])$")
_QUOTE = re.compile(r"[\"“”„«»「」『』]")
_LEAD = 30
_SHAPE_CHARS, _SHAPE_WORDS = 60, 7
_REACH, _SURE = 6, 0.9


@once_a_page
def chrome(page: SegmentedDocument) -> tuple[Mark, ...]:
    """All interface lines of a page, in reading order."""
    return tuple(Reader(page).read())


class Reader:
    """Looks at every line once, then lets neighbours speak for lines that say too little themselves."""

    def __init__(self, page: SegmentedDocument) -> None:
        self.page = page
        self.main = primary(page.language.tag)
        self.lines = page.lines
        self.looks = look_at(page)
        self.first, self.last = body(page, self.looks)

    def read(self) -> list[Mark]:
        marks: list[Mark | None] = [self._judge(at) for at in range(len(self.lines))]
        judged = Judged(self.page, self.looks, self.is_item)
        judged.drop_unlikely(marks, [at for at, mark in enumerate(marks) if mark and self.looks[at].is_weak])
        forwards = range(len(marks))
        for at in (*forwards, *reversed(forwards)) if any(marks) else ():
            if marks[at] is None:
                marks[at] = self._by_neighbours(at, marks)
        shaped = [at for at, mark in enumerate(marks) if mark is None and judged.foreign[at]]
        for at in shaped:
            marks[at] = self._by_shape(at, marks)
        judged.drop_unlikely(marks, [at for at in shaped if (mark := marks[at]) and not mark.kind])
        judged.drop_doubtful(marks)
        judged.add(marks)
        for at in (*forwards, *reversed(forwards)) if any(marks) else ():
            if marks[at] is None:
                marks[at] = self._beside_judged(at, marks)
        judged.drop_broken(marks)
        return agree([one for one in marks if one is not None])

    def _judge(self, at: int) -> Mark | None:
        """What a line says by itself."""
        line, look = self.lines[at], self.looks[at]
        role = line.role or line.link_density
        if not look.phrases and not role and not is_doubled(self.page, at):
            return None
        kinds = [one for one in look.phrases if one.kind not in NOT_CHROME]
        if apart(self.page, look, at) or len(kinds) < len(look.phrases):
            return self._repeated_credit(at)
        if not kinds:
            return self._by_role(at)
        languages = list(dict.fromkeys(one.language for one in kinds if one.language != ANY_LANGUAGE))
        own = primary(line.language.tag)
        clear = not line.borrowed and own != self.main and line.language.confidence >= 0.5
        if line.borrowed and own != self.main and at > self.last and self._between(at, own, languages):
            # 'Google Chrome', or a heading in the page's language, inside a notice in a third language.
            return Mark(line.span, at, own, kinds[0].kind, foreign=True, confidence=0.8)
        brand = any(one.language == ANY_LANGUAGE for one in kinds) and (look.strength >= 0.9 or not languages)
        if brand and (not clear or own not in languages):
            return self._neutral(at, kinds)
        if not languages:
            return None
        foreign = self.main not in languages
        if not foreign and clear and own in languages and not siblings(own, self.main):
            foreign = True
        if not foreign and own in languages and spelled_otherwise(line.span.cut(self.page.text), own, self.main):
            foreign = True
        if not foreign:
            if clear and not siblings(own, self.main) and script_of(own) != script_of(self.main):
                return None
            return self._native(at, [one for one in kinds if one.language == self.main])
        return self._foreign(at, kinds, languages)

    def _between(self, at: int, tag: str, languages: Sequence[str]) -> bool:
        """Whether lines that are surely in a language stand on both sides (on one, for brands)."""
        sides = []
        for step in (-1, 1):
            near = range(at + step, at + step * (_REACH + 1), step)
            sure = (self.lines[i] for i in near if 0 <= i < len(self.lines) and not self.lines[i].borrowed)
            first = next(sure, None)
            sides.append(first is not None and primary(first.language.tag) == tag)
        return all(sides) if languages else any(sides)

    def _neutral(self, at: int, kinds: list[Phrase]) -> Mark | None:
        """Words of every language: 'Menu' is chrome by itself, a brand only among other interface lines."""
        line = self.lines[at]
        kind = next((one.kind for one in kinds if one.language == ANY_LANGUAGE), "")
        own = primary(line.language.tag)
        alone = kind in {"navigation", "login", "consent", "subscribe"} and self.looks[at].strength >= 0.85
        outside = at < self.first or at > self.last
        if not alone or not outside or self.last < 0 or own != self.main:
            return None
        return Mark(line.span, at, self.main, kind, foreign=False, confidence=0.7)

    def _native(self, at: int, kinds: list[Phrase]) -> Mark | None:
        line, look = self.lines[at], self.looks[at]
        text = line.span.cut(self.page.text)
        whole = any(one.whole for one in kinds)
        prose = len(text) > 90 or (len(text) > 45 and _END.search(text)) or _QUOTE.search(text)
        if not whole and prose:
            return self._fused(at) if len(text) > LONG else self._notice(at)
        if self.main == "zh" and (variant := other_standard(text, self.page)):
            return Mark(line.span, at, variant, kinds[0].kind, foreign=True, confidence=look.strength)
        return Mark(line.span, at, self.main, kinds[0].kind, foreign=False, confidence=look.strength)

    def _notice(self, at: int) -> Mark | None:
        """A sentence that no article holds ('we use cookies to …') makes the line chrome, even with a full stop."""
        line = self.lines[at]
        found = self._notices(at)
        return Mark(line.span, at, self.main, found[0][1].kind, foreign=False, confidence=0.85) if found else None

    def _notices(self, at: int) -> list[tuple[Span, Phrase]]:
        """Notices of the page's language in a line, those that it puts in quotation marks left out."""
        start, text = self.lines[at].span.start, self.lines[at].span.cut(self.page.text)
        return [
            (span, phrase)
            for span, phrase in table().scan_part(self.page.folded, self.lines[at].span)
            if phrase.notice
            and phrase.language == self.main
            and phrase.kind not in NOT_CHROME
            and not in_quotes(text, span.start - start)
        ]

    def _fused(self, at: int) -> Mark | None:
        """Notices in a long line of the page's language: outside the running text the line, else one sentence."""
        line = self.lines[at]
        found = self._notices(at)
        if not found:
            return None
        sentences = [one.span for one in self.page.sentences if one.block == at]
        hit = [span for span in sentences if any(span.overlaps(place) for place, _ in found)]
        if not hit:
            return None
        outside = self._outside(at)
        if hit[0] == sentences[0] and (outside or len(sentences) == 1) and len(line.span) < 8 * LONG:
            span = line.span
        elif hit[-1] == sentences[-1] and len(hit[-1]) <= 220 and not _QUOTE.search(hit[-1].cut(self.page.text)):
            span = hit[-1]
        else:
            return None
        return Mark(span, at, self.main, found[0][1].kind, foreign=False, confidence=0.8)

    def _outside(self, at: int) -> bool:
        """Whether no running text follows, or none came before, this line itself left out."""
        others = [other for other in (self.first, self.last) if other != at]
        return not others or at > max(others) or at < min(others) or self.last == at

    def _foreign(self, at: int, kinds: list[Phrase], languages: list[str]) -> Mark | None:
        line, look = self.lines[at], self.looks[at]
        text = line.span.cut(self.page.text)
        own = primary(line.language.tag)
        sure = not line.borrowed and own == self.main and line.language.confidence >= 0.8 and letters(text) >= 25
        exact = look.strength >= 0.9 or any(one.whole for one in kinds)
        near = any(siblings(tag, self.main) for tag in languages)
        if sure and not (exact and near):
            return None
        if not exact and own == self.main and not line.borrowed and script_of(languages[0]) == script_of(self.main):
            return None
        if self.is_item(at) or (look.strength >= 0.9 and not self._likely(text, languages)):
            return None
        if "@" in text:
            # A contact line belongs to its author, whatever its label.
            return None
        if len(text) > 3 * LONG or (_QUOTE.search(text) and not exact and len(text) < 40):
            return None
        if letters(text) < 4 and not look.strength >= 0.9:
            return None
        language = own if own in languages else likeliest(text, languages)
        kind = next((one.kind for one in kinds if one.language == language), kinds[0].kind)
        rest = tuple(tag for tag in languages if tag != language)
        return Mark(line.span, at, language, kind, foreign=True, confidence=look.strength, alternatives=rest)

    def _likely(self, text: str, languages: Sequence[str]) -> bool:
        """Whether a short line may be in one of the languages at least as well as in the page's own."""
        found = dict(candidates(text))
        own = max((found.get(tag, 0.0) for tag in languages), default=0.0)
        return not found or own >= found.get(self.main, 0.0)

    def is_item(self, at: int) -> bool:
        """Whether a line belongs to a list that running text announces with a colon: songs, dishes, titles."""
        for before in range(at - 1, max(-1, at - 13), -1):
            line = self.lines[before]
            if primary(line.language.tag) == self.main and len(line.span) >= _LEAD:
                return line.span.cut(self.page.text).endswith((":", "：")) and not self.looks[before].phrases
        return False

    def _repeated_credit(self, at: int) -> Mark | None:
        """The same short source or photo line twice in a row is page furniture, not attribution."""
        line = self.lines[at]
        if len(line.span) <= 80 and is_doubled(self.page, at) and primary(line.language.tag) == self.main:
            return Mark(line.span, at, self.main, "credits", foreign=False, confidence=0.8)
        return None

    def _by_role(self, at: int) -> Mark | None:
        """Where the page's markup says so: navigation, footers, dialogues, blocks of links."""
        line = self.lines[at]
        text = line.span.cut(self.page.text)
        chrome_role = line.role in _ROLES or (line.link_density > 0.8 and line.role != "heading")
        if not chrome_role or len(text) > LONG or not letters(text):
            return None
        own = primary(line.language.tag)
        foreign = own != self.main and not line.borrowed and line.language.confidence >= 0.6
        kind = "consent" if line.role == "dialog" else "navigation"
        return Mark(line.span, at, own if foreign else self.main, kind, foreign, 0.7)

    def _by_neighbours(self, at: int, marks: Sequence[Mark | None]) -> Mark | None:
        """A line inside a run of interface lines is part of it: brands, figures, the second half of a notice."""
        line, look = self.lines[at], self.looks[at]
        text = line.span.cut(self.page.text)
        if len(text) > LONG or apart(self.page, look, at):
            return None
        own = primary(line.language.tag)
        anyone = any(one.language == ANY_LANGUAGE for one in look.phrases)
        before = next((marks[i] for i in range(at - 1, max(-1, at - 1 - _REACH), -1) if marks[i]), None)
        after = next((marks[i] for i in range(at + 1, min(len(marks), at + 1 + _REACH)) if marks[i]), None)
        for side in (before, after):
            if side is None or not self._same_run(at, side.line):
                continue
            if side.foreign and own == side.language and not (_QUOTE.search(text) and not line.borrowed):
                return Mark(line.span, at, own, "", foreign=True, confidence=0.75)
            if anyone and abs(side.line - at) == 1:
                return replace(side, span=line.span, line=at, confidence=0.7)
        return None

    def _beside_judged(self, at: int, marks: Sequence[Mark | None]) -> Mark | None:
        """A foreign line right beside one that the classifier is sure of, in the same language, is part of it."""
        line = self.lines[at]
        own = primary(line.language.tag)
        if line.borrowed or own == self.main or len(line.span) > 2 * LONG or apart(self.page, self.looks[at], at):
            return None
        for other in (at - 1, at + 1):
            side = marks[other] if 0 <= other < len(marks) else None
            sure = side and side.foreign and side.language == own and (side.probability or 0.0) >= _SURE
            if side and sure and not _QUOTE.search(line.span.cut(self.page.text)):
                return replace(side, span=line.span, line=at, confidence=0.7)
        return None

    def _same_run(self, at: int, other: int) -> bool:
        """Whether no running text of the page's language stands between two lines."""
        low, high = min(at, other), max(at, other)
        return not any(low < prose < high for prose in (self.first, self.last)) and all(
            len(self.lines[i].span) <= LONG for i in range(low, high + 1)
        )

    def _by_shape(self, at: int, marks: Sequence[Mark | None]) -> Mark | None:
        """A foreign line that no table knows: with a word of interfaces, or behind the text short and no sentence."""
        line, look = self.lines[at], self.looks[at]
        own, text = primary(line.language.tag), line.span.cut(self.page.text)
        after = at > self.last >= 0
        outside = after or at < self.first or script_of(own) != script_of(self.main)
        if look.phrases or not outside or self.is_item(at) or apart(self.page, look, at):
            return None
        owed = load("chrome_words").find(line.span.cut(self.page.folded)) if len(text) <= 2 * LONG else []
        if owed and line.language.confidence >= 0.7 and not _QUOTE.search(text):
            return Mark(line.span, at, own, owed[0].entry.kind, foreign=True, confidence=0.7)
        if not after:
            return None
        if len(text) > _SHAPE_CHARS or len(text.split()) > _SHAPE_WORDS or _END.search(text) or _QUOTE.search(text):
            return None
        run = [i for i in range(max(0, at - 2), min(len(marks), at + 3)) if marks[i] is None and i > self.last]
        silent = [i for i in run if primary(self.lines[i].language.tag) == own]
        if len(silent) > 2 or line.language.confidence < 0.7 or letters(text) < 4:
            return None
        return Mark(line.span, at, own, "", foreign=True, confidence=0.6)
