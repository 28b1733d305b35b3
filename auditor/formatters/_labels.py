"""The words that a report uses for codes: families, decisions, labels, severities, languages."""

from __future__ import annotations

import math

from auditor.formatters._words import _
from auditor.registry import FAMILIES

LABELS = {
    "original": ("Original text", "The main text reads as written in this language, not translated into it."),
    "human_translation": ("Human translation", "The main text was likely translated by a person."),
    "machine_translation": ("Machine translation", "The main text was likely translated by a machine."),
    "ai_generated": ("AI-generated", "The main text was likely written by a language model."),
    "mixed": ("Mixed origin", "Parts of the main text likely have different origins."),
    "unknown": ("Origin not determined", "The evidence is not enough to say where the main text comes from."),
}

DECISIONS = {
    "accept": ("Accept", "Nothing at or above the thresholds: the text can be used as it is."),
    "review": ("Review", "A person should look at the marked places before the text is used."),
    "reject": ("Reject", "The evidence is strong: keep the text out unless a person decides otherwise."),
}

MEASURES = {
    "boilerplate_ratio": ("Boilerplate", "share of the text's letters that stand in interface text"),
    "surprisal": (
        "Surprise a token",
        "how unexpected the scored sentences are to a language model, in nats a token; evidence, not a verdict",
    ),
    "machine_translation": (
        "Machine translation score",
        "probability at even prior odds that a machine translated the text; evidence about style, and no proof",
    ),
    "translation": (
        "Translation score",
        "probability at even prior odds that the text was translated at all, by a person or a machine",
    ),
    "ai_generated": (
        "Generated text score",
        "probability at even prior odds that a language model wrote the text (English)",
    ),
}

# The sign says the severity without colour.
SEVERITIES = {
    "critical": ("Critical", "◆", "must not be published or used as it is"),
    "major": ("Major", "▲", "misleads the reader or spoils the text"),
    "minor": ("Minor", "●", "noticeable, but does not mislead"),
    "neutral": ("Neutral", "○", "evidence of where the text comes from, not a fault"),
}

# Names of languages go through the catalogues, too.
_LANGUAGES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian",
    "bn": "Bengali", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "gu": "Gujarati",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer",
    "kn": "Kannada", "ko": "Korean", "la": "Latin", "lb": "Luxembourgish", "lo": "Lao", "lt": "Lithuanian",
    "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay",
    "mt": "Maltese", "my": "Burmese", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "si": "Sinhala", "sk": "Slovak",
    "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil",
    "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek",
    "vi": "Vietnamese", "yi": "Yiddish", "zh": "Chinese", "und": "Undetermined",
}  # fmt: skip


def family(code: str) -> str:
    """The family's name in words. Example: ``"BP"`` -> ``"Boilerplate"``."""
    return FAMILIES.get(code, code)


def language(tag: str) -> str:
    """A language in words with its tag. Example: ``"uk"`` -> ``"Ukrainian (uk)"``."""
    name = language_name(tag)
    return f"{name} ({tag})" if name != tag else tag


def language_name(tag: str) -> str:
    """A language in words. Example: ``"uk"`` -> ``"Ukrainian"``; a tag that is not known stays."""
    name = _LANGUAGES.get(tag.split("-", 1)[0])
    return _(name) if name else tag


def words(name: str) -> str:
    """An identifier in words. Example: ``"foreign-boilerplate"`` -> ``"foreign boilerplate"``."""
    return name.replace("_", " ").replace("-", " ")


def percent(value: float | None) -> str:
    """A probability as a whole percentage; certainty is never claimed by rounding."""
    if value is None:
        return "–"
    return f"{min(max(round(value * 100), 1 if value > 0 else 0), 99 if value < 1 else 100)} %"


def measure_name(name: str) -> tuple[str, str]:
    """A measure's name in words and what it says."""
    return MEASURES.get(name, (words(name).capitalize(), ""))


def measure(value: float, name: str) -> str:
    """A document's measure for a reader: shares in percent, other numbers with three digits."""
    if not math.isfinite(value):
        return "–"
    return f"{value:.1%}".replace("%", " %") if name.endswith("ratio") else f"{value:.3g}"
