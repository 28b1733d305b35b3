"""Speech that a dash opens, as in Polish, Russian, Ukrainian, Czech, Spanish, French or Portuguese print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.data import SegmentedDocument, Span
from auditor.language import primary
from auditor.rules import _speakers

# Opened at the beginning of a line or behind a full stop, closed by a comma or full stop and another dash.
_SPEECH = re.compile(
    r"(?:^|(?<=[.!?…»”]\s)|(?<=[:]\s))[–—―-]\s?(?P<said>\w[^\n–—―]{6,600}?)(?P<end>[,.!?…])?\s[–—―-]\s(?=\w)",
    re.MULTILINE,
)
# Spanish sets the dash close to the speaker's part: —Dijo— or —… —dijo Ana.
_CLOSE = re.compile(r"^—(?P<said>[\w¿¡][^\n—]{6,600}?)(?P<end>[,.!?…])?\s—(?=\w)", re.MULTILINE)
_REPORT = 70
_LANGUAGES = frozenset(
    {"pl", "ru", "uk", "be", "bg", "cs", "sk", "es", "fr", "pt", "it", "ro", "hu", "tr", "lt", "lv", "sr", "hr"}
)


def dashed(page: SegmentedDocument) -> Iterator[Span]:
    """Yield the words said, where a verb of speech stands just behind the closing dash."""
    language = primary(page.language.tag)
    if language not in _LANGUAGES:
        return
    for pattern in (_SPEECH, _CLOSE):
        for match in pattern.finditer(page.text):
            report = page.text[match.end() : match.end() + _REPORT].split("\n")[0]
            verbs = _speakers.verbs(report, language)
            if verbs and verbs[0].span.start < 25:
                yield Span(*match.span("said"))
