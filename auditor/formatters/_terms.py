"""Names of other vocabularies: identifiers of documents, IPTC digital source types, safe links, lines of a place.

IPTC: ``http://cv.iptc.org/newscodes/digitalsourcetype/`` has no term for translation. A machine translation of a
person's text is told as a composite with generated elements; a text that says it was generated, as generated; all
other origins are left out, because no term would be true.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from urllib.parse import quote, urlsplit

from auditor.data import Data, DocumentAudit

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MQM = "https://themqm.org/error-types-2/typology/"
ITS = "http://www.w3.org/2005/11/its"
HOMEPAGE = "https://pypi.org/project/auditor/"
# Digital source types by how the text says it was made: IPTC term and the name of schema.org's mirror of it.
SOURCE_TYPES = {
    "machine": ("compositeWithTrainedAlgorithmicMedia", "CompositeWithTrainedAlgorithmicMediaDigitalSource"),
    "machine_reviewed": ("compositeWithTrainedAlgorithmicMedia", "CompositeWithTrainedAlgorithmicMediaDigitalSource"),
    "generated": ("trainedAlgorithmicMedia", "TrainedAlgorithmicMediaDigitalSource"),
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T[\d:.+Z-]{5,20})?")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def urn(kind: str, name: str) -> str:
    """An identifier for what has no address. Example: ``("document", "a b")`` -> ``urn:auditor:document:a%20b``.

    Half a surrogate pair, which no address can hold, is written as its escape.
    """
    return f"urn:auditor:{kind}:{quote(name.encode('utf-8', 'backslashreplace'), safe='')}"


def web_address(value: object) -> str:
    """The value when it is an absolute http address, else an empty string."""
    if not isinstance(value, str) or len(value) > 2_000 or re.search(r"[\s<>\"\\]", value):
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return value if parts.scheme in {"http", "https"} and parts.netloc else ""


def iso_date(value: object) -> str:
    """The value when it begins with an ISO date, cut to that; else an empty string."""
    found = _DATE.match(value) if isinstance(value, str) else None
    return found.group() if found else ""


def making(audit: DocumentAudit) -> str:
    """How the text itself says it was made: ``machine``, ``machine_reviewed``, ``human``, ``generated`` or nothing."""
    creation = audit.provenance.creation
    disclosed = creation.get("basis") == "disclosed"
    method = audit.provenance.translation.get("method")
    return str(method) if method else ("generated" if disclosed and creation.get("method") == "generated" else "")


def credible(entries: Sequence[Data], least: float = 0.5) -> list[Data]:
    """The claims that are more likely true than not."""
    return [one for one in entries if isinstance(value := one.get("confidence"), int | float) and value >= least]


def xml_text(text: str) -> str:
    """Replace what XML 1.0 cannot hold (most controls, half surrogate pairs) by U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)


class Lines:
    """Line and column of places in a text, where it is ``known``; both begin at 1 and count code points."""

    def __init__(self, text: str) -> None:
        # Blanks stand for the text of a run that keeps none: lines are not known there.
        self.known = not text or not text.isspace()
        lengths = [len(line) + 1 for line in text.split("\n")]
        self._starts = [0, *accumulate(lengths[:-1])]

    def at(self, place: int) -> tuple[int, int]:
        """Line and column of the code point at ``place``."""
        line = bisect_right(self._starts, place)
        return line, place - self._starts[line - 1] + 1
