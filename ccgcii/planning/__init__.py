"""Planning: a source cuts its work into slices, which the store remembers."""
