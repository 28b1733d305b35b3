"""From bytes to text: byte order mark, what the page declares, UTF-8, then a guess among the encodings of the web.

Text that is UTF-8 but for a few damaged bytes is read as UTF-8 with replacement characters: another encoding would
turn every letter of it into another one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from auditor.language import alphabets, candidates, script_of, scripts
from auditor.readers._streams import UnreadableError

UTF8 = "utf-8"
# So much, from the first byte that is not ASCII, is looked at for a guess.
SAMPLE = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The encodings of https://encoding.spec.whatwg.org that are found on the web, in Python's names; supersets stand for
# their subsets, as browsers have it. No preference of language: the order is by share of web pages.
_LEGACY = (
    *("cp1252", "cp1251", "cp932", "gb18030", "cp949", "euc_jp", "cp1250", "cp1254", "big5hkscs", "cp1256", "cp874"),
    *("cp1255", "cp1253", "cp1257", "iso8859_2", "koi8_r", "koi8_u", "iso8859_5", "iso8859_7", "iso8859_15", "cp866"),
)
_SUPERSETS = {
    **dict.fromkeys(("ascii", "iso8859-1", "latin-1"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "hz"), "gb18030"),
    **dict.fromkeys(("utf-7", "utf-16", "utf-16-le", "utf-16-be"), UTF8),
    **dict.fromkeys(("tis-620", "iso8859-11"), "cp874"),
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso8859-9": "cp1254",
}
_LABELS = {
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030",
    "windows-949": "cp949",
    "x-cp1251": "cp1251",
}
_HIGH = re.compile(rb"[\x80-\xff]")
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1b\x08\x1a"))
# More control characters than this share are no text.
_MOST_CONTROLS = 0.02
# A guess by charset-normalizer stands unless another reading is so much more probable in its best language.
_CLEARLY = 0.05
_LATIN = {"cp1252", "cp1250", "cp1254", "cp1257", "iso8859_2", "iso8859_15"}
# Where fewer bytes are not ASCII, they are the accents and quotation marks of a Latin text, not another script.
_SPARSE = 0.02
# Readings in these are told by their script alone, which says nothing about whether the words make sense.
_ONE_LANGUAGE = {"cp874", "cp1253", "iso8859_7", "cp1255"}
# The everyday characters of the East Asian supersets: what lies outside is rare in true readings.
_EVERYDAY = {"cp949": "euc_kr", "gb18030": "gb2312", "cp932": "shift_jis", "big5hkscs": "big5"}
# Languages written in several scripts at once; the reading of one in another's encoding mixes yet other scripts in.
_TYPOGRAPHY = frozenset("\u00a0«»‹›“”„‘’‚–—…·•€£§©®°№¿¡ªº、。，！？：；（）「」『』《》・ー")
_EAST_ASIAN = {"Kana", "Hani", "Hang"}
_FAIR = 0.6
_SCRIPTS = {"ja": ("Kana", "Hani"), "zh": ("Hani",), "ko": ("Hang",)}


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the text and the encoding it was read with.

    Raises UnreadableError for binary data and for text that no known encoding fits.
    """
    for encoding in encodings(data, declared):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        return _no_nul(text), encoding.removesuffix("-sig")
    if _damaged_utf8(data):
        return _no_nul(data.decode(UTF8, "replace")), UTF8
    message = "undecodable: in no known text encoding"
    raise UnreadableError(message)


