"""The HTML report as files: safe, complete, linked, bounded. ``test_report_browser.py`` opens it in a browser."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from auditor.data import DocumentAudit, Finding, Origin, Report, Severity, Skipped, Span
from auditor.formatters import _html_text
from auditor.formatters._html_facts import word_diff
from auditor.formatters.html_report import HtmlFormatter
from auditor.totals import totals
from tests.reports import audited, found, sample, segmented


def written(report: Report, folder: Path) -> dict[str, str]:
    HtmlFormatter().write(report, folder)
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.html"))}


def test_only_our_own_code_is_in_a_page(tmp_path: Path) -> None:
    for name, page in written(sample(), tmp_path).items():
        tree = LexborHTMLParser(page)
        policy = tree.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"]
        for kind, tag in (("style", "style"), ("script", "script")):
            sources = re.search(rf"{kind}-src ([^;]+)", policy).group(1).split()
            hashes = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
            assert sources == [
                f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in hashes
            ], name
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert len(tree.css("script")) == 1
        for node in tree.css("*"):
            for attribute, value in node.attributes.items():
                assert not attribute.startswith("on"), (name, attribute)
                assert attribute not in {"style", "src", "srcset", "action", "formaction"}, (name, attribute)
                if attribute == "href":
                    assert re.match(r"(\.\./)?(pages/)?[\w-]*(\.html)?(#|$)", value), (name, value)
        assert not tree.css("img, iframe, object, embed, form, base, link")


def test_pages_show_the_whole_text_and_nothing_dangerous(tmp_path: Path) -> None:
    pages = written(sample(), tmp_path)
    for number, audit in enumerate(sample().documents, 1):
        (page,) = (text for name, text in pages.items() if name.startswith(f"pages/{number}-"))
        tree = LexborHTMLParser(page)
        for sign in tree.css("span.sign"):
            sign.replace_with("\ufffd")
        shown = [line.text() for line in tree.css("p.line")]
        hidden = re.compile("[\x00-\x08\x0b-\x1f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0041]")
        assert shown == [hidden.sub("\ufffd", line) for line in audit.document.text.split("\n") if line]
        assert not hidden.search(page)


def test_every_link_and_anchor_leads_somewhere(tmp_path: Path) -> None:
    pages = written(sample(), tmp_path)
    ids = {name: [node.id for node in LexborHTMLParser(page).css("[id]")] for name, page in pages.items()}
    evidence_links = 0
    for name, page in pages.items():
        assert len(ids[name]) == len(set(ids[name])), f"an id stands twice in {name}"
        for link in LexborHTMLParser(page).css("a[href]"):
            path, _, anchor = link.attributes["href"].partition("#")
            target = str((Path("/") / name).parent.joinpath(path).resolve().relative_to("/")) if path else name
            assert target in pages, (name, link.html)
            assert not anchor or "=" in anchor or anchor in ids[target], (name, link.html)
            evidence_links += link.parent is not None and link.parent.parent.attributes.get("class") == "evidence"
    assert evidence_links == 2


def test_overlapping_findings_are_split_at_their_borders() -> None:
    page = segmented("one two three four", "a.txt")
    marks = [
        _html_text.Marked(1, found("EN001", page, "one two three", Severity.MINOR)),
        _html_text.Marked(2, found("BP001", page, "two", Severity.MAJOR)),
        _html_text.Marked(3, found("EN001", page, "three four", Severity.CRITICAL)),
    ]
    view = _html_text.lay_out(page, _html_text.Overlay(marks, [Span(14, 18)], [(Span(0, 18), 5)]))
    pieces = view.folds[0].rows[0].pieces
    assert [(one.text, one.findings, one.severity, one.anchors, one.target) for one in pieces] == [
        ("one ", (1,), "minor", (0,), False),
        ("two", (1, 2), "major", (4,), False),
        (" ", (1,), "minor", (), False),
        ("three", (1, 3), "critical", (8,), False),
        (" ", (3,), "critical", (), False),
        ("four", (3,), "critical", (14,), True),
    ]
    assert {one.heat for one in pieces} == {5}


def test_text_outside_the_lines_and_marks_outside_the_text() -> None:
    page = replace(segmented("seen\nunlisted\nseen again", "a.txt"), sentences=())
    page = replace(page, lines=(page.lines[0], page.lines[2]))
    ghost = replace(found("EN001", page, "seen", Severity.MINOR), span=Span(900, 910))
    empty = replace(found("EN001", page, "again", Severity.MINOR), span=Span(19, 19), quote="")
    marks = [_html_text.Marked(1, ghost), _html_text.Marked(2, empty)]
    view = _html_text.lay_out(page, _html_text.Overlay(marks, (), ()))
    assert (
        "".join(p.text for row in view.folds[0].rows for p in row.pieces).replace("\n", "") == "seenunlistedseen again"
    )
    assert view.anchors == {19}


def test_long_boilerplate_can_be_folded(tmp_path: Path) -> None:
    text = "News of the day.\n" + "\n".join(f"Menu entry number {number}" for number in range(20)) + "\nThe end."
    page = segmented(text, "a.txt")
    menu = text[text.index("Menu") : text.index("\nThe end")]
    report = replace(sample(), documents=(audited(page, [found("BP001", page, menu, Severity.MINOR)], "review"),))
    tree = LexborHTMLParser(written(report, tmp_path)["pages/1-a-txt.html"])
    (fold,) = tree.css("details.fold")
    assert len(fold.css("p.line")) == 20
    assert "open" not in fold.attributes
    assert len(tree.css("p.line")) == 22


def test_long_text_is_cut_but_findings_beyond_are_shown(tmp_path: Path) -> None:
    line = "Nothing to see in this line of the archive.\n"
    text = line * 8000 + "Here is the fault.\n" + line * 8000
    page = segmented(text, "a.txt")
    report = replace(
        sample(), documents=(audited(page, [found("EN001", page, "the fault", Severity.MINOR)], "review"),)
    )
    html = written(report, tmp_path)["pages/1-a-txt.html"]
    assert len(html) < 2_000_000
    tree = LexborHTMLParser(html)
    anchor = f"s{text.index('the fault')}"
    assert tree.css_first(f"#{anchor}").text() == "the fault"
    assert tree.css_first("li.finding .where a").attributes["href"] == f"#{anchor}"
    assert "characters are not shown" in tree.css_first(".cut").text()
    assert "characters are not shown here" in tree.css_first(".gap").text()


def test_a_huge_line_and_very_many_findings_stay_quick(tmp_path: Path) -> None:
    text = "word " * 400_000
    page = segmented(text, "a.txt")
    many = [
        Finding("EN001", "a.txt", Span(at * 5, at * 5 + 4000), text[at * 5 : at * 5 + 4000], "m", Severity.MINOR, 0.5)
        for at in range(20_000)
    ]
    report = replace(sample(), documents=(audited(page, many, "review"),))
    start = time.perf_counter()
    html = written(report, tmp_path)["pages/1-a-txt.html"]
    assert time.perf_counter() - start < 15
    assert "1000 most severe findings" in html
    assert len(html) < 5_000_000


def test_document_without_text_still_lists_its_findings(tmp_path: Path) -> None:
    report = sample()
    audit = report.documents[1]
    bare = replace(audit.page, document=replace(audit.document, text=""), lines=(), sentences=(), folded="")
    html = written(replace(report, documents=(replace(audit, page=bare),)), tmp_path)["pages/1-retold-txt.html"]
    tree = LexborHTMLParser(html)
    assert len(tree.css("li.finding")) == 3
    assert "text was not kept" in tree.css_first(".body").text()


def test_a_rerun_removes_stale_pages_and_nothing_else(tmp_path: Path) -> None:
    HtmlFormatter(rows_per_index=2).write(sample(), tmp_path)
    assert (tmp_path / "index-2.html").exists()
    (tmp_path / "index-3.html").write_text("a person's own page", "utf-8")
    (tmp_path / "pages" / "notes.html").write_text("another", "utf-8")
    HtmlFormatter().write(replace(sample(), documents=sample().documents[:1]), tmp_path)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.html")) == [
        "index-3.html",
        "index.html",
        "pages/1-news-harbour-txt.html",
        "pages/notes.html",
        "pages/story-1.html",
    ]


class Once(list[DocumentAudit]):
    """Documents that tell how often they are gone through, with answers for what needs no pass."""

    passes = 0

    def __iter__(self) -> Iterator[DocumentAudit]:
        self.passes += 1
        return super().__iter__()

    def totals(self) -> dict[str, Any]:
        return totals(sample())

    def riskiest(self, most: int) -> list[DocumentAudit]:
        return self[:most]

    def picked(self, places: Sequence[int]) -> Iterator[DocumentAudit]:
        return (self[at] for at in places)


def test_documents_of_a_large_run_are_gone_through_once(tmp_path: Path) -> None:
    documents = Once(sample().documents)
    assert written(replace(sample(), documents=documents), tmp_path / "once") == written(sample(), tmp_path / "plain")
    assert documents.passes == 1


def test_large_runs_are_cut_into_parts_and_say_so(tmp_path: Path) -> None:
    HtmlFormatter(rows_per_index=3, most_pages=2).write(sample(), tmp_path)
    first, second = ((tmp_path / name).read_text("utf-8") for name in ("index.html", "index-2.html"))
    rows = [LexborHTMLParser(page).css("#documents tbody tr") for page in (first, second)]
    assert [len(one) for one in rows] == [3, 1]
    decisions = [row.attributes["data-decision"] for part in rows for row in part]
    assert decisions == ["reject", "reject", "review", "accept"]
    assert len([one for one in (tmp_path / "pages").iterdir() if not one.name.startswith("story")]) == 2
    assert "2 of the least urgent documents have no page" in re.sub(r"\s+", " ", first)
    assert len(first) < 200_000


def test_an_empty_run_is_a_page_too(tmp_path: Path) -> None:
    report = Report("s", (), (), (Skipped(Origin("a.bin", "txt"), "not text"),))
    assert "No document was audited" in written(report, tmp_path)["index.html"]


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ("We will close it", "We will not close it", [("same", "We will "), ("ins", "not "), ("same", "close it")]),
        ("我们不会关闭码头", "我们会关闭码头", [("same", "我们"), ("del", "不"), ("same", "会关闭码头")]),
        ("Something else entirely", "Ein ganz anderer Satz", []),
    ],
)
def test_differences_of_wording(here: str, there: str, expected: list[tuple[str, str]]) -> None:
    assert list(word_diff(here, there)) == expected
