"""Probes on a frozen language model."""
