"""The house keeps its layers: a file imports from lower ones only, and heavy packages stay out of the start."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import auditor

ROOT = Path(auditor.__file__).parent
LAYERS = {
    "errors": 0,
    "claims": 0,
    "data": 1,
    "native": 0,
    "normalize": 2,
    "patterns": 2,
    "scan": 2,
    "scripts": 2,
    "tables": 1,
    "lexicon": 2,
    "blocks": 2,
    "familiar": 2,
    "language": 2,
    "ngrams": 2,
    "origin": 2,
    "source_shares": 3,
    "stylometry": 2,
    "lines": 2,
    "registry": 2,
    "config": 3,
    "executors": 3,
    "formatters": 3,
    "provenance": 3,
    "readers": 3,
    "rules": 3,
    "scoring": 3,
    "segment": 3,
    "sentences": 2,
    "transformer": 3,
    "verdict": 3,
    "weights": 3,
    "knowledge": 0,
    "store": 3,
    "embedding": 4,
    "report": 4,
    "resolve": 4,
    "scorers": 4,
    "signature": 4,
    "selection": 4,
    "stories": 4,
    "unsure": 4,
    "pages": 5,
    "totals": 2,
    "pipeline": 5,
    "rowscores": 5,
    "cleaning": 3,
    "comparison": 5,
    "decisions": 4,
    "pairs": 5,
    "policy": 2,
    "triage": 2,
    "stored": 7,
    "runs": 6,
    "screening": 7,
    "__init__": 8,
    "_archives": 8,
    "_delivery": 9,
    "_options": 8,
    "_terminal": 8,
    "integrations": 8,
    "server": 8,
    "commands": 9,
    "cli": 10,
    "docs": 11,
    "__main__": 11,
}
HEAVY = {"torch", "transformers", "ray", "duckdb", "pandas", "pyarrow", "sacrebleu", "numpy", "rich", "jinja2"}
FILES = sorted(path for path in ROOT.rglob("*.py") if "__pycache__" not in path.parts)


def part(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    """Modules of this package that a file imports, type-checking imports left out."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "auditor":
            rest = (node.module or "").split(".")[1:]
            found += [rest[0]] if rest else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [alias.name.split(".")[1] for alias in node.names if alias.name.startswith("auditor.")]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_import_from_lower_layers_only(path: Path) -> None:
    own = part(path)
    for other in imports(path):
        if other != own:
            assert other in LAYERS, f"{other} has no layer"
            assert LAYERS[other] < LAYERS[own] or LAYERS[own] == LAYERS[other] == 2, f"{own} imports {other}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_torch_has_one_importer(path: Path) -> None:
    if "transformer" in path.parts:
        return
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not {name.split(".")[0] for name in names} & {"torch", "transformers"}


def test_start_imports_nothing_heavy() -> None:
    code = "import sys, auditor, auditor.cli; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY & set(loaded)


def test_a_run_without_models_does_not_import_torch(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One short text, nothing to see here.", "utf-8")
    code = (
        "import sys\nfrom auditor import audit, Settings\n"
        f"audit([{str(tmp_path)!r}], Settings(score='none'))\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"torch", "transformers", "pandas"} & set(loaded)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300
