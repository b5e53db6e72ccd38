"""Findings: what the documents and a stored score say, as plain figures; pure functions.

`studies` puts the report's findings together; `comparisons`, `diagnoses` and `proposals` answer one
question each. They read a `Corpus` and numbers of a stored run, never the store or the network.
"""

from __future__ import annotations
