"""Web pages: visible text, roles, metadata, translation marks, hostile markup."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from auditor.data import Document, Origin, Skipped
from auditor.readers import read_inputs
from auditor.readers._markup import End, Raw, Start, events, unescape
from auditor.readers.web import declared_encoding, page_document
from auditor.segment import segment
from tests.test_readers import Options, only, write


def page(source: str) -> Document:
    return page_document(source, "p", Origin("p", "html"))


def blocks(source: str) -> list[tuple[str, str]]:
    document = page(source)
    found = [(block.role, block.span.cut(document.text)) for block in document.blocks]
    assert "\n".join(text for _, text in found) == document.text
    return found


def lines(source: str) -> list[str]:
    return [text for _, text in blocks(source)]


# --- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>wo<b>r</b>d a<i>nd</i></p>", ["word and"]),
        ("<p>  a \n\t b&#32;  c </p>", ["a b c"]),
        ("<p>a <b> b</b> <i>c </i> d</p>", ["a b c d"]),
        ("<p>one<br>two<br/>three</br>four</p>", ["one", "two", "three", "four"]),
        ("<p>one<p>two<div>three<p>four</div>five", ["one", "two", "three", "four", "five"]),
        ("<p>a&nbsp;b</p>", ["a\u00a0b"]),
        ("<p>&nbsp;</p><p> \n </p><p>x</p>", ["x"]),
        ("<p>&amp;lt;b&amp;gt; &lt;i&gt; &eacute; &#x43f; &copy 2024</p>", ["&lt;b&gt; <i> é п © 2024"]),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", ["a", "b", "c", "d"]),
        ("<table><tr><td>a<td>b<tr><th>c</table>", ["a", "b", "c"]),
        ("<dl><dt>t<dd>d<dt>u</dl>", ["t", "d", "u"]),
        ("<select><option>a<option>b</select>", ["a", "b"]),
        ("<button>a</button><button>b</button>", ["a", "b"]),
        ("<pre>\na  b\n\n  c\r\nd</pre>", ["a  b", "c", "d"]),
        ("<textarea>a <b> c</textarea>", ["a <b> c"]),
        ("a<img>b", ["a b"]),
        ("a<wbr>b", ["ab"]),
        ("<a href=1>A</a><a href=2>B</a>", ["A B"]),
        ("<ruby>漢<rt>かん</rt></ruby>字", ["漢かん字"]),
        ("plain text only", ["plain text only"]),
        ("a < b <3 c", ["a < b <3 c"]),
        ("<P>Upper</P><DIV>Case</DIV>", ["Upper", "Case"]),
        ("<svg><text>one</text><text>two</text></svg>", ["one", "two"]),
        ("<svg><![CDATA[ in ]]></svg><p>a<![CDATA[ out ]]>b", ["in", "ab"]),
        ("<plaintext><p>a", ["<p>a"]),
    ],
)
def test_visible_text(source: str, expected: list[str]) -> None:
    assert lines(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "<script>no('<p>no</p>')</script>",
        "<script><!-- no --></script >",
        "<style>p { no }</style>",
        "<noscript><p>no</p></noscript>",
        "<template><p>no</p></template>",
        "<div hidden>no<p>no</p></div>",
        "<div HIDDEN=''>no</div>",
        "<p aria-hidden=true>no</p>",
        "<b aria-hidden='true'>no</b>",
        "<span style='color:red; DISPLAY : none'>no</span>",
        "<div style='visibility:hidden'>no</div>",
        "<!-- no --><!-- <p>no</p> --><!--[if IE]>no<![endif]-->",
        "<!-->",
        "<!--->",
        "<?php no ?>",
        "<!doctype no>",
        "</ no>",
        "<video>no</video><audio>no</audio><canvas>no</canvas><object>no</object><iframe>no</iframe>",
        "<svg><title>no</title><desc>no</desc><style/></svg>",
        "<title>no</title>",
        "<datalist><option>no</datalist>",
        "<p title='no > no' data-x=\"no\">",
        "<ul hidden><li>no<li>no</ul>",
        "<table><tr hidden><td>no</table>",
    ],
)
def test_hidden_text(source: str) -> None:
    assert lines(f"<p>a</p>{source}<p>b</p>") == ["a", "b"]


def test_a_body_that_waits_for_a_script_is_shown() -> None:
    assert lines("<html hidden><body style='visibility:hidden'><p>shown") == ["shown"]


def test_end_tags_out_of_place_close_nothing_else() -> None:
    assert lines("<div hidden>no</span></p></li></td>no</div>yes") == ["yes"]
    assert lines("<div hidden><table><tr><td></div>no</table>no</div>yes") == ["yes"]
    assert lines("<div hidden><form></form></div>yes") == ["yes"]


# --- roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "role"),
    [
        ("<nav><ul><li>x</ul></nav>", "navigation"),
        ("<div role=navigation>x</div>", "navigation"),
        ("<ul class='main-menu'><li>x</ul>", "navigation"),
        ("<ol class=breadcrumb><li>x</ol>", "navigation"),
        ("<header><p>x</header>", "header"),
        ("<div role=banner>x</div>", "header"),
        ("<div id=site_header>x</div>", "header"),
        ("<footer><p>x</footer>", "footer"),
        ("<div class='Site-Footer'>x</div>", "footer"),
        ("<aside><h2>x</h2></aside>", "aside"),
        ("<div class='sidebar right'>x</div>", "aside"),
        ("<div class=relatedPosts>x</div>", "aside"),
        ("<dialog><p>x</dialog>", "dialog"),
        ("<div role=alertdialog>x</div>", "dialog"),
        ("<div class='cookie-banner'><p>x</div>", "dialog"),
        ("<div id=CybotCookiebotDialog>x</div>", "dialog"),
        ("<div id=onetrust-banner-sdk><div><p>x</div></div>", "dialog"),
        ("<section class='gdpr_notice bottom'>x</section>", "dialog"),
        ("<form><p>x</form>", "form"),
        ("<button>x</button>", "form"),
        ("<form><label>x</label></form>", "form"),
        ("<main>x</main>", "main"),
        ("<main><p>x</main>", "paragraph"),
        ("<div role=main>x</div>", "main"),
        ("<h1>x</h1>", "heading"),
        ("<div role=heading>x</div>", "heading"),
        ("<h2><a href=#><div>x</div></a></h2>", "heading"),
        ("<p>x", "paragraph"),
        ("<blockquote>x</blockquote>", "paragraph"),
        ("<ul><li>x</ul>", "list_item"),
        ("<ul><li><p>x</ul>", "list_item"),
        ("<ul><li><h3>x</h3></ul>", "heading"),
        ("<dl><dt>x</dl>", "list_item"),
        ("<table><tr><td>x</table>", "table"),
        ("<table><tr><td><p>x</table>", "paragraph"),
        ("<table><caption>x</table>", "caption"),
        ("<figure><img><figcaption>x</figure>", "caption"),
        ("<pre>x</pre>", "code"),
        ("<div>x</div>", ""),
        ("<article><header><h1>x</h1></header></article>", "heading"),
        ("<article><footer>x</footer></article>", ""),
        ("<aside><article><p>x</article></aside>", "aside"),
        ("<main><nav>x</nav></main>", "navigation"),
        ("<div class=navigation-free-story>x</div>", ""),
        ("<p class=cookie-recipe>x</p>", "paragraph"),
        ("<div class=has-sidebar>x</div>", ""),
    ],
)
def test_roles(source: str, role: str) -> None:
    text = "So much text stands around it that nobody doubts it is a part. "
    assert (role, "x") in blocks(f"<body class='sidebar cookie'><p>{text}</p>{source}<p>{text}</p>")


@pytest.mark.parametrize(
    "wrapper", ["<div class=menu>", "<form id=aspnetForm>", "<div id=popup>", "<td class=sidebar>"]
)
def test_a_guess_that_holds_most_of_the_page_is_given_up(wrapper: str) -> None:
    text = "This is the article itself, which is long. " * 5
    found = blocks(f"{wrapper}<div class=footer>f</div><h1>Head</h1><p>{text}</p><nav>n</nav>")
    assert [role for role, _ in found] == ["footer", "heading", "paragraph", "navigation"]


def test_link_density() -> None:
    document = page("<p><a href=x>one</a> two</p><p>none</p><li><a href=x><b>all</b></a></li><p><a name=x>no</a></p>")
    assert [block.link_density for block in document.blocks] == [0.5, 0.0, 1.0, 0.0]


def test_an_unclosed_link_reaches_into_the_next_blocks() -> None:
    document = page("<p><a href=x>one<p>two</a> drei<p>four")
    assert [block.link_density for block in document.blocks] == [1.0, 0.429, 0.0]


def test_segmentation_takes_the_blocks() -> None:
    result = segment(page("<h1>The title of this</h1><p>One sentence here. Another sentence there.</p>"))
    assert [(line.role, line.span.cut(result.text)) for line in result.lines] == [
        ("heading", "The title of this"),
        ("paragraph", "One sentence here. Another sentence there."),
    ]
    assert len(result.sentences) == 3


# --- metadata --------------------------------------------------------------------------------------------------------


def test_metadata() -> None:
    document = page("""<html lang="de-AT"><head><title> A &amp;
        B </title><title>other</title>
        <meta property="og:site_name" content="The Site"><meta name="Author" content="A. Writer">
        <meta property="article:published_time" content="2024-05-01T10:00"><meta name="description" content="D">
        <meta property="article:modified_time" content="2024-05-02"><meta name=generator content="WordPress 6">
        <link rel="alternate canonical" href="https://x.y/a?b=1&amp;c=2"></head><body><svg><title>no</title></svg>""")
    assert document.metadata == {
        "title": "A & B",
        "html_lang": "de-AT",
        "canonical": "https://x.y/a?b=1&c=2",
        "site_name": "The Site",
        "author": "A. Writer",
        "published": "2024-05-01T10:00",
        "modified": "2024-05-02",
        "description": "D",
        "generator": "WordPress 6",
    }
    assert document.declared_language == "de-AT"


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("<html lang=''><meta http-equiv=Content-Language content='fr, en'>", "fr"),
        ("<html xml:lang=pl>", "pl"),
        ("<p lang=fr>x", None),
        ("<html lang=uk><meta http-equiv=content-language content=ru>", "uk"),
    ],
)
def test_declared_language(source: str, language: str | None) -> None:
    assert page(source).declared_language == language


@pytest.mark.parametrize(
    ("json", "expected"),
    [
        (
            '{"@type": "NewsArticle", "author": {"name": "A"}, "datePublished": "2024", "publisher": {"name": "P"}}',
            {"author": "A", "published": "2024", "site_name": "P"},
        ),
        (
            '[{"@type": "Person", "name": "no"}, {"@type": ["BlogPosting"], "author": ["A", {"name": "B"}]}]',
            {"author": "A, B"},
        ),
        ('{"@graph": [{"@type": "WebPage", "dateModified": "2023"}]}', {"modified": "2023"}),
        (
            '{"@type": "Article", "translator": {"name": "T"}, "translationOfWork": {"@id": "u"}, "isBasedOn": "v"}',
            {"translator": "T", "translation_of": "u", "based_on": "v"},
        ),
        ('{"@type": "Article", "author": "a\\ud800b"}', {"author": "a?b"}),
        ('{"@type": "Article", "author": 7, "datePublished": null, "headline": ["x", 1]}', {"title": "x"}),
        ("{broken", {}),
        ("[" * 100_000, {}),
        ("[1, null, [], {}]", {}),
    ],
)
def test_json_ld(json: str, expected: dict[str, str]) -> None:
    assert page(f'<script type="application/ld+json">{json}</script>').metadata == expected


def test_what_the_page_shows_of_itself_comes_before_json_ld() -> None:
    source = (
        '<meta name=author content=Meta><script type="application/ld+json">{"@type":"Article","author":"Json"}</script>'
    )
    assert page(source).metadata["author"] == "Meta"


@pytest.mark.parametrize(
    ("source", "mark"),
    [
        ('<html lang="en-x-mtfrom-de">', "<html> lang=en-x-mtfrom-de"),
        ('<html lang="en-t-de-t0-und">', "<html> lang=en-t-de-t0-und"),
        ('<html class="js translated-ltr">', "<html> class=translated-ltr"),
        ('<meta http-equiv="X-Translated-By" content="Google">', "<meta> x-translated-by=Google"),
        ('<meta name="translation-stats" content="{}">', "<meta> translation-stats={}"),
        (
            '<link rel="alternate machine-translated-from" hreflang="de" href="http://x/">',
            "<link> rel=alternate machine-translated-from hreflang=de href=http://x/",
        ),
        ('<link id="gtranslate-style-css" href="x">', "<link> id=gtranslate-style-css"),
        ('<aside id="gtranslate">', "<aside> id=gtranslate"),
        ('<script src="https://tdns3.gtranslate.net/x.js"></script>', "<script> src=https://tdns3.gtranslate.net/x.js"),
        ('<div class="gtranslate_wrapper">', "<div> class=gtranslate_wrapper"),
        ('<span its-mt-confidence="0.8">', "<span> its-mt-confidence=0.8"),
        ('<p _msttexthash="12345">', "<p> _msttexthash"),
        ('<font style="vertical-align: inherit;">', "<font> style=vertical-align: inherit"),
        ('<ya-tr-span data-index="1">', "<ya-tr-span>"),
    ],
)
def test_translation_marks(source: str, mark: str) -> None:
    assert page(source * 2).metadata["translation_markers"] == [mark]


def test_an_ordinary_page_has_no_translation_marks() -> None:
    source = '<html lang=en><script src="https://x.y/translate.js"></script><p class=translated lang=fr translate=yes>x'
    assert "translation_markers" not in page(source).metadata


@pytest.mark.parametrize(
    "source",
    [
        '<meta name="google" content="notranslate">',
        '<p class="notranslate">',
        '<code translate="no">',
        '<p its-term="yes">',
    ],
)
def test_what_forbids_a_translation_is_no_mark_of_one(source: str) -> None:
    assert "translation_markers" not in page(f"<html lang=en>{source}text").metadata


def test_marks_are_few() -> None:
    found = page("".join(f'<p its-mt-x="{at}">' for at in range(1000))).metadata["translation_markers"]
    assert isinstance(found, list)
    assert len(found) == 50


# --- encodings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "<meta charset={}>",
        "<META CHARSET = '{}' />",
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
        '<?xml version="1.0" encoding="{}"?>',
        "<!-- long comment " + "x" * 3000 + " --><meta charset={}>",
    ],
)
@pytest.mark.parametrize(
    ("label", "codec"), [("windows-1251", "cp1251"), ("KOI8-R", "koi8_r"), ("iso-8859-5", "iso8859_5")]
)
def test_the_page_names_its_encoding(tmp_path: Path, head: str, label: str, codec: str) -> None:
    source = head.format(label) + "<p>Три слова тут"
    document = only(write(tmp_path / "a.html", source.encode(codec)))
    assert document.text == "Три слова тут"
    assert "encoding" in document.metadata


@pytest.mark.parametrize(
    ("label", "data", "expected"),
    [
        ("iso-8859-1", "“quotes” café".encode("cp1252"), "“quotes” café"),
        ("gb2312", "总统周三表示喆".encode("gb18030"), "总统周三表示喆"),
        ("x-sjis", "大統領は水曜日①".encode("cp932"), "大統領は水曜日①"),
        ("windows-1251", "Это всё-таки UTF-8".encode(), "Это всё-таки UTF-8"),
        ("no-such-thing", "Ünïcødé tëxt".encode(), "Ünïcødé tëxt"),
        ("rot13", "Ünïcødé tëxt".encode(), "Ünïcødé tëxt"),
        (
            "utf-8",
            "Le président a déclaré à Genève que c'était fini.".encode("cp1252"),
            "Le président a déclaré à Genève que c'était fini.",
        ),
        ("utf-16", "Ünïcødé tëxt".encode(), "Ünïcødé tëxt"),
    ],
)
def test_wrong_and_narrow_names(tmp_path: Path, label: str, data: bytes, expected: str) -> None:
    source = f"<meta charset={label}><p>".encode() + data
    assert only(write(tmp_path / "a.html", source)).text == expected


def test_no_declared_encoding() -> None:
    assert declared_encoding(b"<p>charset=utf-8</p>" + b"<meta " * 10_000) is None


# --- hostile ---------------------------------------------------------------------------------------------------------

N = 100_000
HOSTILE = {
    "nested divs": "<div>" * N + "deep" + "</div>" * N + "<p>end",
    "unclosed divs": "<div>" * N + "end",
    "nested hidden": "<div hidden>" * N + "no" + "</div>" * N + "end",
    "nested lists": "<ul><li>" * N + "end",
    "nested tables": "<table><tr><td>" * N + "end",
    "nested inline": "<span>" * N + "end",
    "unclosed formatting": "<b id=x>" * N + "end",
    "distinct formatting": "".join(f"<b id={at}>" for at in range(N)) + "<p>x" * 1000 + "<p>end",
    "paragraphs": "<p>" * N + "end",
    "end tags": "<div>" * 9000 + "</p>" * N + "</x>" * N + "end",
    "headings": "<h1><h2>" * N + "end",
    "links": "<a href=x>" * N + "end",
    "attributes": "<p " + " ".join(f"a{at}=1" for at in range(N)) + ">end",
    "long attribute": f"<p title='{'x' * 1_000_000}' class='{'y ' * 500_000}'>end",
    "blanks": " " * 1_000_000 + "end",
    "buttons": "<button>" * N + "end",
    "options": "<select>" + "<option>" * N + "end",
    "comments": "<!-- -->" * N + "end",
    "entities": "&#" + "0" * N + "65;&#" + "9" * N + ";&#x" + "f" * N + "; end",
    "ampersands": "&" * N + " end",
    "angles": "<" * N + " end",
    "json": '<script type="application/ld+json">' + "[" * N + "</script>end",
}
SWALLOWED = {
    "open comment": "<!--" * N,
    "open tag": "<p a='" * N,
    "open tags": "<a" * N,
    "open script": "<script>" * N,
    "open title": "<title>" * N,
    "open cdata": "<svg>" + "<![CDATA[" * N,
    "declarations": "<!x" * N,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages(name: str) -> None:
    document = page(HOSTILE[name])
    assert document.text.endswith("end")
    assert all(len(block.span) for block in document.blocks)


@pytest.mark.parametrize("name", SWALLOWED)
def test_pages_that_end_inside_something(name: str) -> None:
    assert lines("<p>begin</p>" + SWALLOWED[name])[0] == "begin"


def test_hidden_stays_hidden_however_deep() -> None:
    assert (
        page("<div>" * 20_000 + "<div hidden>" + "<p>no</p>" * 3 + "</div>" + "</div>" * 20_000 + "yes").text == "yes"
    )


def test_no_surrogates_and_no_nul() -> None:
    text = page("<p>&#xD800;&#0;&#xDFFF; x &#x110000;").text
    assert text == "\ufffd\ufffd\ufffd x \ufffd"


@pytest.mark.parametrize("seed", range(200))
def test_soup_is_never_an_error(seed: int) -> None:
    noise = random.Random(seed)
    pieces = [
        "<",
        ">",
        "</",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "'",
        '"',
        "=",
        "&",
        "&#x",
        ";",
        "/",
        " ",
        "p",
        "script",
        "svg",
        "x",
        "\n",
    ]
    source = "".join(noise.choice(pieces) for _ in range(300))
    document = page(source)
    assert [block.span.cut(document.text) for block in document.blocks] == [
        line for line in document.text.split("\n") if line
    ]


# --- tokens, and a tree builder's opinion ----------------------------------------------------------------------------


def test_tokens() -> None:
    found = list(events("<A href=x>t</a ><br/><svg><path/></svg><script>1<2</script>"))
    assert [one if isinstance(one, str) else type(one) for one in found] == [
        Start,
        "t",
        End,
        Start,
        Start,
        Start,
        End,
        Raw,
    ]
    assert isinstance(found[5], Start)
    assert found[5].empty


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("<p a=1 b='2 > 3' c=\"4\" d e = 5>", {"a": "1", "b": "2 > 3", "c": "4", "d": "", "e": "5"}),
        ("<p A=1 a=2>", {"a": "1"}),
        ("<p a=x/y/ b/c>", {"a": "x/y/", "b": "", "c": ""}),
        ("<p =x>", {"=x": ""}),
        ("<p a=>", {"a": ""}),
        ("<p a='&amp;&eacute;'>", {"a": "&é"}),
        ("<p\na\t=\f1>", {"a": "1"}),
    ],
)
def test_attributes(tag: str, expected: dict[str, str]) -> None:
    (start,) = events(tag)
    assert isinstance(start, Start)
    assert start.attributes() == expected


def test_unescape() -> None:
    assert unescape("&#00000000065;&#x0041;&#128512;&notit;&amp;amp;&x;") == "AA😀¬it;&amp;&x;"


def by_tree(source: str) -> str:
    lexbor = pytest.importorskip("selectolax.lexbor")
    found = []
    waiting = [lexbor.LexborHTMLParser(source).root]
    while waiting:
        node = waiting.pop()
        if node.tag == "-text":
            found.append(node.text_content or "")
        elif (
            not (node.tag or "-").startswith("-")
            and node.tag not in {"script", "title", "video"}
            and "hidden" not in node.attributes
        ):
            inner, child = [], node.first_child
            while child is not None:
                inner.append(child)
                child = child.next
            waiting += reversed(inner)
    return "".join("".join(found).split())


TAGS = [
    "div",
    "p",
    "span",
    "a",
    "b",
    "i",
    "ul",
    "ol",
    "li",
    "section",
    "article",
    "h1",
    "h2",
    "br",
    "img",
    "nav",
    "dl",
    "dd",
    "dt",
]
TAGS += [
    "blockquote",
    "pre",
    "script",
    "title",
    "video",
    "label",
    "header",
    "aside",
    "address",
    "center",
    "x-y",
    "figure",
    "small",
]
MAY_HIDE = {"div", "span", "ul", "li", "section", "article", "nav", "p", "dd", "x-y", "header", "figure"}


@pytest.mark.parametrize("seed", range(8))
def test_tag_soup_is_read_as_a_tree_builder_reads_it(seed: int) -> None:
    noise = random.Random(seed)
    for _ in range(250):
        source = "<body>"
        for number in range(noise.randint(2, 14)):
            tag = noise.choice(TAGS)
            hidden = " hidden" if tag in MAY_HIDE and noise.random() < 0.15 else ""
            source += noise.choice([f"<{tag}{hidden}>", f"<{tag}{hidden}>", f"</{tag}>", f"w{number} "])
        assert "".join(page(source).text.split()) == by_tree(source), source


# --- files -----------------------------------------------------------------------------------------------------------


def test_files(tmp_path: Path) -> None:
    write(tmp_path / "a.html", "<html lang=en><title>T</title><p>One &amp; two")
    write(
        tmp_path / "b.xhtml",
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Three</p></body></html>',
    )
    write(tmp_path / "saved", "<!-- saved from url -->\n<!DOCTYPE html><p>Four")
    write(tmp_path / "c.txt", "<p>not a page</p>")
    write(tmp_path / "d.html", b"<p>\x00")
    found = list(read_inputs([str(tmp_path)], Options()))
    assert [(one.origin.path, one.origin.format) for one in found] == [
        ("a.html", "html"),
        ("b.xhtml", "html"),
        ("c.txt", "txt"),
        ("d.html", "html"),
        ("saved", "html"),
    ]
    assert [one.text for one in found if isinstance(one, Document)] == [
        "One & two",
        "Three",
        "<p>not a page</p>",
        "Four",
    ]
    assert isinstance(found[3], Skipped)
    assert isinstance(found[0], Document)
    assert found[0].id == "a.html"
    assert found[0].metadata["title"] == "T"
