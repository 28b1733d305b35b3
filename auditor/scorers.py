"""The models of one run: loaded when first needed, kept, and said aloud where one is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import weights
from auditor.config import Settings
from auditor.data import SURPRISAL
from auditor.errors import MissingModelError

if TYPE_CHECKING:
    from auditor.transformer import ClassifierScorer, SurprisalScorer

LANGUAGE_MODEL = "smollm2"


@dataclass(frozen=True, slots=True)
class NamedScorer:
    """A scorer with the name of its scores and the only language that it reads (None: any)."""

    name: str
    model: SurprisalScorer | ClassifierScorer
    language: str | None


class Models:
    """What scores a run. Nothing is imported or loaded before the first score is asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._language_model: SurprisalScorer | None = None
        self._classifier: ClassifierScorer | None = None
        self._loaded = False
        self._notices: list[str] = []
        self._names: list[str] = []

    def _load(self) -> None:
        if self._loaded or self._settings.score == "none":
            return
        self._loaded = True
        causal, classifier = self._folders()
        if not causal and not classifier:
            return
        from auditor.transformer import ClassifierScorer, SurprisalScorer, place

        placement = place(self._settings.device)
        if causal:
            self._language_model = SurprisalScorer(weights.require(causal), placement)
        if classifier:
            self._classifier = ClassifierScorer(weights.require(classifier), placement)
        for name in filter(None, (causal, classifier)):
            folder = weights.require(name)
            self._names.append(f"{folder.name}@{weights.fingerprint(folder)}/{placement.device}/{placement.dtype}")

    def _folders(self) -> tuple[str, str]:
        """Names of the causal model and of the classifier to load, "" for none."""
        chosen = self._settings.model
        if chosen:
            folder = weights.require(chosen)
            kinds = _architectures(folder)
            if "SequenceClassification" in kinds[0]:
                return (LANGUAGE_MODEL if weights.find(LANGUAGE_MODEL) else ""), chosen
            if "CausalLM" in kinds[0]:
                return chosen, ""
            wanted = "a sequence classification or a causal language model"
            message = f"model {chosen!r} is a {kinds[0] or 'nameless'} checkpoint, not {wanted}"
            raise MissingModelError(message)
        if weights.find(LANGUAGE_MODEL):
            return LANGUAGE_MODEL, ""
        self._notices.append(
            f"no language model: suspect sentences have no scores; auditor models pull {LANGUAGE_MODEL} installs one"
        )
        return "", ""

    def scorers(self) -> Iterator[NamedScorer]:
        """Yield what scores sentences."""
        self._load()
        if self._language_model is not None:
            yield NamedScorer(SURPRISAL, self._language_model, "en")
        if self._classifier is not None:
            yield NamedScorer(self._classifier.label, self._classifier, None)

    def language_model(self) -> SurprisalScorer | None:
        """The causal language model, None when none is installed."""
        self._load()
        return self._language_model

    def names(self) -> list[str]:
        """Loaded models with their fingerprints, device and dtype, for the signature."""
        return list(self._names)

    def notices(self) -> list[str]:
        """What the user must know: missing models, truncated texts."""
        cut = [
            f"{one.truncated} texts were longer than {one.max_tokens} tokens and were cut for scoring"
            for one in (self._language_model, self._classifier)
            if one is not None and one.truncated
        ]
        return [*self._notices, *cut]


def _architectures(folder: Path) -> list[str]:
    try:
        found = json.loads((folder / "config.json").read_text("utf-8"))["architectures"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        message = f"{folder / 'config.json'} does not say what kind of model this is"
        raise MissingModelError(message) from problem
    return [str(one) for one in found] or [""] if isinstance(found, list) else [""]
