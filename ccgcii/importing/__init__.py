"""Importing: files of records, of whatever shape, into the store.

A file is opened as a `Table` (`tables`), the surest reader is chosen (`choosing`), its records go
into the store in chunks (`storing`), and `runs` tells what became of every file.
"""

from __future__ import annotations
