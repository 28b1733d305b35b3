"""Source and translation: every check on cases that must and must not be found, files, metrics, summary, command."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import Settings, Severity, Skipped
from auditor.pairs import Pair, PairAudit, PairOptions, Summary, audit_pairs, check_metas, pair_object, read_pairs
from auditor.pairs._gaps import unmatched
from auditor.transformer import JudgedPair

EN = "The council of the small harbour town voted on Tuesday to repair the old pier before the autumn storms."
DE = "Der Rat der kleinen Hafenstadt stimmte am Dienstag dafür, den alten Pier vor den Herbststürmen zu reparieren."


def found(source: str, target: str, languages: tuple[str, str] = ("en", "de"), **more) -> list:
    pair = Pair("p", source, target, None, *languages)
    (one,) = audit_pairs([pair], PairOptions(metrics=False), **more)
    assert isinstance(one, PairAudit)
    for finding in one.findings:
        side = source if finding.data["side"] == "source" else target
        assert finding.quote == finding.span.cut(side)
        for proof in finding.evidence:
            other = target if finding.data["side"] == "source" else source
            assert proof.quote == proof.span.cut(other)
    return list(one.findings)


def marked(text: str) -> tuple[str, list[str]]:
    parts = text.replace("⟧", "⟦").split("⟦")
    return "".join(parts), parts[1::2]


@pytest.mark.parametrize(
    ("code", "languages", "source", "target"),
    [
        ("TP001", ("en", "de"), EN, f"⟦{EN[:-1]}⟧."),
        (
            "TP001",
            ("en", "de"),
            "He left. The old pier will be closed to visitors. She stayed.",
            "Er ging. ⟦The old pier will be closed to visitors⟧. Sie blieb.",
        ),
        (
            "TP001",
            ("zh", "en"),
            "市议会周二投票决定在秋季风暴之前修复旧码头。",
            "On Tuesday ⟦市议会周二投票决定在秋季风暴之前⟧ was decided.",
        ),
        (
            "TP002",
            ("en", "de"),
            "The bridge is 345 metres from the 27 houses.",
            "Die Brücke steht bei den ⟦72⟧ Häusern, 345 Meter weit.",
        ),
        ("TP002", ("en", "cs"), "In 1998 the town had 4,512 people.", "V roce 1998 mělo město ⟦4 521⟧ obyvatel."),
        (
            "TP003",
            ("en", "de"),
            "Minister Steve Mnuchin spoke to the press.",
            "Minister Steve ⟦Munchin⟧ sprach mit der Presse.",
        ),
        ("TP004", ("en", "de"), "The vote on 4 March was close.", "Die Abstimmung am ⟦4. April⟧ war knapp."),
        (
            "TP005",
            ("en", "de"),
            "See https://example.org/rules for more.",
            "Siehe ⟦https://example.org/rule⟧ für mehr.",
        ),
        ("TP005", ("en", "de"), "Write to press@example.org today.", "Schreiben Sie heute an ⟦pres@example.org⟧."),
        ("TP006", ("en", "de"), "Hello {name}, you have %d messages.", "Hallo ⟦{namen}⟧, Sie haben %d Nachrichten."),
        ("TP006", ("en", "de"), "Press <b>here</b> to go on.", "Drücken Sie <b>hier</b>⟦</b>⟧, um fortzufahren."),
        ("TP007", ("en", "de"), EN, f"⟦{DE} {DE} {DE}⟧"),
        (
            "TP008",
            ("en", "de"),
            EN,
            "⟦Le conseil de la petite ville portuaire a voté mardi pour réparer le vieux quai avant les tempêtes.⟧",
        ),
        (
            "TP011",
            ("en", "de"),
            EN,
            "Der Rat stimmte dafür, ⟦den alten Pier den alten Pier den alten Pier den alten Pier⟧ zu reparieren.",
        ),
    ],
)
def test_found(code: str, languages: tuple[str, str], source: str, target: str) -> None:
    text, wanted = marked(target)
    got = [
        one for one in found(source, text, languages) if one.severity >= Severity.MAJOR and one.data["side"] == "target"
    ]
    assert [(one.rule, one.quote) for one in got] == [(code, quote) for quote in wanted]


@pytest.mark.parametrize(
    ("languages", "source", "target"),
    [
        (("en", "de"), EN, DE),
        (("en", "de"), "BBC News Channel One", "BBC News Channel One"),
        (
            ("en", "de"),
            "He said: „Der Rat stimmte am Dienstag dafür“.",
            "Er sagte: „Der Rat stimmte am Dienstag dafür“.",
        ),
        (("en", "de"), "It cost 3.4 million euros in 2019.", "Es kostete 2019 3,4 Millionen Euro."),
        (("zh", "en"), "公司去年售出340万辆汽车。", "The company sold 3.4 million cars last year."),
        (("en", "de"), "It has twelve doors and 30 windows.", "Es hat 12 Türen und dreißig Fenster."),
        (("en", "cs"), "It was 90 degrees in the shade.", "Ve stínu bylo 32 stupňů."),
        (("ja", "en"), "時期は21年以降とみられる。", "The timing will likely be 2021 or later."),
        (("en", "de"), "The train leaves at 3:45 pm.", "Der Zug fährt um 15:45 Uhr ab."),
        (("en", "de"), "The vote on 3/4/2020 was close.", "Die Abstimmung am 3. April 2020 war knapp."),
        (("de", "en"), "Zwischen dem 11. und 14. September.", "Between September 11 and 14."),
        (("en", "cs"), "Mark Meadows met the press.", "Marka Meadowse potkal tisk."),
        (("ru", "en"), "Марк Медоус встретил прессу.", "Mark Meadows met the press."),
        (("de", "en"), "Präsident Reinhard Grindel ging.", "President Reinhard Grindel left."),
        (("en", "de"), "See https://example.org/en/rules.", "Siehe https://example.org/de/rules."),
        (("en", "de"), "See www.example.org!", "Siehe http://www.example.org/."),
        (("en", "de"), "It rose 5% since May.", "Es stieg seit Mai um 5 % stark."),
        (("en", "de"), "Hello {0} and %s.", "%s und {0}, hallo."),
        (("en", "de"), "Yes.", "Ja, das ist durchaus auch so, wie man es sich wünschte."),
        (
            ("en", "hr"),
            EN,
            "Gradsko vijeće malog lučkog grada u utorak je glasovalo za popravak starog mola prije jesenskih oluja.",
        ),
        (
            ("en", "sr"),
            EN,
            "Gradsko vijeće malog lučkog grada u utorak je glasovalo za popravak starog mola prije jesenskih oluja.",
        ),
        (("en", "de"), "Ha ha ha ha ha ha ha.", "Ha ha ha ha ha ha ha."),
        (("und", "und"), EN, DE),
        (("en", "de"), "", ""),
    ],
)
def test_silent(languages: tuple[str, str], source: str, target: str) -> None:
    assert found(source, target, languages) == []


def test_one_side_without_text() -> None:
    (lost,) = found(EN, " ")
    assert (lost.rule, lost.data["side"], lost.quote) == ("TP007", "source", EN)
    (made_up,) = found("", DE)
    assert (made_up.rule, made_up.data["side"]) == ("TP007", "target")


def test_numbers_added_or_left_out_are_minor() -> None:
    kinds = {
        (one.data["kind"], one.severity, one.data["side"])
        for source, target in (
            ("The town grew.", "Die Stadt wuchs um 2350 Bewohner."),
            ("All 4512 people.", "Alle Leute."),
        )
        for one in found(source, target)
    }
    assert kinds == {("added", Severity.MINOR, "target"), ("omitted", Severity.MINOR, "source")}


class Model:
    """A quality model for tests: quality is the share of common letters; vectors count a few topic words."""

    TOPICS = (("pier", "Pier"), ("storm", "Sturm"), ("mayor", "Bürgermeister"), ("ship", "Schiff"))

    def __init__(self) -> None:
        self.batches: list[int] = []

    def score_pairs(self, sources: Sequence[str], translations: Sequence[str]) -> list[float]:
        self.batches.append(len(sources))
        return [len(set(a) & set(b)) / len(set(a) | set(b)) for a, b in zip(sources, translations, strict=True)]

    def embed(self, texts: Sequence[str]) -> list:
        made = []
        for text in texts:
            vector = np.array([0.1, *(float(any(word in text for word in topic)) for topic in self.TOPICS)], "float32")
            made.append(vector / np.linalg.norm(vector))
        return made


SENTENCES = [
    ("The old pier will be repaired soon.", "Der alte Pier wird bald repariert."),
    ("The storm was the worst in many years.", "Der Sturm war der schlimmste seit Jahren."),
    ("The mayor did not answer any questions.", "Der Bürgermeister beantwortete keine Fragen."),
    ("A ship had sunk in the harbour then.", "Ein Schiff war damals im Hafen gesunken."),
]


def test_additions_and_omissions_need_a_model_and_have_places() -> None:
    sources, targets = (" ".join(side) for side in zip(*SENTENCES, strict=True))
    model = Model()
    assert found(sources, targets, scorer=model) == []
    assert found(SENTENCES[0][0], SENTENCES[1][1], scorer=model) == []  # single sentences are never judged
    without = " ".join(target for _, target in SENTENCES[:2] + SENTENCES[3:])
    (lost,) = found(sources, without, scorer=model)
    assert (lost.rule, lost.data["side"], lost.quote) == ("TP010", "source", SENTENCES[2][0])
    (made_up,) = found(" ".join(source for source, _ in SENTENCES[:3]), targets, scorer=model)
    assert (made_up.rule, made_up.data["side"], made_up.quote) == ("TP009", "target", SENTENCES[3][1])
    joined = targets.replace("bald repariert. Der Sturm", "bald repariert, und der Sturm")
    assert found(sources, joined, scorer=model) == []
    assert found(sources, without) == []


def similarities(sources: list[set[int]], targets: list[set[int]]) -> np.ndarray:
    """Cosines that an encoder might give sentences by what they tell: 0.8 for nothing in common, 0.9 for the same."""
    rows, columns = ([*one, *(a | b for a, b in pairwise(one))] for one in (sources, targets))
    return np.array([[0.8 + 0.1 * len(a & b) / (len(a) * len(b)) ** 0.5 for b in columns] for a in rows])


@given(st.integers(3, 12), st.data())
def test_a_sentence_left_out_anywhere_is_the_one_that_stands_alone(count: int, data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, count - 1))
    whole = [{at} for at in range(count)]
    short = whole[:gone] + whole[gone + 1 :]
    assert unmatched(similarities(whole, whole), count, count) == ([], [])
    ((found, clear),), none = unmatched(similarities(whole, short), count, count - 1)
    assert (found, none, clear > 0.02) == (gone, [], True)
    none, ((found, _),) = unmatched(similarities(short, whole), count - 1, count)
    assert (found, none) == (gone, [])


@given(st.integers(3, 12), st.data())
def test_joined_sentences_do_not_stand_alone(count: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, count - 2))
    whole = [{number} for number in range(count)]
    joined = [*whole[:at], {at, at + 1}, *whole[at + 2 :]]
    for one, other in ((whole, joined), (joined, whole)):
        assert unmatched(similarities(one, other), len(one), len(other)) == ([], [])


def test_texts_that_tell_different_things_have_no_gaps() -> None:
    one, other = [{at} for at in range(12)], [{100 + at} for at in range(12)]
    assert unmatched(similarities(one, other), 12, 12) == ([], [])


class Words(Model):
    """A model that doubts every word with an x."""

    def judge_pairs(self, sources: Sequence[str], translations: Sequence[str]) -> list[JudgedPair]:
        quality = self.score_pairs(sources, translations)
        words = [
            tuple((one.start(), one.end(), 0.9 if "x" in one.group() else 0.1) for one in re.finditer(r"\S+", text))
            for text in translations
        ]
        return [JudgedPair(value, own) for value, own in zip(quality, words, strict=True)]


def test_doubtful_words_are_joined_to_passages() -> None:
    pairs = [Pair("1", "One two three.", "ax bx c dx"), Pair("2", "One.", ""), Pair("3", "One.", "a b")]
    first, empty, last = audit_pairs(pairs, PairOptions("en", "de", metrics=False), Words())
    assert [(one.span.start, one.span.end, one.quote, one.probability) for one in first.doubtful] == [
        (0, 5, "ax bx", 0.9),
        (8, 10, "dx", 0.9),
    ]
    assert (empty.doubtful, empty.quality, last.doubtful) == ((), None, ())
    assert pair_object(first)["doubtful"][1] == {"start": 8, "end": 10, "quote": "dx", "probability": 0.9}


def test_half_a_surrogate_pair_stops_no_pair() -> None:
    pairs = [Pair("1", "The \ud800 river rose. The town slept.", "Der \udfff Fluss stieg. Die Stadt schlief.")]
    (one,) = audit_pairs(pairs, PairOptions("en", "de", metrics=False), Model())
    assert isinstance(one, PairAudit)


def test_quality_is_estimated_in_batches_in_order() -> None:
    model = Model()
    pairs = [Pair(str(number), EN, DE[: 10 + number], None, "en", "de") for number in range(5)]
    pairs[2] = Pair("2", EN, "", None, "en", "de")
    results = list(audit_pairs(pairs, PairOptions(batch=2), model))
    assert [one.pair.id for one in results] == list("01234")
    assert model.batches == [2, 1, 1]
    assert results[2].quality is None
    assert results[4].quality == round(model.score_pairs([EN], [pairs[4].target])[0], 4)


def test_undeclared_languages_are_those_of_most_pairs() -> None:
    pairs = [Pair(str(number), EN, DE) for number in range(9)]
    pairs[4] = Pair(
        "4", EN, "Le conseil de la petite ville a voté mardi pour réparer le vieux quai avant les tempêtes."
    )
    results = list(audit_pairs(pairs))
    assert {one.languages for one in results} == {("en", "de")}
    assert [one.rule for one in results[4].findings] == ["TP008"]


def test_select_and_ignore() -> None:
    pair = Pair("p", "See {0} on 4 March.", "Siehe am 4. April.", None, "en", "de")
    for options, codes in (
        (PairOptions(), {"TP004", "TP006"}),
        (PairOptions(select=("TP004",)), {"TP004"}),
        (PairOptions(ignore=("TP004",)), {"TP006"}),
    ):
        (one,) = audit_pairs([pair], options)
        assert {finding.rule for finding in one.findings} == codes


def read(path: Path, **more) -> list:
    return list(read_pairs([str(path)], Settings(), **more))


def test_tsv_with_and_without_header(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(f"\ufeffsrc\tmt\tref\tsrc_lang\n{EN}\t{DE}\t{DE}\ten\n\nonly one\n{EN}\t{DE}\t\ten\n", "utf-8")
    one, bad, two = read(path)
    assert (one.source, one.target, one.reference, one.source_language) == (EN, DE, DE, "en")
    assert (one.id, one.origin.locator) == ("a.tsv#L2", "2")
    assert isinstance(bad, Skipped)
    assert "1 columns" in bad.reason
    assert two.reference is None
    packed = tmp_path / "b.tsv.gz"
    packed.write_bytes(gzip.compress(f'{DE}\t"{EN}\n'.encode()))
    assert [(pair.source, pair.target) for pair in read(packed)] == [(DE, f'"{EN}')]
    assert [(pair.source, pair.target) for pair in read(packed, columns=["target", "source"])] == [(f'"{EN}', DE)]


def test_json_lines_under_usual_names(tmp_path: Path) -> None:
    rows = [
        {"id": 7, "source": EN, "translation": DE, "src_lang": "en", "tgt_lang": "de", "score": 0.3},
        {"src": EN, "hyp": DE, "ref": DE},
        {"source": EN},
        [1],
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n{bad\n", "utf-8")
    first, second, *rest = read(path)
    assert (first.id, first.source_language, first.target_language) == ("7", "en", "de")
    assert second.reference == DE
    assert [one.reason.split(" (")[0] for one in rest[:2]] == ["no target", "not a JSON object"]
    assert "malformed" in rest[2].reason
    damaged = tmp_path / "c.jsonl.gz"
    damaged.write_bytes(gzip.compress(path.read_bytes() * 500)[:900])
    assert isinstance(read(damaged)[-1], Skipped)


def test_reference_scores_are_sacrebleu_s() -> None:
    import sacrebleu

    hypotheses = [DE, DE.replace("Rat", "Stadtrat"), DE.replace("alten", "neuen")]
    pairs = [Pair(str(at), EN, one, DE, "en", "de") for at, one in enumerate(hypotheses)]
    summary = Summary()
    for one in audit_pairs(pairs):
        assert set(one.scores) == {"bleu", "chrf", "ter"}
        assert one.scores["chrf"] == round(sacrebleu.sentence_chrf(one.pair.target, [DE]).score, 2)
        summary.add(one)
    bleu, chrf, ter = summary.as_object()["metrics"]["en-de"]
    assert bleu["score"] == round(sacrebleu.corpus_bleu(hypotheses, [[DE] * 3]).score, 2)
    assert bleu["low"] <= bleu["score"] <= bleu["high"]
    assert "tok:13a" in bleu["signature"]
    assert "version:" in chrf["signature"]
    assert ter["segments"] == 3
    chinese = Pair("z", EN, "市议会投票决定修复码头。", "市议会投票决定修复码头。", "en", "zh")
    (one,) = audit_pairs([chinese])
    assert one.scores["bleu"] == 100.0


def test_summary_counts_shares_and_intervals_are_reproducible() -> None:
    pairs = [
        Pair(str(n), "All 4512 of it.", "Alle 4521 davon." if n % 4 == 0 else "Alle 4512.", None, "en", "de")
        for n in range(40)
    ]
    texts = []
    for _ in range(2):
        summary = Summary()
        for one in audit_pairs(pairs, scorer=Model()):
            summary.add(one)
        summary.add(Skipped(pairs[0].origin, "bad"))
        texts.append(json.dumps(summary.as_object()))
    assert texts[0] == texts[1]
    told = json.loads(texts[0])
    numbers = told["findings"]["TP002"]
    assert (numbers["count"], numbers["share"], numbers["mqm"]) == (10, 0.25, "101000")
    assert numbers["low"] < 0.25 < numbers["high"]
    assert told["with_major_findings"]["count"] == 10
    assert told["skipped_reasons"] == {"bad": 1}
    quality = told["quality"]["en-de"]
    assert quality["low"] <= quality["mean"] <= quality["high"]
    assert Summary().as_object()["pairs"] == 0


def test_hostile_pairs_take_linear_time() -> None:
    for text in ("<" * 200_000, "{" * 200_000, "ab " * 100_000, "http://" * 30_000, "1,000" * 40_000, "A B " * 50_000):
        pair = Pair("p", text, text + "x", None, "en", "de")
        assert len(list(audit_pairs([pair], PairOptions(metrics=False)))) == 1


def test_objects_have_ids_of_mqm() -> None:
    assert [meta.code for meta in check_metas()] == [f"TP{number:03}" for number in range(1, 12)]
    (one,) = audit_pairs([Pair("p", "On 4 March.", "Am 4. April.", None, "en", "de")])
    told = pair_object(one)
    assert told["findings"][0]["mqm"] == "405000"
    assert told["findings"][0]["evidence"] == [{"side": "source", "start": 3, "end": 10, "quote": "4 March"}]
    assert json.loads(json.dumps(told)) == told


def test_command(run, tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(f"{EN}\t{DE}\t{DE}\nOn 4 March.\tAm 4. April.\tAm 4. März.\nbroken\n", "utf-8")
    done = run("pairs", path, "--source-lang", "en", "--target-lang", "de", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "no quality model" in done.stderr
    assert "2 pairs, 1 skipped" in done.stdout
    assert "TP004 pair-date" in done.stdout
    assert "bleu en-de" in done.stdout
    rows = [json.loads(line) for line in (tmp_path / "out" / "pairs.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a.tsv#L1", "a.tsv#L2"]
    assert json.loads((tmp_path / "out" / "pairs.summary.json").read_text("utf-8"))["pairs"] == 2
    piped = run("pairs", "-", "--format", "tsv", "-o", "-", "--no-metrics", stdin=f"{EN}\t{DE}\n")
    assert json.loads(piped.stdout)["findings"] == []
    assert "1 pairs" in piped.stderr
    assert run("pairs", path, "--target-lang", "de", "--fail-on-major").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.tsv"], "nowhere.tsv"),
        (["bad.tsv"], "no pair could be read"),
        (["bad.tsv", "--select", "XX"], "no check begins with 'XX'"),
        (["bad.tsv", "--format", "doc"], "doc"),
    ],
)
def test_wrong_use(run, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "cwd").mkdir()
    (tmp_path / "cwd" / "bad.tsv").write_text("one column\n", "utf-8")
    done = run("pairs", *arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_page_of_the_checks_is_current() -> None:
    from auditor.docs import pair_checks_document
    from tests.conftest import ROOT

    assert (ROOT / "docs" / "pair_checks.md").read_text("utf-8") == pair_checks_document(), "run: make docs"
