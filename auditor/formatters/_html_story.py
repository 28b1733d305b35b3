"""What the page of a story shows: its documents side by side, their graph, quotations, names and figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.data import Data, DocumentAudit, Evidence, Finding, Severity, Story
from auditor.formatters._html_facts import word_diff
from auditor.formatters._html_graph import GraphView, Look, draw, relation
from auditor.formatters._html_signs import clipped, plain
from auditor.formatters._html_site import Site
from auditor.formatters._labels import language_name, percent
from auditor.formatters._sentences import account

MOST_MEMBERS = 60
_SIDE_BY_SIDE = 12
_MOST_QUOTES = 40
_MOST_NAMES = 60
_OPENING_CHARS = 420
_QUOTE_CHARS = 500


@dataclass(frozen=True, slots=True)
class Member:
    """A document of the story in its column."""

    audit: DocumentAudit
    title: str
    href: str
    account: str
    date: str
    opening: tuple[str, ...]
    counts: Mapping[str, int]
    route: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One wording of a quotation, and where it stands."""

    title: str
    href: str
    language: str
    route: tuple[str, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Drift:
    """A quotation in two wordings, with their differences and what the rule says of it."""

    here: Said
    there: Said
    left: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]
    message: str
    confidence: str
    speaker: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A name or figure that other documents contradict, with their places."""

    rule: str
    severity: str
    title: str
    href: str
    quote: str
    suggestion: str
    message: str
    confidence: str
    evidence: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Tied:
    """One edge in words."""

    one: tuple[str, str]
    relation: str
    other: tuple[str, str]
    confidence: str
    why: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """Everything that the template of a story page needs."""

    story: Story
    title: str
    members: tuple[Member, ...]
    columns: tuple[Member, ...]
    languages: tuple[str, ...]
    graph: GraphView
    drifts: tuple[Drift, ...]
    names: tuple[Conflict, ...]
    figures: tuple[Conflict, ...]
    ties: tuple[Tied, ...]


def story_view(story: Story, audits: Sequence[DocumentAudit], site: Site) -> StoryView:
    """Collect what the page shows; ``audits`` are the story's documents, of a very large story the first ones."""
    members = tuple(_member(one, site) for one in audits[:MOST_MEMBERS])
    by_id = {one.audit.document.id: one for one in members}
    looks = {name: Look(one.title, _below(one), one.href) for name, one in by_id.items()}
    return StoryView(
        story=story,
        title=clipped(plain(story.title), 160),
        members=members,
        columns=members[:_SIDE_BY_SIDE],
        languages=tuple(dict.fromkeys(language_name(one.audit.page.language.tag) for one in members)),
        graph=draw(story, looks),
        drifts=tuple(_drifts(by_id, site))[:_MOST_QUOTES],
        names=tuple(_conflicts(by_id, site, "NM"))[:_MOST_NAMES],
        figures=tuple(_conflicts(by_id, site, "NC"))[:_MOST_NAMES],
        ties=tuple(_tied(one, by_id, site) for one in story.edges[:200]),
    )


def _member(audit: DocumentAudit, site: Site) -> Member:
    name = audit.document.id
    dates = [str(one["date"]) for one in audit.provenance.dates if one.get("role") == "published"]
    counts = {one.label: sum(found.severity == one for found in audit.findings) for one in reversed(Severity)}
    return Member(
        audit=audit,
        title=site.titles[name],
        href=site.pages.get(name, ""),
        account=account(audit),
        date=min(dates, default="")[:10],
        opening=tuple(_opening(audit)),
        counts=counts,
        route=_route(audit),
    )


def _route(audit: DocumentAudit) -> tuple[str, ...]:
    steps = audit.provenance.route.get("languages")
    return tuple(language_name(str(one)) for one in steps) if isinstance(steps, Sequence) else ()


def _below(one: Member) -> str:
    return " · ".join(part for part in (language_name(one.audit.page.language.tag), one.date) if part)


