from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

def gram_sums(lines: list[str], weights: NDArray[np.float32], bits: int, totals: Floats, peaks: Floats) -> None: ...
def page_values(
    out: Floats,
    texts: tuple[str, ...],
    folded: tuple[str, ...],
    links: Floats,
    flags: tuple[tuple[bool, ...], tuple[bool, ...], tuple[bool, ...], list[float] | None],
    roles: tuple[int, ...],
    tables: tuple[NDArray[np.uint8], NDArray[np.uint8], Floats, Floats],
    model: tuple[object, ...],
    limits: tuple[object, ...],
) -> float: ...
def standardise(values: Floats, mean: Floats, spread: Floats, cut: float, out: NDArray[np.float32]) -> None: ...
