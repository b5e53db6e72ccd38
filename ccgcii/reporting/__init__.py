"""Reporting: reads results of runs as plain data and shows them; it never computes a score."""

from __future__ import annotations
