"""Where a text comes from: claims, the likely source language, the route, and what the five articles must say."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import Auditor, Settings, audit, audit_documents
from auditor.data import Document, DocumentAudit, Origin, Report, Score
from auditor.formatters._sentences import account
from auditor.provenance import trace
from auditor.provenance._languages import tag_of
from auditor.provenance._names import languages_of_name, languages_of_sound
from auditor.provenance._source_language import Witness, posterior
from auditor.source_shares import shares

BODY = (
    "The council of Pernbridge met on Tuesday and decided to repair the old bridge before winter comes.\n"
    "The mayor said that the work would take four months and would cost much less than people expected.\n"
)


@pytest.fixture(scope="module")
def auditor() -> Auditor:
    return Auditor(Settings(score="none"))


def screened(auditor: Auditor, text: str, **given: object) -> DocumentAudit:
    return auditor.screen(Document("a", text, Origin("a.txt", "txt"), **given))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def five() -> dict[str, DocumentAudit]:
    folder = Path(__file__).parent.parent.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("the five real articles are not here (../shared/seeds)")
    report = audit([str(folder)], Settings(score="none"))
    return {"report": report, **{one.document.id[:3]: one for one in report.documents}}  # type: ignore[dict-item]


def test_the_reviewed_translation_tells_its_source_and_route(five) -> None:
    said = account(five["001"])
    assert said == (
        "English, machine-translated and reviewed, source BBC 2025-03-10, reviewer Zhang Yangyang, "
        "likely source language Chinese, likely route en -> zh -> en"
    )
    record = five["001"].provenance
    assert record.route["languages"] == ["en", "zh", "en"]
    assert any(one["tag"] == "en-t-zh-t0-und" for one in record.languages)
    assert record.route["evidence"][0]["quote"].startswith("Source | BBC")


def test_the_retelling_names_its_outlet_and_likely_language(five) -> None:
    record = five["000"].provenance
    assert (record.sources[0]["name"], record.sources[0]["relation"]) == ("Politico", "derived from")
    assert record.source_language["tag"] in {"bg", "ru"} or set(record.source_language["one_of"]) >= {"bg", "ru"}
    assert {"quotation", "romanisation"} <= {one["kind"] for one in record.source_language["evidence"]}
    assert any(one["role"] == "published" for one in record.dates)


def test_leftovers_tell_the_language_of_the_translated_page(five) -> None:
    record = five["003"].provenance
    assert record.source_language["tag"] == "uk"
    assert record.route["languages"] == ["uk", "en"]
    assert [one["name"] for one in record.sources if one["relation"] == "photo"] == ["Getty Images"]


def test_template_prose_is_likely_generated(five) -> None:
    creation = five["004"].provenance.creation
    assert creation["method"] == "generated"
    assert creation["basis"] in {"inferred", "model"}
    assert "likely generated" in account(five["004"])


def test_the_original_names_its_outlet(five) -> None:
    record = five["002"].provenance
    assert record.creation["method"] == "original"
    assert [one["name"] for one in record.agents if one["role"] == "publisher"] == ["Just the News"]
    assert "original" in account(five["002"])


def test_the_five_are_one_story_with_their_quotations(five) -> None:
    report: Report = five["report"]
    (story,) = report.stories
    assert len(story.documents) == 5
    ends = {(one["from"][:3], one["to"][:3]) for one in story.edges if one["relation"] == "shares quotations with"}
    assert ("000", "001") in ends
    outside = {one["to"] for one in story.edges if str(one["to"]).startswith("source:")}
    assert outside == {"source:Politico", "source:BBC"}


def test_documents_that_quote_the_same_words_are_tied() -> None:
    said = "We will not lift the closure before the last of the four gates has been tested by night"
    texts = [
        f"The lock at Brennhafen stays shut until June, harbour master Ida Falk said. “{said},” she told the council.",
        f"Shippers at Brennhafen are angry at Ida Falk over the lock. „{said}“, she had said. They want pilots by June.",
        "Ida Falk said “not before June” of the lock at Brennhafen. Four gates are to be tested there by night.",
    ]
    documents = [Document(str(at), text, Origin(str(at), "txt"), group="lock") for at, text in enumerate(texts)]
    (story,) = audit_documents(documents, Settings(score="none")).stories
    (edge,) = [one for one in story.edges if one["relation"] == "shares quotations with"]
    assert (edge["from"], edge["to"]) == ("0", "1")
    (proof,) = edge["evidence"]
    assert proof["note"] == "the same words"
    for name, place in (("0", proof), ("1", proof["other"])):
        assert texts[int(name)][place["start"] : place["end"]].rstrip(",") == said


def test_no_evidence_is_unknown(auditor: Auditor) -> None:
    record = screened(auditor, BODY).provenance
    assert record.source_language == {"tag": "und", "basis": "no evidence", "confidence": 0.0, "evidence": []}
    assert record.creation["method"] == "unknown"
    assert record.route == {}
    assert account(screened(auditor, BODY)) == "English, origin unknown"


def test_weak_evidence_stays_unknown(auditor: Auditor) -> None:
    record = screened(auditor, BODY + "„We shall see it through“, she said to the people in the hall.\n").provenance
    assert record.source_language["tag"] == "und"
    assert record.source_language["basis"] == "inferred"
    assert record.source_language["unknown"] > 0.4


def test_a_disclosed_language_is_believed(auditor: Auditor) -> None:
    page = screened(auditor, BODY + "Translated from German with DeepL")
    record = page.provenance
    assert record.source_language["tag"] == "de"
    assert record.source_language["basis"] == "disclosed"
    assert [one["tag"] for one in record.languages][1] == "en-t-de-t0-und"
    assert account(page).startswith(
        "English, machine-translated, from German, route de -> en"
    ) or "from German" in account(page)
    assert ("DeepL", "SoftwareAgent") in {(one["name"], one["type"]) for one in record.agents}


def test_the_text_s_own_language_is_no_source(auditor: Auditor) -> None:
    facts = {"canonical": "https://www.theguardian.com/world/1", "html_lang": "en"}
    record = screened(auditor, BODY, metadata=facts, declared_language="en").provenance
    assert record.source_language["tag"] == "und"
    assert [one["name"] for one in record.agents] == ["The Guardian"]


def test_address_and_declared_language_speak_for_the_site(auditor: Auditor) -> None:
    facts = {"canonical": "https://gazette.example.ua/en/1", "html_lang": "uk"}
    record = screened(auditor, BODY, metadata=facts, declared_language="uk").provenance
    assert record.source_language["tag"] == "uk"
    assert {one["kind"] for one in record.source_language["evidence"]} == {"address", "declared"}


def test_an_encoder_joins_through_its_scores(auditor: Auditor) -> None:
    one = screened(auditor, BODY)
    span = one.page.sentences[0].span
    scores = [
        Score("a", span, f"source_language:{tag}", value) for tag, value in (("fr", 0.97), ("de", 0.01), ("ru", 0.02))
    ]
    claim = trace(one.page, one.findings, scores).source_language
    assert claim["candidates"][0]["tag"] == "fr"
    assert [witness["kind"] for witness in claim["evidence"]] == ["encoder"]


def test_what_the_model_says_of_translation_moves_every_language(auditor: Auditor) -> None:
    one = screened(auditor, BODY)
    scores = [Score("a", one.page.sentences[0].span, f"source_language:{tag}", 1 / 3) for tag in ("fr", "de", "ru")]
    unknown = [
        float(str(trace(one.page, one.findings, scores, None, chance).source_language["unknown"]))
        for chance in (0.02, None, 0.98)
    ]
    assert unknown == sorted(unknown, reverse=True)
    assert unknown[0] > unknown[2]


def test_the_model_s_doubts_do_not_outweigh_what_the_page_shows() -> None:
    page = witness("boilerplate", "uk", 4.7)
    alone = posterior([page], "en", disclosed=False)["uk"]
    doubted = posterior([page, witness("encoder", "uk", -2.0)], "en", disclosed=False, shift=-2.0)["uk"]
    backed = posterior([page, witness("encoder", "uk", 2.0)], "en", disclosed=False, shift=1.0)["uk"]
    assert doubted == pytest.approx(alone)
    assert backed > alone
    assert posterior([witness("encoder", "uk", 2.0)], "en", disclosed=False, shift=-2.0)["uk"] < 0.02


def sentence(fr: float) -> tuple[dict[str, float], int]:
    return {"source_language:fr": fr, "source_language:de": 1 - fr, "source_language:it": 0.9, "encoder.x": 1.0}, 80


def test_shares_of_a_text_say_more_the_more_its_sentences_agree() -> None:
    one, many = shares([sentence(0.7)], "it-IT"), shares([sentence(0.7)] * 12, "it-IT")
    assert sorted(one) == ["de", "fr"], "a text is no translation from its own language"
    assert sum(many.values()) == pytest.approx(1, abs=1e-3)
    assert 0.5 < one["fr"] < many["fr"] < 1
    assert shares([sentence(0.9), sentence(0.1)], "it")["fr"] == pytest.approx(0.5)
    assert shares([({"encoder.machine": 1.0}, 80)], "it") == {}


def test_the_encoder_s_lean_is_taken_back_in_english_only() -> None:
    even = [({"source_language:de": 0.5, "source_language:cs": 0.5}, 80)]
    assert shares(even, "uk")["de"] == pytest.approx(0.5)
    assert shares(even, "en")["de"] < 0.1


def witness(kind: str, tags: str, weight: float) -> Witness:
    return Witness(kind, frozenset(tags.split()), weight, {})


def test_equal_evidence_counts_once_and_probabilities_add_up() -> None:
    one = posterior([witness("quotation", "bg cs", 3.0)], "en", disclosed=False)
    twice = posterior(
        [witness("quotation", "bg cs", 3.0), witness("quotation", "bg cs de", 2.0)], "en", disclosed=False
    )
    assert one["bg"] == pytest.approx(twice["bg"], abs=0.02)
    assert sum(twice.values()) == pytest.approx(1)
    more = posterior([witness("quotation", "bg cs", 3.0), witness("romanisation", "bg", 2.0)], "en", disclosed=False)
    assert more["bg"] > one["bg"] * 2
    told = posterior([witness("translator_name", "zh", 3.5)], "en", disclosed=True)
    assert told["zh"] > 0.3
    assert told["und"] > 0.2, "a disclosed translation may come from a language that nothing shows"


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("Zhang Yangyang", {"zh"}),
        ("Ihor Petrenko", {"uk"}),
        ("Grzegorz Nowak", {"pl"}),
        ("Dimitar Petrov", {"bg"}),
        ("Jane Doe", set()),
        ("Li Na", set()),
        ("Wang", set()),
        ("Maria Lopez", set()),
        ("BBC Monitoring Service Desk Team", set()),
    ],
)
def test_names_tell_a_language_only_by_their_form(name: str, tags: set[str]) -> None:
    assert languages_of_name(name) == tags


def test_sounds_of_transcriptions() -> None:
    assert "bg" in languages_of_sound("Wu Tien", "Wu Tian")
    assert {"ru", "uk"} <= languages_of_sound("Chzhou", "Zhou")
    assert languages_of_sound("Smith", "Smyth") == frozenset()


@pytest.mark.parametrize(
    ("parts", "tag"),
    [
        (("en", "zh", "machine"), "en-t-zh-t0-und"),
        (("en", "zh", "human"), "en-t-zh"),
        (("en", "und", "machine_reviewed"), "en-t-und-t0-und"),
        (("en", "sr-Latn", ""), "en-t-sr-latn"),
        (("<x>", "de", ""), "und-t-de"),
    ],
)
def test_tags_follow_extension_t(parts: tuple[str, str, str], tag: str) -> None:
    assert tag_of(*parts) == tag


def test_what_each_source_is_cited_for(auditor: Auditor) -> None:
    text = BODY + "The bridge will be closed for a week, Reuters reported on Monday.\nNobody was hurt, the police said."
    sources = {one["name"]: one for one in screened(auditor, text).provenance.sources}
    assert sources["Reuters"]["kind"] == "agency"
    assert sources["Reuters"]["cited_for"][0]["quote"].startswith("The bridge will be closed")
    assert sources["the police"]["kind"] == "official statement"
