"""Auditing: is a score what it says, and how far does it hold? Pure functions over stored numbers.

`digests` and `coverages` look at the documents, `statistics` at the indicators, `waterfalls` at the
sums, `steps` judges the ten steps of the OECD/JRC Handbook, `audits` puts it together.
"""

from __future__ import annotations
