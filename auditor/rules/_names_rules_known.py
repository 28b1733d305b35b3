"""The rules that hold names against what is known: public figures (NM002) and syllables of the Far East (NM003)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from auditor.data import Finding, RuleMeta, SegmentedDocument, Severity
from auditor.registry import Rule
from auditor.rules._carried import SYSTEMS, Carried
from auditor.rules._memo import once_a_page
from auditor.rules._names_chinese import Reading, readings
from auditor.rules._names_eastern import Misread, misread
from auditor.rules._names_forms import misformed
from auditor.rules._names_japanese import japanese
from auditor.rules._names_korean import korean
from auditor.rules._names_letters import by_letters
from auditor.rules._names_suspects import suspected


@once_a_page
def _carried_over(page: SegmentedDocument) -> tuple[Carried, ...]:
    """Japanese and Korean names that came through another script; what NM003 says of them NM002 does not repeat."""
    return (*japanese(page), *korean(page))


@dataclass(frozen=True, slots=True)
class BlendedName(Rule):
    """Finds names that mix two public figures, or miss a known one in that office by a letter or two.

    Why: Machine translation that loses a name in a chain of languages puts a more frequent one in its place: the
    first name of one politician before the family name of another.

    How: A family name of a known figure beside an office that this figure holds or held, after a first name that is
    somebody else's family name or the first name of a colleague of the same country; or the figure's own first name
    and office with a family name that nobody is known to bear and that is one or two letters off. Closeness alone
    never counts: without the office nothing major is said. One letter off in a name that could pass for a variant
    (Emanuel Macron) counts beside the office only, in the first name also
    only with the country; it is minor unless the family name differs and the country stands there. In English, where
    ordinary words can be told, four weaker signs are reported as minor: a known first name with a family name that
    nobody bears and that is close to the known one, in a text on the person's country; two words that both resemble a
    person's names, in such a text, beside the office or after the very first name of somebody famous (Max Vertape); a
    long family name of a politician that is one letter off; a small town that speaks (Baden said). A wrong family
    name counts again where it stands alone. Pinyin has one spelling for a name: beside an office of China that the
    known person holds, a given name a letter or two off counts (President Xi Jingping). In Japanese and Arabic the
    figures' names are compared in those letters, beside the first name or (in Japanese) the office.

    Limits: The table of figures ends somewhere; a namesake who holds the same office and is not in it would be
    flagged. Languages that respell foreign names by sound are left out of the comparison of letters.

    Data: ``kind`` (``blend``), ``person`` (the known name), ``other`` (whose name part was mixed in, where told).
    """

    meta: ClassVar[RuleMeta] = RuleMeta(
        "NM002", "near-miss-of-known-name", Severity.MAJOR, "101000", "inconsistent-entities"
    )

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield a finding for each blended name."""
        for mention, found in suspected(page, frozenset({"blend"})):
            if any(one.span.overlaps(mention.span) for one in _carried_over(page)):
                continue
            name, quote = found.person.name, mention.span.cut(page.text)
            message = f"“{quote}” is likely {name}, who is known in this office; nobody of the written name is known."
            if found.other:
                message = f"“{quote}” is likely {name}: the first name seems to come from {found.other.name}."
            yield self.finding(
                page,
                mention.span,
                message,
                confidence=0.9 if found.certain else 0.5,
                severity=Severity.MAJOR if found.certain else Severity.MINOR,
                suggestion=found.suggestion,
                data={"kind": "blend", "person": name} | ({"other": found.other.name} if found.other else {}),
            )
        for one in misformed(page):
            yield self.finding(
                page,
                one.span,
                f"“{one.span.cut(page.text)}” is likely {one.name}, who is written “{one.right}” in this language.",
                confidence=0.85,
                suggestion=one.right,
                data={"kind": "blend", "person": one.name},
            )


