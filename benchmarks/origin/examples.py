"""Scores of a few sentences in our own words, to show what moves them: ``python -m benchmarks.origin.examples``."""

# ruff: noqa: E501 - a sentence stands on one line
from __future__ import annotations

from auditor.config import Settings
from auditor.origin import SCORES
from auditor.scorers import Models

EXAMPLES = (
    ("plain news prose", "The council put off the vote until Thursday because two of its members were stuck in traffic."),
    ("the same, word for word as some languages have it", "The council has postponed the voting on Thursday, since two of its members stuck in the traffic jam."),
    ("idiom", "She is not one to mince her words, and the board got both barrels."),
    ("idiom carried over", "She does not take a leaf in front of the mouth, and the board got its fat away."),
    ("careful literal style, no translation", "The committee has the task of examining the measures which were adopted in the previous year."),
    ("articles lost", "President of country said on Tuesday that government will continue support for agriculture."),
    ("short", "No comment was given."),
    ("list of names", "Present were Anna Berg, Tomas Lind, Ove Dahl and Marit Holm."),
    ("sports", "United snatched it at the death when Okafor nodded in from three yards out."),
    ("press release", "The company is pleased to announce the expansion of its portfolio of innovative solutions for customers."),
    ("chatbot prose", "In today's fast-paced world, it is important to note that effective communication plays a crucial role in fostering meaningful connections."),
)  # fmt: skip


def main() -> None:
    """Print one row an example."""
    model = Models(Settings(device="cpu")).origin()
    if model is None:
        print("the shipped encoder is not installed")
        return
    print("| what | sentence | " + " | ".join(SCORES.values()) + " |")
    print("|---|---|" + "---|" * len(SCORES))
    for (what, text), found in zip(EXAMPLES, model.judge([("en", text) for _, text in EXAMPLES]), strict=True):
        print(f"| {what} | {text} | " + " | ".join(f"{found[name]:.2f}" for name in SCORES.values()) + " |")


if __name__ == "__main__":
    main()
