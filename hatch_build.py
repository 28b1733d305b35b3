"""Compiles ``auditor/native`` while the package is built; without a C compiler the package is built without it.

Set ``AUDITOR_PLAIN=1`` to build a package of plain Python on purpose.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NATIVE = Path("auditor", "native")
# Sums must come out the same everywhere: no multiplication and addition in one rounding.
FLAGS = [] if os.name == "nt" else ["-O3", "-ffp-contract=off", "-g0"]


class CompileNative(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the compiled modules beside their sources, and into the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, or say in one line why not."""
        del version
        home = Path(self.root, NATIVE)
        if self.target_name != "wheel" or os.environ.get("AUDITOR_PLAIN"):
            return
        try:
            made = compile_native(Path(self.root))
        except (Exception, SystemExit) as problem:  # noqa: BLE001 - whatever a compiler may die of, plain Python works
            self.app.display_warning(f"auditor is built without its compiled loops: {problem}")
            (home / "built.json").unlink(missing_ok=True)
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        for path in (*made, home / "built.json"):
            build_data["force_include"][str(path)] = str(NATIVE / path.name)


def compile_native(root: Path) -> list[Path]:
    """Compile every ``.pyx`` in place; returns the modules made."""
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension

    sys.path.insert(0, str(root))
    home = root / NATIVE
    link = ["-s"] if sys.platform == "linux" else []
    before = Path.cwd()
    os.chdir(root)
    try:
        extensions = [
            Extension(
                f"auditor.native.{path.stem}", [str(NATIVE / path.name)], extra_compile_args=FLAGS, extra_link_args=link
            )
            for path in sorted(home.glob("*.pyx"))
        ]
        modules = cythonize(extensions, build_dir="build", quiet=True, language_level=3)
        command = Distribution({"name": "auditor", "ext_modules": modules}).get_command_obj("build_ext")
        command.inplace = True
        command.build_temp = "build"
        command.ensure_finalized()
        command.run()
    finally:
        os.chdir(before)
    made = sorted(path for path in home.iterdir() if path.suffix in {".so", ".pyd"})
    (home / "built.json").write_text(json.dumps(digest(home)), "utf-8")
    return made


def digest(home: Path) -> dict[str, str]:
    """The digests that ``auditor.native`` compares the sources with."""
    import hashlib

    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(home.glob("*.pyx"))}
