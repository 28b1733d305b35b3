"""One file a rule family; each ends in ``RULES = (...)``. See ``auditor.registry`` for the bases."""