def encodings(data: bytes, declared: str | None = None) -> Iterator[str]:
    """Encodings to try for data or for its beginning, the most probable first. Raises UnreadableError for binary."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            yield name
            return
    refuse_binary(data)
    named = _python_name(declared)
    if named and (named == UTF8 or not _is_utf8(data)):
        yield named
    if b"\x1b$" in data:
        yield from ("iso2022_jp_2", "iso2022_kr")
    yield UTF8
    if not _damaged_utf8(data):
        yield from _guesses(data)


def refuse_binary(data: bytes) -> None:
    """Raise UnreadableError when data without a byte order mark holds NUL bytes or many control characters."""
    if has_bom(data):
        return
    head = data[:SAMPLE]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if b"\0" in data or controls > _MOST_CONTROLS * len(head):
        message = "binary file"
        raise UnreadableError(message)


def has_bom(data: bytes) -> bool:
    """Whether the data begins with a Unicode byte order mark."""
    return any(data.startswith(mark) for mark, _ in _BOMS)


def _no_nul(text: str) -> str:
    if "\0" in text:
        message = "binary file"
        raise UnreadableError(message)
    return text


def _python_name(label: str | None) -> str | None:
    """Python's codec for a label as pages write it, widened as browsers do; None when there is none for text."""
    if not label or not label.isascii() or len(label) > 40:
        return None
    cleaned = label.strip().strip("\"'").lower()
    try:
        name = codecs.lookup(_LABELS.get(cleaned, cleaned)).name
        b"".decode(name)
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(name, name)


def _is_utf8(data: bytes) -> bool:
    """Whether data is valid UTF-8 beyond doubt: legacy text does not form valid sequences again and again."""
    if len(_MULTIBYTE.findall(data[: SAMPLE * 4])) < 3:
        return False
    try:
        data.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True


def _damaged_utf8(data: bytes) -> bool:
    sample = _sample(data)
    bad = sample.decode(UTF8, "replace").count("\ufffd")
    whole = len(_MULTIBYTE.findall(sample))
    return whole > 0 and 10 * bad <= whole


def _sample(data: bytes) -> bytes:
    first = _HIGH.search(data)
    start = max(0, first.start() - 200) if first else 0
    piece = data[start : start + SAMPLE]
    # A cut inside a character would make a true encoding look false.
    return piece if start + SAMPLE >= len(data) else piece[: max(piece.rfind(b"\n"), piece.rfind(b" ")) + 1] or piece


def _guesses(data: bytes) -> list[str]:
    """What charset-normalizer finds possible and language makes most plausible; the commonest where that is a tie."""
    from charset_normalizer import from_bytes

    sample = _sample(data)
    found = [match.encoding for match in from_bytes(sample, cp_isolation=list(_LEGACY))]
    if len(_HIGH.findall(sample)) < _SPARSE * len(sample):
        found = [name for name in found if name in _LATIN] or found
    if found and found[0] in _ONE_LANGUAGE:
        return found
    scores: dict[str, float] = {}
    order = sorted(found, key=_LEGACY.index) if found and found[0] in _LATIN else found
    for name in order or _LEGACY:
        try:
            scores[name] = _plausibility(sample.decode(name), name)
        except UnicodeDecodeError:
            continue
    best = max((score for name, score in scores.items() if name not in _ONE_LANGUAGE), default=0.0)
    return [name for name in scores if scores[name] >= best - _CLEARLY and (found or best >= _FAIR)]


def _plausibility(reading: str, encoding: str) -> float:
    """How probable the reading is in the language that it fits best, times its share of characters used by that."""
    words = [word for word in reading[:20_000].split() if not word.isascii()]
    sample = " ".join(words)[:1500]
    found = candidates(sample)
    if not found:
        return 0.0
    tag, probability = found[0]
    special = [char for char in sample.lower() if char > "\x7f"]
    if script_of(tag) in _EAST_ASIAN:
        known = scripts("".join(special))
        fitting = sum(known[name] for name in _SCRIPTS[tag]) + sum(char in _TYPOGRAPHY for char in special)
    else:
        letters = alphabets()[tag][1]
        fitting = sum(char in letters or char in _TYPOGRAPHY for char in special)
    everyday = 1.0
    if base := _EVERYDAY.get(encoding):
        # Python's EUC-KR composes what the standard lacks from eight bytes.
        everyday = sum(len(char.encode(base, "ignore")) in {1, 2} for char in sample) / len(sample)
    return probability * everyday * fitting / max(1, len(special))
