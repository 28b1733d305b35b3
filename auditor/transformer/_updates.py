"""Low-rank updates of an encoder's upper layers that only pairs of source and translation see.

``pairs.safetensors`` in the model folder holds, for a layer's matrix ``W``, two narrow matrices whose product is added
to it (Hu et al. 2021, LoRA). The sums are made once, in float32, and kept in the trunk's own type.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from auditor.errors import MissingModelError

UPDATES = "pairs.safetensors"
# Matrices of a BERT layer that may be updated, in the order of the pass.
MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


def updated_layers(network: Any, path: Path) -> list[Any]:
    """The network's layers, those with updates as changed copies and the others as they are.

    Without the file all layers are the network's own. Raises MissingModelError where the file does not fit them.
    """
    layers = list(network.encoder.layer)
    if not path.is_file():
        return layers
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        found = load_file(path)
        for number in sorted({int(key.partition(":")[0]) for key in found}):
            layers[number] = copy.deepcopy(layers[number])
        for key in sorted(key for key in found if key.endswith(":in")):
            layer, name, _ = key.split(":")
            weight = layers[int(layer)].get_submodule(name).weight
            product = found[f"{layer}:{name}:out"].float() @ found[key].float()
            weight.data.copy_((weight.data.float().cpu() + product).to(weight.dtype))
    except (OSError, ValueError, KeyError, IndexError, AttributeError, RuntimeError, SafetensorError) as problem:
        message = f"{path} does not fit the encoder beside it: {problem}"
        raise MissingModelError(message) from problem
    return layers