def _opening(audit: DocumentAudit) -> Iterator[str]:
    """The first sentences of the text that are no interface lines."""
    skip = [one.span for one in audit.findings if one.rule.startswith("BP")]
    left = _OPENING_CHARS
    for line in audit.page.lines[:40]:
        if left <= 0:
            return
        if any(line.span.overlaps(one) for one in skip):
            continue
        text = line.span.cut(audit.page.text)[:left]
        left -= len(text)
        if text.strip():
            yield clipped(text, max(20, len(text)))


def _drifts(members: Mapping[str, Member], site: Site) -> Iterator[Drift]:
    """Quotations that documents of the story give in other words, each pair once, the surest first."""
    found = [
        (one, proof)
        for member in members.values()
        for one in member.audit.findings
        # What is told in a reporter's words (QD002) is set beside no quotation word by word: it makes no claim to them.
        if one.rule == "QD001"
        for proof in one.evidence
    ]
    found.sort(key=lambda pair: (-pair[0].confidence, pair[0].document_id, pair[0].span))
    seen: set[frozenset[tuple[str, int]]] = set()
    for one, proof in found:
        pair = frozenset({(one.document_id, one.span.start), (proof.document_id, proof.span.start)})
        if pair in seen or proof.document_id not in members:
            continue
        seen.add(pair)
        here, there = one.quote[:_QUOTE_CHARS], proof.quote[:_QUOTE_CHARS]
        diff = word_diff(here, there)
        yield Drift(
            here=_said(members[one.document_id], here, site, Evidence(one.document_id, one.span, here)),
            there=_said(members[proof.document_id], there, site, proof),
            left=tuple(part for part in diff if part[0] != "ins") or (("same", here),),
            right=tuple(part for part in diff if part[0] != "del") or (("same", there),),
            message=one.message,
            confidence=percent(one.confidence),
            speaker=str(one.data.get("speaker") or ""),
        )


def _said(member: Member, quote: str, site: Site, place: Evidence) -> Said:
    tag = member.audit.page.language.tag
    return Said(member.title, site.href(place), language_name(tag), member.route, quote)


def _conflicts(members: Mapping[str, Member], site: Site, family: str) -> Iterator[Conflict]:
    found = [
        (member, one)
        for member in members.values()
        for one in member.audit.findings
        if one.rule.startswith(family) and one.severity >= Severity.MINOR
    ]
    found.sort(key=lambda pair: (-pair[1].severity, -pair[1].confidence, pair[1].document_id, pair[1].span))
    for member, one in found:
        yield _conflict(member, one, site)


def _conflict(member: Member, one: Finding, site: Site) -> Conflict:
    return Conflict(
        rule=one.rule,
        severity=one.severity.label,
        title=member.title,
        href=site.href(Evidence(one.document_id, one.span, "")),
        quote=one.quote[:120],
        suggestion=(one.suggestion or "")[:120],
        message=one.message,
        confidence=percent(one.confidence),
        evidence=tuple(
            (site.titles.get(proof.document_id, proof.document_id), site.href(proof), proof.quote[:120])
            for proof in one.evidence[:6]
        ),
    )


def _tied(edge: Data, members: Mapping[str, Member], site: Site) -> Tied:
    def end(name: str) -> tuple[str, str]:
        known = members.get(name)
        title = known.title if known else site.titles.get(name, name.removeprefix("source:"))
        return title, known.href if known else site.pages.get(name, "")

    evidence = edge.get("evidence")
    places = evidence if isinstance(evidence, Sequence) else ()
    said = [str(one.get("quote") or one.get("note") or "") for one in places if isinstance(one, Mapping)]
    why = "; ".join(dict.fromkeys(clipped(" ".join(one.split()), 140) for one in said[:3] if one))
    confidence = edge["confidence"]
    return Tied(
        one=end(str(edge["from"])),
        relation=relation(str(edge["relation"])),
        other=end(str(edge["to"])),
        confidence=percent(confidence) if isinstance(confidence, float) else "",
        why=why,
    )
