"""Cleaning: from captures to documents, in five layers, in worker processes.

`pages` and `dates` turn bytes into a document, `names` finds cities, `pipeline` runs the filters
of plugins, `runs` does it for a whole store, `inspecting` for one page or text, step by step.
"""
