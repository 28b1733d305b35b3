"""BP1xx: interface text in the article's own language, one rule a kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from auditor.data import RuleMeta, Severity
from auditor.rules._passages import Chrome


@dataclass(frozen=True, slots=True)
class NavigationChrome(Chrome):
    """Menus, breadcrumbs, skip links and section names left in the text.

    Why: it reads as if the text began or ended with a list of words.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`navigation`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP101", "navigation-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "navigation"


@dataclass(frozen=True, slots=True)
class ConsentChrome(Chrome):
    """Cookie and privacy notices left in the text.

    Why: it is the same on every page of a site and says nothing of the article.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`consent`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP102", "consent-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "consent"


@dataclass(frozen=True, slots=True)
class OutdatedBrowserChrome(Chrome):
    """Notices about old browsers or missing JavaScript left in the text.

    Why: it tells what the crawler looked like, not what the article says.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`outdated_browser`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP103", "outdated-browser-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "outdated_browser"


@dataclass(frozen=True, slots=True)
class ShareChrome(Chrome):
    """Buttons for sharing and following left in the text.

    Why: it is the same on every page of a site.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`share`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP104", "share-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "share"


@dataclass(frozen=True, slots=True)
class SubscribeChrome(Chrome):
    """Calls to subscribe, sign up, pay or donate left in the text.

    Why: it often hides that the text is cut by a paywall.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`subscribe`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP105", "subscribe-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "subscribe"


@dataclass(frozen=True, slots=True)
class RelatedChrome(Chrome):
    """Headings and links to other articles left in the text.

    Why: it brings words of other stories into this one.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`related`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP106", "related-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "related"


@dataclass(frozen=True, slots=True)
class CommentsChrome(Chrome):
    """Comment counters, forms and their notices left in the text.

    Why: it mixes readers' words with the author's.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`comments`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP107", "comments-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "comments"


@dataclass(frozen=True, slots=True)
class CreditsChrome(Chrome):
    """Photo credits, doubled source lines and stubs of by-lines left in the text.

    Why: it leaves torn pieces of attribution in the text.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`credits`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP108", "credits-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "credits"


@dataclass(frozen=True, slots=True)
class LegalChrome(Chrome):
    """Copyright lines, terms and imprint left in the text.

    Why: it is the same on every page of a site.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`legal`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP109", "legal-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "legal"


@dataclass(frozen=True, slots=True)
class AppDownloadChrome(Chrome):
    """Calls to install an app left in the text.

    Why: it is the same on every page of a site.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`app_download`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP110", "app-download-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "app_download"


@dataclass(frozen=True, slots=True)
class AdvertisingChrome(Chrome):
    """Advertising labels left in the text.

    Why: it shows that advertisements were cut out of, or left in, the text.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`advertising`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP111", "advertising-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "advertising"


@dataclass(frozen=True, slots=True)
class PaginationChrome(Chrome):
    """Page numbers and links to the next page left in the text.

    Why: it may mean that the rest of the article is missing.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`pagination`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP112", "pagination-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "pagination"


@dataclass(frozen=True, slots=True)
class LoginChrome(Chrome):
    """Lines about logging in and registering left in the text.

    Why: it often hides that the text is cut by a log-in wall.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`login`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP113", "login-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "login"


@dataclass(frozen=True, slots=True)
class SearchChrome(Chrome):
    """Search boxes and their results left in the text.

    Why: it is no part of any article.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`search`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP114", "search-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "search"


@dataclass(frozen=True, slots=True)
class LanguageSwitcherChrome(Chrome):
    """Lists of a site's languages left in the text.

    Why: it is no part of any article, though it tells what editions exist.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`language_switcher`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP115", "language-switcher-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "language_switcher"


@dataclass(frozen=True, slots=True)
class OtherChrome(Chrome):
    """Reading times, ratings, print and save buttons, and other interface text left in the text.

    Why: it is no part of any article.
    How: a whole line, or the beginning of a short one, is a phrase of this kind in the page's language; lines between
    such lines follow them; in HTML the role of the block counts too.
    Limits: a phrase that an article may hold as a sentence of its own is only taken as a line of its own.
    Data: `language`, `kind` (`other`).
    """

    meta: ClassVar[RuleMeta] = RuleMeta("BP116", "other-chrome", Severity.MINOR, "104000", "addition")
    kind: ClassVar[str] = "other"


RULES = (
    NavigationChrome(),
    ConsentChrome(),
    OutdatedBrowserChrome(),
    ShareChrome(),
    SubscribeChrome(),
    RelatedChrome(),
    CommentsChrome(),
    CreditsChrome(),
    LegalChrome(),
    AppDownloadChrome(),
    AdvertisingChrome(),
    PaginationChrome(),
    LoginChrome(),
    SearchChrome(),
    LanguageSwitcherChrome(),
    OtherChrome(),
)
