"""Fake platforms that official clients believe, for tests, the demo, and authors of sources."""
