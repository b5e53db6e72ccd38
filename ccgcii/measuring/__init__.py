"""Measuring: from the store's documents to a corpus, and from the corpus to a matrix."""

from __future__ import annotations
