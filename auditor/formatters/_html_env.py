"""Templates, styles and scripts of the HTML report, and the policy that names them by hash."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from auditor.formatters import _labels as labels
from auditor.formatters._html_signs import clipped, plain, visible
from auditor.formatters._words import _, translations


def rendered(template: str, styles: tuple[str, ...], script: str, context: dict[str, Any]) -> Iterator[str]:
    """Yield a page's text in pieces; only its own styles and script can run on it."""
    sheets = [_static(name) for name in styles] + ([_sizes()] if "charts.min.css" in styles else [])
    code = _static(script)
    policy = (
        "default-src 'none'; "
        f"style-src {' '.join(_hash(sheet) for sheet in sheets)}; script-src {_hash(code)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    pieces: Iterator[str] = (
        _environment().get_template(template).generate(context | {"csp": policy, "styles": sheets, "scripts": [code]})
    )
    return pieces


@cache
def _static(name: str) -> str:
    return files("auditor.formatters").joinpath("static", name).read_text("utf-8").strip()


@cache
def _sizes() -> str:
    """Classes for the lengths of bars: a style attribute would need a looser policy."""
    return "".join(f".v{size}{{--size:{size / 100:g}}}" for size in range(101))


@cache
def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment: Any = Environment(
        loader=PackageLoader("auditor.formatters", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The catalogue is looked up at each call, because one process may write reports in several languages.
    environment.install_gettext_callables(
        lambda text: translations().gettext(text),
        lambda one, several, number: translations().ngettext(one, several, number),
        newstyle=True,
    )
    environment.globals.update(severities=labels.SEVERITIES, decisions=labels.DECISIONS, labels=labels.LABELS)
    environment.filters.update(
        visible=visible,
        plain=plain,
        clipped=clipped,
        percent=labels.percent,
        language=labels.language,
        family=labels.family,
        measure=labels.measure,
        measure_name=labels.measure_name,
        words=labels.words,
        tr=_,
    )
    return environment
