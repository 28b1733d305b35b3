"""The encoder's other heads on development rows: retrieval across languages, quality of pairs, kinds of lines.

    python -m benchmarks.heads [--shared ../shared] [--base build/e5_50k]

Retrieval: how often the nearest of five hundred translations is the right one, both ways, for sentence pairs of the
dev year in six pairs of languages; beside the base model's own vectors (with its "query: " prefix) when it is there.
Quality: Spearman's rank correlation with human assessment on mlqe-pe dev. Lines: precision, recall and F1 of content
against chrome on the labelled web blocks' test pages, each line by itself.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from auditor import weights
from auditor.ngrams import normalise
from auditor.scorers import ENCODER
from auditor.transformer import Encoder, place
from benchmarks.origin.material import ORIGINAL, H, rows, split

_MOST = 500
# Ukrainian originals of the dev year were translated by people into Czech only.
_PAIRS = ("cs-en", "de-en", "ja-en", "ru-en", "uk-cs", "zh-en")


def retrieval(shared: Path, encoder: Encoder, base: Path | None) -> Iterator[str]:
    """Accuracy at one, averaged over both directions."""
    pairs = _pairs(shared)
    yield "| retrieval | pairs | ours | base | difference |"
    yield "|---|---|---|---|---|"
    for pair, found in sorted(pairs.items()):
        left, right = ([one[side] for one in found[:_MOST]] for side in (0, 1))
        own = _accuracy(encoder.embed(left), encoder.embed(right))
        other = _accuracy(_plain(base, left), _plain(base, right)) if base else float("nan")
        yield f"| {pair} | {len(left)} | {own:.3f} | {other:.3f} | {own - other:+.3f} |"


def _pairs(shared: Path) -> dict[str, list[tuple[str, str]]]:
    """Originals with a human translation of the same segment, by languages."""
    sides: dict[str, dict[str, str]] = defaultdict(dict)
    for row in split(shared, ["dev"]):
        source, _, target = row["seg_id"].split(":")[1].partition("-")
        if row["label"] == ORIGINAL and row["lang"] == source:
            sides[row["seg_id"]]["original"] = row["text"]
        elif row["label"] == H and row["lang"] == target:
            sides[row["seg_id"]]["translation"] = row["text"]
    out: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for segment, both in sorted(sides.items()):
        pair = segment.split(":")[1]
        if pair in _PAIRS and len(both) == 2 and len(both["translation"]) >= 20:
            out[pair].append((both["original"], both["translation"]))
    return out


def _accuracy(left: Any, right: Any) -> float:
    near = left @ right.T
    place_of = np.arange(len(near))
    return float(((near.argmax(1) == place_of).mean() + (near.argmax(0) == place_of).mean()) / 2)


def _plain(folder: Path | None, texts: Sequence[str]) -> Any:
    """Vectors of the base model as its authors mean it: prefix, mean pooling, unit length."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    out = []
    for text in texts:
        batch = tokenizer(f"query: {normalise(text)}", truncation=True, max_length=256, return_tensors="pt")
        with torch.inference_mode():
            out.append(model(input_ids=batch["input_ids"]).last_hidden_state[0].mean(0).numpy())
    vectors = np.stack(out)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def quality(shared: Path, encoder: Encoder) -> Iterator[str]:
    """Spearman's correlation a language pair."""
    by: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(shared / "data" / "qe" / "dev.jsonl.gz"):
        if row["dataset"] == "mlqe-pe":
            by[f"{row['src_lang']}-{row['tgt_lang']}"].append(row)
    yield "| quality, mlqe-pe dev | pairs | Spearman |"
    yield "|---|---|---|"
    found = []
    for pair, members in sorted(by.items()):
        values = encoder.score_pairs([one["source"] for one in members], [one["translation"] for one in members])
        found.append(_spearman(values, [one["score"] for one in members]))
        yield f"| {pair} | {len(members)} | {found[-1]:.3f} |"
    yield f"| mean | | {np.mean(found):.3f} |"


def _spearman(left: Sequence[float], right: Sequence[float]) -> float:
    ranks = [np.argsort(np.argsort(np.asarray(side), kind="stable")) for side in (left, right)]
    return float(np.corrcoef(*ranks)[0, 1])


def lines(shared: Path, encoder: Encoder) -> Iterator[str]:
    """Content against chrome on the test pages."""
    yield "| lines of test pages | lines | precision | recall | F1 (chrome) |"
    yield "|---|---|---|---|---|"
    for name in ("article_extraction_blocks", "trafilatura_eval_blocks"):
        source = shared / "data" / "boilerplate" / f"{name}.jsonl.gz"
        material = [row for row in rows(source) if row["split"] == "test"]
        said = [one.lines["content"] < 0.5 for one in encoder.encode([row["text"][:600] for row in material])]
        truth = [row["label"] == "boilerplate" for row in material]
        both = sum(a and b for a, b in zip(said, truth, strict=True))
        precision, recall = both / max(1, sum(said)), both / max(1, sum(truth))
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        yield f"| {name} | {len(material)} | {precision:.3f} | {recall:.3f} | {f1:.3f} |"


def main() -> None:
    """Print the tables; with ``--write`` also put them into a file."""
    parser = argparse.ArgumentParser(description="The encoder's other heads")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--base", type=Path, help="folder of the base model, for comparison")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    encoder = Encoder(weights.require(ENCODER), place("auto"))
    out = ["# The encoder's other heads, on development rows", ""]
    for part in (
        retrieval(asked.shared, encoder, asked.base),
        quality(asked.shared, encoder),
        lines(asked.shared, encoder),
    ):
        for line in part:
            print(line, flush=True)
            out.append(line)
        out.append("")
    if asked.write:
        asked.write.write_text("\n".join(out), "utf-8")


if __name__ == "__main__":
    main()
