"""What of a text tells its story: names, numbers and rare words, as hashes; and word shingles for copies.

Names are compared by their consonants in Latin letters, so that "Петренко" meets "Petrenko" and "Zelensky"
"Zelenskyy". Languages without capitals give their longer words, scripts without blanks pairs of signs.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator

from auditor.data import SegmentedDocument, Span
from auditor.language import script_of
from auditor.normalize import plain

_WORD = re.compile(r"[^\W\d_]{2,30}(?:['’][^\W\d_]{1,12})?|\d[\d.,]{0,12}\d|[^\W\d_]")
_HAN = re.compile("[\u3400-\u9fff]{2,40}|[\u30a0-\u30ff]{3,20}")
_UNSPACED = frozenset({"zh", "ja", "th", "km", "lo", "my"})
_CASED = frozenset({"Latn", "Cyrl", "Grek", "Armn"})
_MOST_FEATURES = 80
_MOST_TOKENS = 20_000
_SHINGLE = 5
_NAME, _NUMBER, _WORD_WEIGHT, _PAIR = 1.0, 0.7, 0.35, 0.5
_LEAST_SKELETON, _LEAST_WORD = 3, 7
# Letters as their consonants sound; vowels do not count in a skeleton, so all of them may be one.
_CYRILLIC = str.maketrans(
    "абвгґдеєжзиіїйклмнопрстуфхцчшщыэюяёђјљњћџќѓѕў", "abvggdeezziiiiklmnoprstufhCCSSieuaedilnCdkgdu"
)
_GREEK = str.maketrans("αβγδεζηθικλμνξοπρσςτυφχψω", "avgdezitiklmnxoprsstifhpo")
_LATIN = _CYRILLIC | _GREEK | dict.fromkeys(map(ord, "ъь"))
_SOUNDS = (
    ("shch", "S"), ("tch", "C"), ("sch", "S"), ("zh", "z"), ("sh", "S"), ("ch", "C"), ("kh", "h"), ("ts", "C"),
    ("tz", "C"), ("ph", "f"), ("ck", "k"), ("c", "k"), ("q", "k"),
)  # fmt: skip
_VOWELS = str.maketrans("", "", "aeiouyjw'’")


def features(page: SegmentedDocument, skip: Iterable[Span]) -> dict[int, float]:
    """The most telling features of a text with their weights, at most 80; ``skip`` are ranges that are not content."""
    counts: Counter[str] = Counter()
    unspaced = page.language.tag in _UNSPACED
    cased = script_of(page.language.tag) in _CASED
    for start, end in _content(page, skip):
        counts.update(_pairs(page.text[start:end]) if unspaced else _tokens(page.text[start:end], cased=cased))
        if counts.total() > _MOST_TOKENS:
            break
    weighed = [(_weight(name) * (1 + math.log(number)), name) for name, number in counts.items()]
    weighed.sort(key=lambda one: (-one[0], one[1]))
    return {_hash(name): round(weight, 3) for weight, name in weighed[:_MOST_FEATURES]}


def shingles(page: SegmentedDocument, skip: Iterable[Span]) -> Iterator[int]:
    """Hashes of runs of five words (of five signs in scripts without blanks), for finding copies."""
    unspaced = page.language.tag in _UNSPACED
    window: list[str] = []
    number = 0
    for start, end in _content(page, skip):
        words = page.folded[start:end] if unspaced else page.folded[start:end].split()
        for word in words:
            window.append(word)
            if len(window) == _SHINGLE:
                yield _hash(" ".join(window))
                window.pop(0)
                number += 1
                if number >= _MOST_TOKENS:
                    return


def _content(page: SegmentedDocument, skip: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Sentences outside the ranges to be skipped."""
    left_out = sorted(skip)
    at = 0
    for one in page.sentences:
        while at < len(left_out) and left_out[at].end <= one.span.start:
            at += 1
        if at == len(left_out) or not left_out[at].overlaps(one.span):
            yield one.span.start, one.span.end


def _tokens(sentence: str, *, cased: bool) -> Iterator[str]:
    for at, match in enumerate(_WORD.finditer(sentence)):
        word = match.group()
        if word[0].isdigit():
            digits = re.sub(r"\D", "", word)
            if len(digits) >= 2:
                yield f"#{digits}"
        elif cased and word[0].isupper() and (at or word.isupper()) and len(word) > 1:
            name = skeleton(word)
            if len(name) >= _LEAST_SKELETON:
                yield f"N{name}"
        elif len(word) >= (_LEAST_WORD if cased else 4):
            yield f"w{plain(word)}"


def _pairs(sentence: str) -> Iterator[str]:
    for match in _HAN.finditer(sentence):
        run = match.group()
        yield from (f"p{run[at : at + 2]}" for at in range(len(run) - 1))
    yield from _tokens(re.sub("[\u3040-\u9fff]", " ", sentence), cased=True)


def skeleton(name: str) -> str:
    """The first letter and the consonants of a name in Latin letters. Example: ``"Зеленський"`` -> ``"zlnsk"``."""
    latin = plain(name).translate(_LATIN)
    for sound, letter in _SOUNDS:
        latin = latin.replace(sound, letter)
    rest = latin[1:].translate(_VOWELS)
    joined = latin[:1] + rest
    return "".join(char for at, char in enumerate(joined) if at == 0 or char != joined[at - 1])


def _weight(name: str) -> float:
    kind = name[0]
    if kind == "#":
        return _NUMBER * (0.5 if len(name) == 5 and name[1:3] in {"19", "20"} else 1.0)
    return {"N": _NAME, "w": _WORD_WEIGHT, "p": _PAIR}[kind]


def _hash(name: str) -> int:
    return zlib.crc32(name.encode("utf-8", "surrogatepass"))
