"""What differs between two runs: documents, decisions and findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.runs._folder import RunFolder
from auditor.runs._read import listed, shards_of
from auditor.store.query import connect


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. ``kind``: document-new, document-gone, decision, finding-new, finding-gone."""

    kind: str
    document: str
    rule: str
    before: str
    after: str


_DOCUMENTS = """
SELECT CASE WHEN a.id IS NULL THEN 'document-new' WHEN b.id IS NULL THEN 'document-gone' ELSE 'decision' END,
       coalesce(a.id, b.id), '', coalesce(a.decision, ''), coalesce(b.decision, '')
FROM {a_documents} a FULL OUTER JOIN {b_documents} b ON a.id = b.id
WHERE a.id IS NULL OR b.id IS NULL OR a.decision <> b.decision
ORDER BY 2, 1
"""
# The fingerprint does not change when text moves; of several equal findings the numbers are compared.
_FINDINGS = """
WITH a AS (SELECT document, rule, fingerprint, count(*) AS n, min(quote) AS quote FROM {a_findings} GROUP BY ALL),
     b AS (SELECT document, rule, fingerprint, count(*) AS n, min(quote) AS quote FROM {b_findings} GROUP BY ALL)
SELECT CASE WHEN coalesce(a.n, 0) < coalesce(b.n, 0) THEN 'finding-new' ELSE 'finding-gone' END,
       coalesce(a.document, b.document), coalesce(a.rule, b.rule), coalesce(a.quote, ''), coalesce(b.quote, '')
FROM a FULL OUTER JOIN b ON a.document = b.document AND a.rule = b.rule AND a.fingerprint = b.fingerprint
WHERE coalesce(a.n, 0) <> coalesce(b.n, 0)
ORDER BY 2, 3, coalesce(a.fingerprint, b.fingerprint)
"""


def diff_runs(before: RunFolder, after: RunFolder) -> Iterator[Difference]:
    """Yield differences in the order of document ids; first those of documents, then those of findings."""
    tables: dict[str, Any] = {}
    for name, folder in (("a", before), ("b", after)):
        shards = shards_of(folder)
        for stage in ("documents", "findings"):
            files = listed([str(folder.shard(stage, one)) for one in shards])
            tables[f"{name}_{stage}"] = f"read_parquet({files})"
    with connect(after.spill) as connection:
        for query in (_DOCUMENTS, _FINDINGS):
            result = connection.execute(query.format(**tables))
            while some := result.fetchmany(1000):
                yield from (Difference(*row) for row in some)
