"""The models of one run: loaded when first needed, kept, and said aloud where one is missing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from auditor import weights
from auditor.config import Settings
from auditor.data import SOURCE_SHARE, SURPRISAL, Score, Span, Suspect
from auditor.errors import MissingModelError
from auditor.lines import EncoderJudge, LineJudge, load_head
from auditor.origin import SCORES, WHOLE, Calibration, Estimate, read_calibration, weighted_mean
from auditor.scoring import score_texts
from auditor.source_shares import shares
from auditor.stylometry import Stylometer

if TYPE_CHECKING:
    from auditor.transformer import ClassifierScorer, Encoder, Placement, Probe, SurprisalScorer

HEADS = weights.HEADS

LANGUAGE_MODEL = "smollm2"
ENCODER = weights.ENCODER
NGRAMS = weights.NGRAMS
PROBES = "auditor-probes"
# What the language model can read.
_PROBED = "en"


class SentenceScorer(Protocol):
    """Gives suspects their scores. ``language`` is the only one it reads (None: any)."""

    @property
    def language(self) -> str | None:
        """BCP 47 tag, or None."""
        ...

    def scores(self, chosen: Sequence[Suspect]) -> Iterator[Score]:
        """Yield scores of the suspects; equal texts are looked at once."""
        ...


@dataclass(frozen=True, slots=True)
class NamedScorer:
    """A model with one value a text, under one name."""

    name: str
    model: SurprisalScorer | ClassifierScorer
    language: str | None

    def scores(self, chosen: Sequence[Suspect]) -> Iterator[Score]:
        """Yield one score a suspect."""
        return score_texts(self.model, self.name, chosen)


class OriginScorer:
    """Encoder, n-gram model and probes, fused and calibrated: machine translation, translation, generation."""

    language = None

    def __init__(
        self, encoder: Encoder, ngrams: Stylometer, calibration: Calibration, probe: Probe | None = None
    ) -> None:
        self.encoder = encoder
        self._ngrams = ngrams
        self._probe = probe
        self.calibration = calibration

    def scores(self, chosen: Sequence[Suspect]) -> Iterator[Score]:
        """Yield scores under the questions' wire names: one a suspect, and for generated text one a document."""
        wanted = sorted({(one.language, one.text) for one in chosen})
        logits = dict(zip(wanted, self.logits(wanted), strict=True))
        documents: dict[tuple[str, str], list[Suspect]] = defaultdict(list)
        for one in chosen:
            own = logits[one.language, one.text]
            for name, value in self.calibration.sentence(one.language, len(one.text), own).items():
                yield Score(one.document_id, one.span, name, value)
            documents[one.document_id, one.language].append(one)
        for (name, language), parts in documents.items():
            whole = self.whole(language, [(one.text, logits[language, one.text]) for one in parts])
            if whole is not None:
                yield Score(name, _around(parts), SCORES[WHOLE], whole)
            sources = shares([(logits[language, one.text], len(one.text)) for one in parts], language)
            for tag, share in sources.items():
                yield Score(name, _around(parts), SOURCE_SHARE + tag, share)

    def judge(self, texts: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        """Probabilities of (language, sentence) pairs under their wire names, in order."""
        found = zip(texts, self.logits(texts), strict=True)
        return [self.calibration.sentence(language, len(text), own) for (language, text), own in found]

    def logits(self, texts: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        """The models' logits of (language, text) pairs by ``<model>.<question>``, in order.

        The encoder's shares of source languages are among them, by ``source_language:<tag>``.
        """
        encoded = self.encoder.encode([text for _, text in texts])
        out = [
            {f"encoder.{question}": value for question, value in one.origin.items()}
            | {SOURCE_SHARE + tag: share for tag, share in one.source.items()}
            for one in encoded
        ]
        by_language: dict[str, list[int]] = defaultdict(list)
        for at, (language, _) in enumerate(texts):
            by_language[language].append(at)
        for language, places in sorted(by_language.items()):
            for question, values in self._ngrams.score([texts[at][1] for at in places], language).items():
                for at, value in zip(places, values, strict=True):
                    out[at][f"ngrams.{question}"] = value
        if self._probe is not None and (places := by_language[_PROBED]):
            for at, found in zip(places, self._probe.logits([texts[at][1] for at in places]), strict=True):
                out[at] |= {f"probes.{question}": value for question, value in found.items()}
        return out

    def whole(self, language: str, sentences: Sequence[tuple[str, Mapping[str, float]]]) -> float | None:
        """Probability that the sentences of one text, given with their ``logits``, were generated."""
        joined = " ".join(text for text, _ in sentences)
        style = self._ngrams.score([joined], language).get(WHOLE)
        if style is None:
            return None
        logits = whole_logits([(own, len(text)) for text, own in sentences])
        return self.calibration.whole(language, len(joined), logits | {f"ngrams.{WHOLE}": style[0]})


def whole_logits(sentences: Sequence[tuple[Mapping[str, float], int]]) -> dict[str, float]:
    """What the models that read single sentences say of a whole text; sentences are (logits, length) pairs."""
    names = [f"{model}.{WHOLE}" for model in ("encoder", "probes")]
    return {
        name: weighted_mean([(own.get(name, 0.0), length) for own, length in sentences])
        for name in names
        if any(name in own for own, _ in sentences)
    }


def _around(parts: Sequence[Suspect]) -> Span:
    return Span(min(one.span.start for one in parts), max(one.span.end for one in parts))


def pooled(known: Calibration, language: str, scores: Sequence[Score]) -> Estimate:
    """What the scores of one document's sentences say of the document."""
    values: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for one in sorted(scores, key=lambda score: score.span):
        if one.scorer in SCORES.values():
            values[one.scorer].append((one.value, len(one.span)))
    return known.document(language, values)


def calibration(settings: Settings) -> Calibration | None:
    """The calibration of the encoder that scores a run with these settings, without loading the encoder."""
    if settings.score == "none":
        return None
    folder = weights.require(settings.model) if settings.model else weights.find(ENCODER)
    return _read(folder, _probed(settings)) if folder is not None and (folder / HEADS).is_file() else None


def _probed(settings: Settings) -> bool:
    """Whether the probes and the language model that they look into are here and wanted."""
    return settings.probes and all(weights.find(name) is not None for name in (PROBES, LANGUAGE_MODEL))


_read = cache(read_calibration)


class Models:
    """What scores a run. Nothing is imported or loaded before the first score is asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._language_model: SurprisalScorer | None = None
        self._classifier: ClassifierScorer | None = None
        self._origin: OriginScorer | None = None
        self._lines: LineJudge | None = None
        self._loaded = False
        # A language model that was named by --model scores without --surprisal.
        self._asked_for = False
        self._notices: list[str] = []
        self._names: list[str] = []

    def _load(self) -> None:
        if self._loaded or self._settings.score == "none":
            return
        self._loaded = True
        causal, classifier, encoder = self._folders()
        if not causal and not classifier and not encoder:
            return
        from auditor.transformer import ClassifierScorer, SurprisalScorer, place

        placement = place(self._settings.device, compiled=self._settings.compile)
        if causal:
            self._language_model = SurprisalScorer(weights.require(causal), placement)
        if classifier:
            self._classifier = ClassifierScorer(weights.require(classifier), placement)
        if encoder:
            self._origin = _origin(weights.require(encoder), placement, _probed(self._settings))
            self._lines = _line_judge(weights.require(encoder), self._origin.encoder)
        probes = PROBES if encoder and _probed(self._settings) else ""
        for name in filter(None, (causal, classifier, encoder, encoder and NGRAMS, probes)):
            folder = weights.require(name)
            self._names.append(f"{folder.name}@{weights.fingerprint(folder)}/{placement}")

    def _folders(self) -> tuple[str, str, str]:
        """Names of the causal model, the classifier and the encoder to load, "" for none."""
        causal = LANGUAGE_MODEL if weights.find(LANGUAGE_MODEL) else ""
        encoder = ENCODER if weights.find(ENCODER) and weights.find(NGRAMS) else ""
        chosen = self._settings.model
        if not chosen:
            if not encoder:
                self._notices.append(f"the model {ENCODER} is not installed: sentences have no origin scores")
            return causal, "", encoder
        folder = weights.require(chosen)
        kinds = _architectures(folder)
        if (folder / HEADS).is_file():
            return causal, "", chosen
        if "SequenceClassification" in kinds[0]:
            return causal, chosen, ""
        if "CausalLM" in kinds[0]:
            self._asked_for = True
            return chosen, "", encoder
        wanted = "an encoder with heads, a sequence classification or a causal language model"
        message = f"model {chosen!r} is a {kinds[0] or 'nameless'} checkpoint, not {wanted}"
        raise MissingModelError(message)

    def scorers(self) -> Iterator[SentenceScorer]:
        """Yield what scores sentences."""
        self._load()
        if self._origin is not None:
            yield self._origin
        if self._language_model is not None and (self._settings.surprisal or self._asked_for):
            yield NamedScorer(SURPRISAL, self._language_model, "en")
        if self._classifier is not None:
            yield NamedScorer(self._classifier.label, self._classifier, None)

    def origin(self) -> OriginScorer | None:
        """The shipped encoder with its n-gram model, None where another model takes its place or none is there."""
        self._load()
        return self._origin

    def line_judge(self) -> LineJudge | None:
        """What is asked about lines that the line classifier is unsure of, None without the encoder it belongs to."""
        self._load()
        return self._lines

    def language_model(self) -> SurprisalScorer | None:
        """The causal language model, None when none is installed."""
        self._load()
        return self._language_model

    def names(self) -> list[str]:
        """Loaded models with their fingerprints, device and dtype, for the signature."""
        return list(self._names)

    def notices(self) -> list[str]:
        """What the user must know: missing models, truncated texts."""
        loaded = (self._language_model, self._classifier, self._origin.encoder if self._origin else None)
        cut = [
            f"{one.truncated} texts were longer than {one.max_tokens} tokens and were cut for scoring"
            for one in loaded
            if one is not None and one.truncated
        ]
        return [*self._notices, *cut]


def _origin(folder: Path, placement: Placement, probed: bool) -> OriginScorer:
    from auditor.transformer import Encoder, Probe

    probe = Probe(weights.require(PROBES), weights.require(LANGUAGE_MODEL), placement) if probed else None
    ngrams = Stylometer(weights.require(NGRAMS))
    return OriginScorer(Encoder(folder, placement), ngrams, read_calibration(folder, probed), probe)


def _line_judge(folder: Path, encoder: Encoder) -> LineJudge | None:
    """The second judge of lines, where its head was fitted on the states of this very encoder."""
    head, trunk = load_head(), folder / weights.WEIGHTS
    known = head is not None and trunk.is_file() and weights.digest(trunk) == head.encoder
    return EncoderJudge(head, encoder) if head is not None and known else None


def _architectures(folder: Path) -> list[str]:
    try:
        found = json.loads((folder / "config.json").read_text("utf-8"))["architectures"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        message = f"{folder / 'config.json'} does not say what kind of model this is"
        raise MissingModelError(message) from problem
    return [str(one) for one in found] or [""] if isinstance(found, list) else [""]
