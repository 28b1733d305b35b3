"""The line classifier: examples, pages, training."""
