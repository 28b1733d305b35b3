"""Training of the shipped models; see models/training/README.md."""
