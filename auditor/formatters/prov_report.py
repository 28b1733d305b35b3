"""W3C PROV, as PROV-JSONLD and PROV-JSON, written with the ``prov`` package (MIT; extra ``prov``).

Documents, the works they were made from and quoted passages are entities; publication, translation and review are
activities; people, bodies and engines (as software agents) are agents. Every statement carries the confidence of the
claim it comes from.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar, TextIO

from auditor.data import Report
from auditor.errors import MissingExtraError
from auditor.formatters._files import write_text
from auditor.registry import Formatter


class ProvFormatter(Formatter):
    """``report.prov.jsonld`` and ``report.prov.json``; the graph is held in memory, about 10 kB a document."""

    name: ClassVar[str] = "prov"

    def check(self) -> None:
        """Raise MissingExtraError where the ``prov`` package is not installed, before any work is done."""
        try:
            import prov.model  # noqa: F401
        except ImportError as problem:
            raise MissingExtraError("prov", "prov") from problem  # noqa: EM101 - names, not a message

    def write(self, report: Report, target: Path) -> Path:
        """Write both files; the JSON-LD one is the main file."""
        graph = self._graph(report)
        for style, ending in (("json", "json"), ("jsonld", "jsonld")):
            path = write_text(target / f"report.prov.{ending}", (_text(graph, style),))
        return path

    def stream(self, report: Report, out: TextIO) -> None:
        """Write PROV-JSONLD to a stream."""
        out.write(_text(self._graph(report), "jsonld"))

    def _graph(self, report: Report) -> Any:
        self.check()
        from auditor.formatters._prov_graph import graph

        return graph(report)


def _text(graph: Any, style: str) -> str:
    # Parsed and written again: prov escapes all that is not ASCII and knows no order of its own for equal input.
    value = json.loads(graph.serialize(format=style))
    return json.dumps(value, ensure_ascii=True, indent=1) + "\n"


FORMATTERS = (ProvFormatter(),)
