"""Cities in text: which names stand where, and whether they are meant."""
