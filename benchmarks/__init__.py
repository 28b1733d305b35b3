"""Measurements behind every figure in README and docs; each module prints its own."""
