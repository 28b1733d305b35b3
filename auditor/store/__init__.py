"""The run directory on disk: shards of Parquet that exist only when whole, rows for records, DuckDB over them.

Nothing here knows the stages; ``auditor.runs`` does.
"""
