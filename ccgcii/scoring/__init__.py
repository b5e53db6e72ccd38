"""Scoring: pure mathematics over tables, from a matrix and a recipe to a ranking.

`recipes` and `trees` are what is asked, `engine` does it (impute, treat, normalise, then weigh and
aggregate node by node), `rankings` is the answer, `files` reads matrices and trees from CSV.
"""

from __future__ import annotations

from ccgcii.methods import Step
from ccgcii.scoring.engine import score
from ccgcii.scoring.files import read_matrix, read_tree
from ccgcii.scoring.rankings import Note, Ranking, Stages
from ccgcii.scoring.recipes import Recipe
from ccgcii.scoring.trees import Node, Tree

__all__ = [
    "Node",
    "Note",
    "Ranking",
    "Recipe",
    "Stages",
    "Step",
    "Tree",
    "read_matrix",
    "read_tree",
    "score",
]
