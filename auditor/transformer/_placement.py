"""Where a model runs, and how to keep the libraries quiet about it."""

from __future__ import annotations

import importlib.util
import logging
import multiprocessing
import os
import platform
import shutil
from dataclasses import dataclass, replace
from typing import Any

from auditor.errors import UsageError

# PyTorch's questions whether an x86 processor has units for bfloat16.
_UNITS = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a model runs: device (``cpu``, ``cuda:0``), dtype (``bfloat16``, ``float32``), whether it is compiled."""

    device: str
    dtype: str
    compiled: bool = False

    def __str__(self) -> str:
        """As in signatures: ``cpu/float32``."""
        return f"{self.device}/{self.dtype}" + ("/compiled" if self.compiled else "")


def place(asked: str, *, compiled: bool = False) -> Placement:
    """Turn ``auto``, ``cpu`` or ``cuda[:i]`` into a placement.

    Raises UsageError for a GPU that was asked for and is missing, and where nothing is there to compile models with.
    """
    placement = _placed(asked)
    if compiled:
        _refuse_without_compiler(placement.device)
    return replace(placement, compiled=compiled)


def _refuse_without_compiler(device: str) -> None:
    """What torch.compile would say only after minutes and at length."""
    if device != "cpu" and importlib.util.find_spec("triton") is None:
        message = "compile needs the package triton on a GPU: pip install triton, or leave --compile out"
        raise UsageError(message)
    if device == "cpu" and not any(map(shutil.which, (os.environ.get("CXX", ""), "g++", "clang++"))):
        message = "compile needs a C++ compiler on a processor (g++ or clang++): install one, or leave --compile out"
        raise UsageError(message)


def _placed(asked: str) -> Placement:
    import torch

    if asked == "cpu" or (asked == "auto" and not torch.cuda.is_available()):
        return Placement("cpu", "bfloat16" if _fast_bfloat16() else "float32")
    if asked == "auto" or asked.partition(":")[0] == "cuda":
        device = "cuda:0" if asked in {"auto", "cuda"} else asked
        index = device.removeprefix("cuda:")
        if not torch.cuda.is_available() or not index.isdigit() or int(index) >= torch.cuda.device_count():
            message = f"device {asked!r} is not there ({torch.cuda.device_count()} CUDA devices); use --device cpu"
            raise UsageError(message)
        return Placement(device, "bfloat16" if torch.cuda.is_bf16_supported() else "float32")
    message = f"unknown device {asked!r}: auto, cpu, cuda or cuda:<number>"
    raise UsageError(message)


def _fast_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 matrices in hardware (AVX512-BF16 or AMX).

    oneDNN also says yes where an x86 processor has to emulate them, which is slower than float32.
    """
    import torch

    backends: Any = torch.backends
    if not (backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()):  # noqa: SLF001
        return False
    if platform.machine().lower() not in {"x86_64", "amd64"}:
        return True
    return any(getattr(torch.cpu, name, bool)() for name in _UNITS)


def quiet() -> None:
    """Keep libraries from writing to the terminal and from reaching for a network."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    logging.getLogger("transformers").setLevel(logging.ERROR)


def share_processors() -> None:
    """Compute in one thread in a worker process: many workers on all processors are in each other's way."""
    if multiprocessing.parent_process() is not None:
        import torch

        torch.set_num_threads(1)
