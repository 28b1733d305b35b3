"""``Auditor``: rules and models loaded once, for single texts and for streams of them, from any thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any

from auditor.config import Settings
from auditor.data import Document, DocumentAudit, Finding, Origin, Report, Score, Skipped, Span, Suspect
from auditor.embedding import embedder
from auditor.errors import AuditorError, MissingModelError, UsageError
from auditor.formatters._wire import document_object
from auditor.pipeline import Detected, Detector, finish, score_all
from auditor.rowscores import RowScorer
from auditor.scorers import Models
from auditor.screening._references import Reference, resolve
from auditor.segment import segment
from auditor.signature import sign

# A batch is also closed when it holds so many code points, so that memory is bounded by the settings alone.
_BATCH_CHARS = 200_000


class ScreeningError(AuditorError):
    """This text cannot be audited; others can. The message says why."""


class Auditor:
    """In-process auditing: rules and models are loaded once, kept, and shared by all threads that use this object.

    Rules that compare documents see the text that is asked about and what ``reference`` lends, never other texts of
    the stream: the answer to a text does not depend on its neighbours. ``notices`` collects what went wrong on the
    way (a rule that failed, a missing model), each said once.
    """

    def __init__(self, settings: Settings | None = None, reference: Reference | None = None) -> None:
        self.notices: list[str] = []
        self.settings = settings or Settings()
        self.reference = reference or Reference()
        self._detector = Detector(self.settings)
        self._models = Models(self.settings)
        self._embed = embedder(self.settings)
        # Rules remember what they read last, and tokenizers are not made for two threads at once.
        self._detecting = Lock()
        self._scoring = Lock()

    def screen(self, text: str | Document) -> DocumentAudit:
        """Audit one text. Raises ScreeningError for what is no text, is too long or cannot be segmented."""
        (result,) = self.screen_batch([text])
        if isinstance(result, Skipped):
            raise ScreeningError(result.reason)
        return result

    def screen_many(self, texts: Iterable[str | Document], batch: int = 32) -> Iterator[DocumentAudit | Skipped]:
        """Audit texts as they come: one result each, in order; what cannot be audited is a ``Skipped`` in its place.

        ``batch`` texts (or 200,000 code points) are taken from the iterable before the first of them is answered, and
        no more are held: a consumer that stops or reads slowly holds the source back. ``batch=1`` answers each text
        before the next is asked for. A plain string is called ``text#<position>``, from 1. Raises UsageError for a
        batch below 1, and what the iterable itself raises.
        """
        if batch < 1:
            message = f"batch must be at least 1, not {batch}"
            raise UsageError(message)
        return self._stream(texts, batch)

    def _stream(self, texts: Iterable[str | Document], batch: int) -> Iterator[DocumentAudit | Skipped]:
        waiting: list[str | Document] = []
        chars = taken = 0
        for text in texts:
            waiting.append(text)
            chars += len(text.text) if isinstance(text, Document) else len(text) if isinstance(text, str) else 0
            if len(waiting) >= batch or chars >= _BATCH_CHARS:
                full, waiting = waiting, []
                yield from self.screen_batch(full, taken)
                taken, chars = taken + len(full), 0
        yield from self.screen_batch(waiting, taken)

    def screen_batch(self, texts: Sequence[str | Document], before: int = 0) -> list[DocumentAudit | Skipped]:
        """Audit some texts at once, so that models score them together; ``before`` is how many came before them."""
        documents = [
            self._document(text, f"text#{before + at}" if before or len(texts) > 1 else "text")
            for at, text in enumerate(texts, start=1)
        ]
        detected: list[Detected | Skipped] = []
        for document in documents:
            with self._detecting:
                detected += [document] if isinstance(document, Skipped) else self._detector([document])
        return self._judged(detected)

    def _document(self, text: str | Document, name: str) -> Document | Skipped:
        """The document of a text, or why there is none."""
        if not isinstance(text, Document):
            if not isinstance(text, str):
                return Skipped(Origin("-", "txt", name), f"not a text but {type(text).__name__}")
            text = Document(name, text, Origin("-", "txt"))
        most = self.settings.max_document_chars
        if len(text.text) > most:
            return Skipped(text.origin, f"longer than {most} characters (setting max_document_chars)")
        if "\0" in text.text:
            return Skipped(text.origin, "binary data (NUL characters) in the text")
        return text

    def _judged(self, detected: Sequence[Detected | Skipped]) -> list[DocumentAudit | Skipped]:
        pages = [one for one in detected if isinstance(one, Detected)]
        found, failures = [], [failure for page in pages for failure in page.failures]
        for page in pages:
            with self._detecting:
                findings, failed = resolve(page, self._detector.rules, self.reference, self._embed)
            found.append(findings)
            failures += failed
        with self._scoring:
            scores = self._scores(pages, found)
            self._say([*failures, *self._models.notices()])
        done = iter(
            finish(self.settings, page, findings, own) for page, findings, own in zip(pages, found, scores, strict=True)
        )
        return [one if isinstance(one, Skipped) else next(done) for one in detected]

    def _scores(self, pages: Sequence[Detected], found: Sequence[Sequence[Finding]]) -> list[list[Score]]:
        """Scores of each page. Scores are handed back by document id, so texts of one id are scored apart."""
        scores: list[list[Score]] = []
        at = 0
        while at < len(pages):
            end, seen = at, set[str]()
            while end < len(pages) and pages[end].page.document.id not in seen:
                seen.add(pages[end].page.document.id)
                end += 1
            scores += score_all(self.settings, self._models, pages[at:end], found[at:end])
            at = end
        return scores

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """The value of every installed scorer for each text, by the scorer's name; no rules run.

        A scorer that reads one language only says nothing of texts in others. Raises MissingModelError when there is
        no scorer at all.
        """
        return self.score_rows([{"text": text} for text in texts])

    def score_rows(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
        """The same for rows of ``text`` and, where known, ``lang`` and ``source``: then with the quality of a pair."""
        texts = [str(row["text"]) for row in rows]
        with self._scoring:
            scorers = list(self._models.scorers())
            self._say(self._models.notices())
            if not scorers:
                message = "no model is installed that scores texts: auditor models list"
                raise MissingModelError(message)
            if self._models.origin() is not None:
                made = RowScorer(self.settings, self._models).objects([dict(row) for row in rows])
                return [row.get("scores", {}) for row in made]
            found: list[dict[str, float]] = [{} for _ in texts]
            whole = [Suspect(str(at), Span(0, len(text)), text, (), self._tag(text)) for at, text in enumerate(texts)]
            for scorer in scorers:
                chosen = [one for one in whole if one.text.strip() and scorer.language in {None, one.language}]
                for score in scorer.scores(chosen):
                    found[int(score.document_id)][score.scorer] = score.value
        return found

    @staticmethod
    def _tag(text: str) -> str:
        return segment(Document("text", text[:_BATCH_CHARS], Origin("-", "txt"))).language.tag

    def _say(self, said: Iterable[str]) -> None:
        self.notices += [one for one in dict.fromkeys(said) if one not in self.notices]

    @property
    def signature(self) -> str:
        """Version, rules, knowledge, settings, and the models that have been loaded by now."""
        return sign(self.settings, self._detector.rules, [*self._models.names(), *self.reference.names()])

    def answer(self, audit: DocumentAudit) -> dict[str, Any]:
        """The audit as an object of the wire format ``auditor/1`` (``docs/schema.md``)."""
        rules = tuple(rule.meta for rule in self._detector.rules)
        return document_object(audit, Report(self.signature, rules, (), ()))
