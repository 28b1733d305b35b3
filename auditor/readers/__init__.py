"""Plug-ins of one kind; see ``auditor.registry`` for the base."""
