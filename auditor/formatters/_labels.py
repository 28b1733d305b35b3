"""The words that a report uses for codes: families, decisions, labels, severities, languages."""

from __future__ import annotations

FAMILIES = {
    "BP": "Boilerplate",
    "EN": "Encoding",
    "LI": "Language",
    "LM": "Language-model leftover",
    "MT": "Translation artefact",
    "NC": "Number conflict",
    "NM": "Name",
    "QD": "Quotation drift",
    "SA": "Source attribution",
    "TD": "Translation disclosure",
}

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

# The sign says the severity without colour.
SEVERITIES = {
    "critical": ("Critical", "◆", "must not be published or used as it is"),
    "major": ("Major", "▲", "misleads the reader or spoils the text"),
    "minor": ("Minor", "●", "noticeable, but does not mislead"),
    "neutral": ("Neutral", "○", "evidence of where the text comes from, not a fault"),
}

_LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "und": "Undetermined", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def family(code: str) -> str:
    """The family's name in words. Example: ``"BP"`` -> ``"Boilerplate"``."""
    return FAMILIES.get(code, code)


def language(tag: str) -> str:
    """A language in words with its tag. Example: ``"uk"`` -> ``"Ukrainian (uk)"``."""
    name = _LANGUAGES.get(tag.split("-", 1)[0])
    return f"{name} ({tag})" if name else tag


def words(name: str) -> str:
    """An identifier in words. Example: ``"foreign-boilerplate"`` -> ``"foreign boilerplate"``."""
    return name.replace("_", " ").replace("-", " ")


def percent(value: float | None) -> str:
    """A probability as a whole percentage; certainty is never claimed by rounding."""
    if value is None:
        return "–"
    return f"{min(max(round(value * 100), 1 if value > 0 else 0), 99 if value < 1 else 100)} %"