@dataclass(frozen=True, slots=True)
class InvalidRomanisation(Rule):
    """Finds Chinese, Japanese and Korean names in a spelling that only the way through Cyrillic gives.

    Why: These names reach a text through Russian, Ukrainian or Bulgarian in those languages' own systems (Palladius,
    Polivanov, Kontsevich); turned into Latin letters by sound they become impossible spellings: "Tszyan" for Jian,
    "Sindzo" for Shinzo, "Mun Chzhe In" for Moon Jae-in.

    How: Chinese: A Chinese family name is followed by a word that is no pinyin and no Wade-Giles, and that the table of
    transcriptions leads back to pinyin. Where several readings remain (n or ng), the one that holds the office, stands
    in the document or is known is suggested; else all are named and none is suggested.
    It is major beside a Chinese office or where the restored name is known or stands in the document.

    Japanese: The spellings that Polivanov's system gives by sound are worked out for all known names. One of them
    counts in the name of a person of public life, in a full name (family name and given name) of a text on Japan,
    beside a Japanese office, and as a long place name or beside "Prefecture" or "Mount" in such a text. Spellings that
    the official Kunrei system gives as well (Kisida, Tiba) count beside the office and "Prefecture" and in the names
    of known persons only, and are minor unless the office is theirs. Czech and Polish spellings (Kišida) are seen by
    the same conditions in other languages.

    Korean: A name of two or three syllables of which one comes out of Kontsevich's system only. The name of a person
    of public life is suggested; another is minor, without a suggestion unless the page also has it in Korean spelling.

    Two more ways are seen: a Japanese, Korean or Vietnamese name whose characters were read as Chinese (Cunshan
    Takashi for Murayama Takashi), and pinyin carried into Cyrillic letter by letter (Ксяо Киан for Сяо Цянь).

    Limits: Only languages that write Chinese names in pinyin, and Japanese ones in Hepburn. Chinese names from Taiwan,
    Hong Kong, Singapore, Korea and Vietnam follow other systems and stay silent. Valid syllables in the wrong place
    are not seen, nor Korean names whose every syllable some romanisation has (Yun Sok Yol). Names from Cyrillic and
    Arabic are left alone: so many systems, customs and passports spell them that hardly a spelling is impossible.

    Data: ``kind`` (``romanisation``), ``candidates`` (possible spellings), ``source_language`` where inferred,
    ``system`` of Japanese and Korean names (``polivanov``, ``kunrei``, ``kontsevich``, ``czech``, ``polish``).
    """

    meta: ClassVar[RuleMeta] = RuleMeta(
        "NM003", "invalid-romanisation", Severity.MAJOR, "101000", "inconsistent-entities"
    )

    def check(self, page: SegmentedDocument) -> Iterator[Finding]:
        """Yield a finding for each impossible name."""
        carried = _carried_over(page)
        for name in carried:
            yield self._carried(page, name)
        for found in readings(page):
            if not any(name.span.overlaps(found.mention.span) for name in carried):
                yield self._say(page, found)
        for one in misread(page):
            yield self._misread(page, one)
        for other in by_letters(page):
            quote = other.span.cut(page.text)
            yield self.finding(
                page,
                other.span,
                f"“{quote}” follows the Latin letters of a Chinese name; by its sound it is likely “{other.right}”.",
                confidence=0.85,
                suggestion=other.right,
                data={"kind": "romanisation", "candidates": [other.right], "source_language": "en"},
            )

    def _carried(self, page: SegmentedDocument, found: Carried) -> Finding:
        quote = found.span.cut(page.text)
        likely = found.suggested or (found.candidates[0] if len(found.candidates) == 1 else "")
        tail = f"it is likely “{likely}”." if likely else f"it may stand for {_either(found.candidates)}."
        return self.finding(
            page,
            found.span,
            f"“{quote}” {SYSTEMS[found.system]}; {tail}",
            confidence=found.confidence,
            severity=Severity.MAJOR if found.certain else Severity.MINOR,
            suggestion=found.suggested or None,
            data={
                "kind": "romanisation",
                "candidates": list(found.candidates),
                "source_language": found.source,
                "system": found.system,
            },
        )

    def _misread(self, page: SegmentedDocument, found: Misread) -> Finding:
        quote = found.mention.span.cut(page.text)
        tail = f"it is likely “{found.right}”." if found.right else "please verify it."
        return self.finding(
            page,
            found.mention.span,
            f"“{quote}” looks like a {found.language} name with its characters read as Chinese; {tail}",
            confidence=0.85 if found.certain else 0.5,
            severity=Severity.MAJOR if found.certain else Severity.MINOR,
            suggestion=found.right or None,
            data={"kind": "romanisation", "candidates": [found.right] if found.right else [], "source_language": "zh"},
        )

    def _say(self, page: SegmentedDocument, found: Reading) -> Finding:
        best = found.candidates[0] if found.confirmed or len(found.candidates) == 1 else None
        tail = f"; it is likely “{best}”" if best else f"; it may stand for {_either(found.candidates)}"
        return self.finding(
            page,
            found.mention.span,
            f"“{found.word}” is no syllable of a Chinese name as it is written in Latin letters{tail}.",
            confidence=0.9 if found.confirmed else 0.7,
            severity=Severity.MAJOR if found.certain else Severity.MINOR,
            suggestion=best,
            data={"kind": "romanisation", "candidates": list(found.candidates)}
            | ({"source_language": found.source} if found.source else {}),
        )


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(f"“{name}”" for name in names[:4])
