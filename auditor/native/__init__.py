"""The loops over single letters, compiled where a C compiler was at hand when the package was built.

Whatever is here has a plain Python counterpart beside its caller with the same results bit for bit, which is used where
nothing was compiled, where ``AUDITOR_PLAIN`` is set, and where the sources changed since they were compiled.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

HOME = Path(__file__).parent
# What the build notes beside the compiled modules: the digest of the sources that they were made from.
BUILT = HOME / "built.json"


def digest(home: Path = HOME) -> dict[str, str]:
    """SHA-256 of each source file; empty in a wheel, which carries none."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(home.glob("*.pyx"))}


def is_current(home: Path = HOME) -> bool:
    """Whether the compiled modules are those of the sources that stand beside them, if any do."""
    try:
        noted = json.loads((home / BUILT.name).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return not (found := digest(home)) or found == noted


def _load() -> tuple[ModuleType | None, ModuleType | None]:
    if os.environ.get("AUDITOR_PLAIN") or not is_current():
        return None, None
    try:
        from auditor.native import _lines, _text
    except ImportError:
        return None, None
    return _text, _lines


TEXT, LINES = _load()
COMPILED = TEXT is not None
