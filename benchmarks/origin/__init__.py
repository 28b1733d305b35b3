"""How well the origin of a text is told, on test years that nothing was tuned on: ``python -m benchmarks.origin``."""
