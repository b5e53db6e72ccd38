"""Conduct: how sources fare, what must be forgotten, and a first careful try of a source."""
