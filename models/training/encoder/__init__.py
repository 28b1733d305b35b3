"""Training of the encoder and its heads."""
