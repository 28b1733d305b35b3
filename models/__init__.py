"""Shipped weights and, under ``training``, the scripts that made them."""
