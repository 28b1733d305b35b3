"""What must come through a translation unchanged: addresses, and the placeholders and tags of software texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from auditor.data import Finding, RuleMeta, Severity, Span
from auditor.pairs._view import PairCheck, Side, View

_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'“”«»（）()\[\]{}，。、；]{3,500}", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){1,4}", re.ASCII)
_TRAILING = ".,;:!?…*_"
_PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{1,60}\}\}"  # {{ name }}
    r"|\$\{[^{}\n]{1,60}\}"  # ${name}
    r"|\{[A-Za-z0-9_.:-]{0,40}\}"  # {0}, {name}, {}
    r"|%\([A-Za-z_]\w{0,40}\)[sdif]"  # %(name)s
    r"|(?<![\d%])%(?:\d{1,2}\$)?[sd@](?![A-Za-z])"  # %s, %1$s, %@
    r"|%[A-Z][A-Z_]{1,30}%"  # %NAME%
    r"|\[\[[A-Za-z_]\w{0,40}\]\]",  # [[name]]
    re.ASCII,
)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]{0,20})(?:\s[^<>\n]{0,300})?(/?)>", re.ASCII)


class Addresses(PairCheck):
    """Finds web and mail addresses that differ from those of the source, or are missing.

    Why: an address that is changed leads nowhere, or elsewhere.
    How: addresses of both sides are compared without regard to case and closing punctuation.
    Limits: an address that a translator exchanges on purpose for the page in the other language is found as well;
    where only the language part differs, nothing is said. One that is only left out, or added, is minor.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP005", "address-changed", Severity.MAJOR, "607000", "non-conformance")

    def check(self, pair: View) -> Iterator[Finding]:
        """Yield addresses of one side that the other lacks."""
        ours, theirs = _addresses(pair.target), _addresses(pair.source)
        added = [one for one in ours if one[0] not in {key for key, _ in theirs}]
        lost = [one for one in theirs if one[0] not in {key for key, _ in ours}]
        for (_, span), (_, meant) in zip(added, lost, strict=False):
            right = meant.cut(pair.source.text)
            if not _other_language(span.cut(pair.target.text), right):
                yield self.at(
                    pair, pair.target, span, f"The source has the address {right}.", proof=meant, suggestion=right
                )
        for _, span in added[len(lost) :]:
            yield self.at(pair, pair.target, span, "This address is not in the source.", severity=Severity.MINOR)
        for _, span in lost[len(added) :]:
            yield self.at(pair, pair.source, span, "The translation lacks this address.", severity=Severity.MINOR)


def _addresses(side: Side) -> list[tuple[str, Span]]:
    found = []
    for pattern in (_URL, _MAIL):
        for match in pattern.finditer(side.text):
            text = match[0].rstrip(_TRAILING)
            found.append((_plain(text), Span(match.start(), match.start() + len(text))))
    return sorted(found, key=lambda one: one[1])


def _plain(address: str) -> str:
    plain = re.sub(r"^(?:https?://)?(?:www\.)?", "", address.lower())
    return plain.rstrip("/")


def _other_language(one: str, other: str) -> bool:
    """Whether two addresses differ in a part of two or five characters that may name a language ("/en/", "de.")."""
    parts = [re.split(r"[/.?=&_]", _plain(address)) for address in (one, other)]
    if len(parts[0]) != len(parts[1]):
        return False
    pairs = [(a, b) for a, b in zip(*parts, strict=True) if a != b]
    return bool(pairs) and all(re.fullmatch(r"[a-z]{2}(?:-[a-z]{2})?", part) for pair in pairs for part in pair)


class Placeholders(PairCheck):
    """Finds placeholders and tags that the translation lost, changed or added.

    Why: software fills them in when it runs; a broken one shows up as such, or breaks the program.
    How: placeholders ({0}, {name}, ${name}, {{name}}, %s, %1$s, %(name)s, %NAME%, [[name]]) and tags by their names
    are counted on both sides. Order does not matter.
    Limits: a text about programming may hold them as its subject.
    """

    meta: ClassVar[RuleMeta] = RuleMeta("TP006", "placeholder-changed", Severity.MAJOR, "604000", "markup")

    def check(self, pair: View) -> Iterator[Finding]:
        """Yield placeholders that one side has more often than the other."""
        source, target = _marks(pair.source), _marks(pair.target)
        ours, theirs = Counter(key for key, _ in target), Counter(key for key, _ in source)
        for key, span in _surplus(target, theirs):
            yield self.at(pair, pair.target, span, f"The source has no {key} here.", confidence=0.95)
        for key, span in _surplus(source, ours):
            yield self.at(pair, pair.source, span, f"The translation lacks {key}.", confidence=0.95)


def _marks(side: Side) -> list[tuple[str, Span]]:
    found = [("".join(match[0].split()), Span(*match.span())) for match in _PLACEHOLDER.finditer(side.text)]
    found += [(f"<{match[1]}{match[2].lower()}>", Span(*match.span())) for match in _TAG.finditer(side.text)]
    return sorted(found, key=lambda one: one[1])


def _surplus(marks: list[tuple[str, Span]], other: Counter[str]) -> Iterator[tuple[str, Span]]:
    left = Counter(other)
    for key, span in marks:
        left[key] -= 1
        if left[key] < 0:
            yield key, span
