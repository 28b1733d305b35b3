"""Tables of names by script and language: two ways to write one person, and two people; neither is ever reported."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.test_names import report

FOLDER = Path(__file__).parent / "names"
# Two sentences a language with a name each; and one that another document may share.
FRAMES = {
    "en": "On Monday {} spoke for an hour in the old town hall. Later {} answered questions of the visitors.",
    "ru": "В понедельник в старой ратуше говорили о {}. Позже вопросы гостей обсудил весь зал, и {} упоминали снова.",
    "uk": "У понеділок у старій ратуші говорили про {}. Пізніше запитання гостей обговорила вся зала, і {} згадували знову.",
    "bg": "В понеделник в старата община {} говори един час. По-късно {} отговори на въпросите на гостите.",
    "pl": "W poniedziałek w starym ratuszu mówiono o {}. Później goście pytali o {} jeszcze raz.",
    "cs": "V pondělí se na staré radnici mluvilo o {}. Později se hosté ptali na {} ještě jednou.",
    "sk": "V pondelok sa na starej radnici hovorilo o {}. Neskôr sa hostia pýtali na {} ešte raz.",
    "hr": "U ponedjeljak se u staroj vijećnici govorilo o {}. Kasnije su gosti pitali za {} još jednom.",
    "sr": "U ponedeljak se u staroj većnici govorilo o {}. Kasnije su gosti pitali za {} još jednom.",
    "lt": "Pirmadienį senojoje rotušėje kalbėta apie {}. Vėliau svečiai dar kartą klausė apie {}.",
    "de": "Am Montag ging es im alten Rathaus eine Stunde lang um {}. Später fragten die Gäste noch einmal nach {}.",
    "nl": "Maandag sprak {} een uur in het oude stadhuis. Later antwoordde {} op vragen van de bezoekers.",
    "sv": "I måndags talade man om {} i det gamla rådhuset. Senare frågade gästerna om {} en gång till.",
    "da": "Mandag talte {} en time i det gamle rådhus. Senere svarede {} på gæsternes spørgsmål.",
    "no": "Mandag talte {} en time i det gamle rådhuset. Senere svarte {} på spørsmål fra gjestene.",
    "fi": "Maanantaina vanhassa raatihuoneessa puhuttiin henkilöstä {}. Myöhemmin vieraat kysyivät henkilöstä {}.",
    "hu": "Hétfőn {} egy órát beszélt a régi városházán. Később {} válaszolt a vendégek kérdéseire.",
    "tr": "Pazartesi günü {} eski belediye binasında bir saat konuştu. Daha sonra {} konukların sorularını yanıtladı.",
    "el": "Τη Δευτέρα στο παλιό δημαρχείο μίλησαν για {}. Αργότερα οι επισκέπτες ρώτησαν ξανά για {}.",
    "fr": "Lundi, {} a parlé une heure à l'ancien hôtel de ville. Plus tard, {} a répondu aux questions des visiteurs.",
    "es": "El lunes {} habló una hora en el antiguo ayuntamiento. Más tarde {} respondió a las preguntas del público.",
    "it": "Lunedì {} ha parlato un'ora nel vecchio municipio. Più tardi {} ha risposto alle domande dei visitatori.",
    "pt": "Na segunda-feira {} falou uma hora na antiga câmara. Mais tarde {} respondeu às perguntas dos visitantes.",
    "zh": "星期一{}在旧市政厅讲了一个小时. 随后{}回答了来宾的提问。",
    "ja": "月曜日、{}は旧市庁舎で一時間話した. その後、{}は来場者の質問に答えた。",
    "ar": "تحدث {} يوم الاثنين ساعة في دار البلدية القديمة. ثم أجاب {} عن أسئلة الزوار.",
}  # fmt: skip


def pairs(name: str) -> list[tuple[str, str, str]]:
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8") as lines:
        return [(row["language"], row["one"], row["other"]) for row in csv.DictReader(lines, delimiter="\t")]


VARIANTS, PEOPLE = pairs("variants"), pairs("people")


def test_the_tables_are_long_enough() -> None:
    assert len(VARIANTS) >= 200
    assert len(PEOPLE) >= 200
    assert len(set(VARIANTS)) == len(VARIANTS)
    assert len(set(PEOPLE)) == len(PEOPLE)
    for table in (VARIANTS, PEOPLE):
        assert len(Counter(language for language, *_ in table)) >= 15


@pytest.mark.parametrize(("language", "one", "other"), VARIANTS)
def test_variants_are_never_flagged(language: str, one: str, other: str) -> None:
    frame = FRAMES[language]
    assert not report(frame.format(one, other))
    assert not report(frame.format(other, one))
    alone = [frame.format(name, name) for name in (one, other)]
    assert not report(*alone)
    # Three documents of one story, of which two agree and word the rest otherwise.
    first, second = frame.split(". ", 1)
    assert not report(alone[0], alone[1], f"{second.format(one)} {first.format(one)}.", group="story")


@pytest.mark.parametrize(("language", "one", "other"), PEOPLE)
def test_two_people_are_never_flagged(language: str, one: str, other: str) -> None:
    frame = FRAMES[language]
    assert not report(frame.format(one, other))
    assert not report(frame.format(other, one))
    first, second = frame.split(". ", 1)
    documents = f"{first.format(one)}.", second.format(other), f"{second.format(other)} {second.format(other)}"
    assert not report(*documents)
    assert not report(*documents, group="story")
