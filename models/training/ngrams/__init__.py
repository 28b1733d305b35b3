"""Training of the hashed n-gram model (``models/auditor-ngrams``)."""
