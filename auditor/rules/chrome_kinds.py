"""BP1xx: interface text in the article's own language, one rule a kind, all made from one table."""

from __future__ import annotations

from typing import cast

from auditor.data import RuleMeta, Severity
from auditor.rules._passages import Chrome

# Code, kind, what the rule finds, why it matters.
_KINDS = (
    (
        *("BP101", "navigation", "Menus, breadcrumbs, skip links and section names left in the text."),
        "it reads as if the text began or ended with a list of words.",
    ),
    (
        *("BP102", "consent", "Cookie and privacy notices left in the text."),
        "it is the same on every page of a site and says nothing of the article.",
    ),
    (
        *("BP103", "outdated_browser", "Notices about old browsers or missing JavaScript left in the text."),
        "it tells what the crawler looked like, not what the article says.",
    ),
    (
        *("BP104", "share", "Buttons for sharing and following left in the text."),
        "it is the same on every page of a site.",
    ),
    (
        *("BP105", "subscribe", "Calls to subscribe, sign up, pay or donate left in the text."),
        "it often hides that the text is cut by a paywall.",
    ),
    (
        *("BP106", "related", "Headings and links to other articles left in the text."),
        "it brings words of other stories into this one.",
    ),
    (
        *("BP107", "comments", "Comment counters, forms and their notices left in the text."),
        "it mixes readers' words with the author's.",
    ),
    (
        *("BP108", "credits", "Photo credits, doubled source lines and stubs of by-lines left in the text."),
        "it leaves torn pieces of attribution in the text.",
    ),
    (
        *("BP109", "legal", "Copyright lines, terms and imprint left in the text."),
        "it is the same on every page of a site.",
    ),
    (
        *("BP110", "app_download", "Calls to install an app left in the text."),
        "it is the same on every page of a site.",
    ),
    (
        *("BP111", "advertising", "Advertising labels left in the text."),
        "it shows that advertisements were cut out of, or left in, the text.",
    ),
    (
        *("BP112", "pagination", "Page numbers and links to the next page left in the text."),
        "it may mean that the rest of the article is missing.",
    ),
    (
        *("BP113", "login", "Lines about logging in and registering left in the text."),
        "it often hides that the text is cut by a log-in wall.",
    ),
    (
        *("BP114", "search", "Search boxes and their results left in the text."),
        "it is no part of any article.",
    ),
    (
        *("BP115", "language_switcher", "Lists of a site's languages left in the text."),
        "it is no part of any article, though it tells what editions exist.",
    ),
    (
        *(
            "BP116",
            "other",
            "Reading times, ratings, print and save buttons, and other interface text left in the text.",
        ),
        "it is no part of any article.",
    ),
)
_PAGE = """{what}

    Why: {why}
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too; lines that no phrase tells are judged by a
    classifier over character n-grams and the look of the page, which finds one false line in 2,000 on clean text, and
    where the encoder scores a run anyway, what the classifier is unsure of by both together.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own; of what the
    classifier finds the kind is a guess.
    Data: `language`, `kind` (`{kind}`), `method` (`phrases`, `classifier`, or `classifier and encoder`), `probability`
    (where no phrase decided).
    """


def _rule(code: str, kind: str, what: str, why: str) -> Chrome:
    """The rule of one kind: a subclass of its own, because a rule's page is its class's docstring."""
    members = {
        "__doc__": _PAGE.format(what=what, why=why, kind=kind),
        "__module__": __name__,
        "__slots__": (),
        "meta": RuleMeta(code, f"{kind.replace('_', '-')}-chrome", Severity.MINOR, "104000", "addition"),
        "kind": kind,
    }
    name = "".join(part.title() for part in kind.split("_")) + "Chrome"
    made = cast("type[Chrome]", type(name, (Chrome,), members))
    return made()


RULES = tuple(_rule(*row) for row in _KINDS)
