"""Source attribution: where the page itself says that its text, facts or pictures come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity, Span
from auditor.language import primary
from auditor.registry import Rule
from auditor.rules._citations import agency_credits, citations, republications
from auditor.rules._credits import bylines, credit_lines, names_in, plausible_author
from auditor.rules._sources import credits_picture, is_picture, names_source, source_of

_HEAD, _TAIL = 12, 10


def _edge(page: SegmentedDocument, line: int) -> bool:
    return line < _HEAD or line >= len(page.lines) - _TAIL


@dataclass(frozen=True)
class NamedSource(Rule):
    """A line that names the source of the text or of its data ("Source: BBC, March 10, 2025").

    Why: It is the page's own word for where it took the content from, and links copies to the original.

    How: A label such as "Source", "Quelle" or "来源" with a colon or bar, in one of 32 languages, and a name behind
    it.

    Limits: A sentence that follows the word "source" is no name and is left alone; picture desks count as photo
    credits.

    Data: source, date (ISO, if the line has one), homepage (of a known outlet), kind (text or data).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("SA001", "named-source", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the source lines of one document."""
        for credit in credit_lines(page):
            if (
                credit.kind not in {"source", "data_source"}
                or is_picture(page, credit)
                or not names_source(page, credit, edge=_edge(page, credit.line))
            ):
                continue
            data = source_of(page, credit) | {"kind": "data" if credit.kind == "data_source" else "text"}
            if data["source"]:
                message = f"The page names {data['source']} as its source."
                yield self.finding(
                    page, credit.span, message, confidence=0.95 if _edge(page, credit.line) else 0.8, data=data
                )


@dataclass(frozen=True)
class Byline(Rule):
    """A line that names the author or editor ("By Jane Doe", "Автор: …", "记者 …").

    Why: It says who answers for the text, and a translated page often keeps the by-line of the original.

    How: A label with a colon anywhere, or a word such as "By" with nothing but names, a title or a date behind it near
    the head or the tail of the page.

    Limits: A headline in capitals that begins with "By" may be taken for one; names need two words in scripts with
    capitals.

    Data: author, role (author or editor).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("SA002", "byline", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the by-lines of one document."""
        taken = set()
        for credit in credit_lines(page):
            if credit.kind in {"author", "editor"}:
                names = names_in(page.text, credit.value.start, credit.value.end)
                if plausible_author(page.text, names, credit.value.end):
                    taken.add(credit.line)
                    yield self._found(page, Span(credit.span.start, names[-1].end), names, credit.kind, 0.9)
        for number, line in enumerate(page.lines):
            if number not in taken and _edge(page, number) and len(line.span) <= 140:
                names = self._after_word(page, number)
                if names:
                    yield self._found(page, Span(line.span.start, names[-1].end), names, "author", 0.8)

    def _after_word(self, page: SegmentedDocument, number: int) -> list[Span]:
        line = page.lines[number].span
        known_words = bylines()
        tags = {primary(page.language.tag), primary(page.lines[number].language.tag)}
        folded = page.folded[line.start : line.end]
        for word in sorted(
            {word for tag in tags for word in known_words.get(tag, ())}, key=lambda one: (-len(one), one)
        ):
            gap = folded[len(word) : len(word) + 1]
            if (
                folded.startswith(word)
                and gap in {" ", ":", ""}
                and line.cut(page.text)[0] in {word[0].upper(), word[0]}
            ):
                names = names_in(page.text, line.start + len(word), line.end)
                if plausible_author(page.text, names, line.end):
                    return names
        return []

    def _found(self, page: SegmentedDocument, span: Span, names: list[Span], role: str, confidence: float) -> Finding:
        author = ", ".join(one.cut(page.text).rstrip(".") for one in names)
        message = f"The page names {author} as its {role}."
        return self.finding(page, span, message, confidence=confidence, data={"author": author, "role": role})


@dataclass(frozen=True)
class AgencyCredit(Rule):
    """A news agency credited at the beginning or end of a paragraph ("ROME (AP) —", "/ТАСС/", "新华社北京3月10日电").

    Why: It says that the text was taken from a wire service, and from which desk.

    How: An agency's name between brackets, slashes or dashes in the place of a dateline or a closing credit, or a
    general credit to agencies.

    Limits: Agencies that are not in the table of outlets are not seen.

    Data: agency, place (if the dateline has one), homepage.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("SA003", "agency-credit", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the agency credits of one document."""
        for span, data in agency_credits(page):
            message = f"The text is credited to {data['agency']}."
            yield self.finding(page, span, message, confidence=0.9, data=data)


@dataclass(frozen=True)
class PhotoCredit(Rule):
    """The credit of a picture ("Photo: Jane Doe", "Source: Getty Images").

    Why: It belongs to the picture, not to the text, and must not be read as the source of the text.

    How: A label for pictures with a name behind it, or a source line that names a picture desk.

    Limits: Credits without a label or a known picture desk are not seen.

    Data: credit, homepage (of a known picture desk).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("SA004", "photo-credit", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the photo credits of one document."""
        for credit in credit_lines(page):
            if credit.kind in {"photo", "source"} and is_picture(page, credit) and credits_picture(page, credit):
                source = source_of(page, credit)
                data = {"credit": source["source"], **{key: source[key] for key in ("homepage",) if key in source}}
                message = f"A picture is credited to {data['credit']}."
                yield self.finding(page, credit.span, message, confidence=0.9, data=data)


@dataclass(frozen=True)
class CitedOutlet(Rule):
    """An outlet that the running text cites for what it says ("Politico reports", "told the Wall Street Journal").

    Why: It shows which facts are second-hand and where they can be checked.

    How: A known outlet beside a verb or phrase of reporting in the language of the line, a headline that begins with
    the outlet and a colon, or an unknown name beside a word such as "newspaper" and a verb of reporting.

    Limits: Names that are common words too ("Time", "Nature") count only right beside the verb.

    Data: source, homepage (of a known outlet).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("SA005", "cited-outlet", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the citations of one document."""
        credited = {credit.line for credit in credit_lines(page)}
        for span, data, confidence in citations(page, credited):
            message = f"The text cites {data['source']} for what it says here."
            yield self.finding(page, span, message, confidence=confidence, data=data)


@dataclass(frozen=True)
class Republication(Rule):
    """A notice that the text was published elsewhere first ("originally published by …").

    Why: It names the original that this copy can be compared with.

    How: The phrases that such notices use, in 31 languages, with a name behind them.

    Limits: A book or study whose first publication the text merely reports may be taken for the text's own.

    Data: source, date (ISO, if said), homepage (of a known outlet).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("SA006", "republication", Severity.NEUTRAL, "", "uncategorized")

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield the republication notices of one document."""
        for span, data in republications(page):
            message = f"The page says that the text was first published by {data['source']}."
            yield self.finding(page, span, message, confidence=0.85, data=data)


RULES = (NamedSource(), Byline(), AgencyCredit(), PhotoCredit(), CitedOutlet(), Republication())
