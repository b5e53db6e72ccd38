"""Everything that can go wrong, as one tree.

CcgciiError
├── ConfigError          ccgcii.toml or a command's options say something impossible
├── PluginError          a plugin is missing, broken, or returned the wrong thing
├── StoreError           the database or the archive cannot be opened, read or written
├── ExecutionError       workers of a cluster cannot be had, or do not fit the study
├── SourceError          a source cannot plan, fetch or parse
├── ImportFileError      a file of records cannot be read as what it claims to be
├── CleaningError        a page, a filter or a worker failed in a way no drop reason covers
└── ScoreError           a matrix, tree or recipe cannot be scored
    └── RecipeError      a recipe names something that does not exist, or contradicts itself

Each message names the file, row, source, city or plugin, and the next step to take. The command
line prints the message alone; a traceback means a bug of ours.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class CcgciiError(Exception):
    """Anything that ccgcii reports to its user."""


class ConfigError(CcgciiError):
    """The configuration or a command's options say something impossible."""


class PluginError(CcgciiError):
    """A plugin is missing, broken, or returned the wrong thing."""


class StoreError(CcgciiError):
    """The database or the archive cannot be opened, read or written."""


class ExecutionError(CcgciiError):
    """Workers of a cluster cannot be had, or do not fit the study."""


class SourceError(CcgciiError):
    """A source cannot plan, fetch or parse."""


class ImportFileError(CcgciiError):
    """A file of records cannot be read as what it claims to be."""


class CleaningError(CcgciiError):
    """A page, a filter or a worker failed in a way no drop reason covers."""


class ScoreError(CcgciiError):
    """A matrix, tree or recipe cannot be scored."""


class RecipeError(ScoreError):
    """A recipe names something that does not exist, or contradicts itself."""


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the nearest known word, or the list of what there is."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known: {', '.join(names)}" if names else ""
