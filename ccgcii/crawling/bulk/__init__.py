"""Sources of files: archives read slice by slice in worker processes."""
