"""Commands besides ``audit``, one file each; ``auditor.cli`` adds them to its group."""
