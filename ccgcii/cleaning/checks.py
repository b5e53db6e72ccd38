"""What `ccgcii clean` would refuse, found before a crawl has sent anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii.cleaning.pipeline import Pipeline

if TYPE_CHECKING:
    from ccgcii.workspace import Workspace


def check_cleaning(workspace: Workspace) -> None:
    """Raise `ConfigError` for a wrong `[filters]` table or list of events.

    A crawl may take days; what it brings should not wait for a misspelled option afterwards.
    """
    Pipeline.build(workspace.study, workspace.plugins, workspace.settings.filters)
    _ = workspace.events  # reading them is the check
