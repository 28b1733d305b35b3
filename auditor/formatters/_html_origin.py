"""The origin of one document for its page: the account in a line, the route, the likely source language's evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.data import Data, DocumentAudit
from auditor.formatters._html_text import TextView
from auditor.formatters._labels import language, language_name, percent
from auditor.formatters._sentences import account
from auditor.formatters._words import _

_QUOTE_CHARS = 90
_MOST_WITNESSES = 12
_FEW_LANGUAGES = 4


@dataclass(frozen=True, slots=True)
class Chance:
    """A candidate with its probability in words and in whole percent."""

    label: str
    said: str
    size: int


@dataclass(frozen=True, slots=True)
class WitnessView:
    """A piece of evidence: what kind, for which languages, how much (nats), where it stands."""

    kind: str
    languages: str
    weight: str
    anchor: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class OriginView:
    """What the card of a document's origin shows; empty parts are left out."""

    account: str
    route: tuple[str, ...]
    route_confidence: str
    chances: tuple[Chance, ...]
    witnesses: tuple[WitnessView, ...]
    said: str


def origin_view(audit: DocumentAudit, text: TextView) -> OriginView:
    """Collect the card."""
    record = audit.provenance
    steps, claim = record.route.get("languages"), record.source_language
    inferred = claim.get("basis") == "inferred"
    return OriginView(
        account=account(audit),
        route=tuple(language_name(str(one)) for one in steps) if isinstance(steps, Sequence) else (),
        route_confidence=_percent(record.route.get("confidence")),
        chances=_chances(claim) if inferred else (),
        witnesses=_witnesses(claim, text) if inferred else (),
        said=_said(claim) if inferred else "",
    )


def _percent(value: object) -> str:
    return percent(value) if isinstance(value, float) else ""


def _chances(claim: Data) -> tuple[Chance, ...]:
    listed = claim.get("candidates")
    found = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, Sequence) else []
    chances = [
        Chance(language(str(one["tag"])), percent(float(one["probability"])), _size(one["probability"]))
        for one in found[:4]
    ]
    unknown = claim.get("unknown")
    if isinstance(unknown, float):
        chances.append(Chance(_("none or another"), percent(unknown), _size(unknown)))
    return tuple(chances)


def _size(value: object) -> int:
    return max(0, min(100, round(100 * float(str(value)))))


def _said(claim: Data) -> str:
    if claim.get("tag") != "und":
        return _("Likely translated from {}.").format(language_name(str(claim["tag"])))
    several = claim.get("one_of")
    if isinstance(several, Sequence) and several:
        names = _(" or ").join(language_name(str(one)) for one in several)
        return _("Likely translated from {}; the evidence does not tell which.").format(names)
    return _("Some evidence points to a translation, but not enough to say so.")


def _witnesses(claim: Data, text: TextView) -> tuple[WitnessView, ...]:
    listed = claim.get("evidence")
    found = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, Sequence) else []
    return tuple(_witness(one, text) for one in found[:_MOST_WITNESSES])


def _witness(one: Mapping[str, object], text: TextView) -> WitnessView:
    start, tags, weight = one.get("start"), one.get("languages"), one.get("weight")
    names = [language_name(str(tag)) for tag in tags] if isinstance(tags, Sequence) else []
    more = len(names) - _FEW_LANGUAGES
    shown = ", ".join(names[:_FEW_LANGUAGES]) + (_(" and {} more").format(more) if more > 0 else "")
    return WitnessView(
        kind=kind_of_evidence(str(one.get("kind", ""))),
        languages=shown,
        weight=f"+{weight:.1f}" if isinstance(weight, float) else "",
        anchor=start if isinstance(start, int) and start in text.anchors else None,
        quote=str(one.get("quote") or one.get("note") or "")[:_QUOTE_CHARS],
    )


def kind_of_evidence(kind: str) -> str:
    """A kind of evidence of the source language, in words."""
    return {
        "quotation": _("quotation marks"),
        "boilerplate": _("interface line left over"),
        "passage": _("passage in the language"),
        "calque": _("idiom rendered word for word"),
        "romanisation": _("spelling of a name"),
        "case_ending": _("case ending left on a name"),
        "number_format": _("way of writing numbers"),
        "untranslated": _("untranslated word"),
        "translator_name": _("name of the translator or reviewer"),
        "author_name": _("name of the author"),
        "label_style": _("way of dividing credits"),
        "outlet": _("outlet of the site"),
        "address": _("address of the site"),
        "declared": _("declared language of the page"),
        "encoder": _("model's estimate"),
    }.get(kind, kind)
