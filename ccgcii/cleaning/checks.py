"""What a cleaning needs, looked at before anything is sent or forgotten."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from ccgcii.cleaning.pipeline import Pipeline
from ccgcii.cleaning.restoring import FIRST_RESTORED
from ccgcii.errors import CleaningError
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from ccgcii.workspace import Workspace


def check_cleaning(workspace: Workspace) -> None:
    """Raise `ConfigError` for a wrong `[filters]` table or list of events.

    A crawl may take days; what it brings should not wait for a misspelled option afterwards.
    """
    Pipeline.build(workspace.study, workspace.plugins, workspace.settings.filters)
    _ = workspace.events  # reading them is the check


def check_archive(workspace: Workspace, since: int | None = None) -> None:
    """Raise `CleaningError` if pages are to be read from an archive that is not there.

    `since` is the layer to repeat. A disk that is not mounted would cost every page its place: each
    is judged, and dropped because it cannot be read. One that is missing costs itself alone.
    """
    archive = workspace.settings.store.archive
    if archive.is_dir() and os.access(archive, os.R_OK | os.X_OK):
        return
    capture = table_of(tables.Capture)
    wanted = select(capture.c.id).where(capture.c.warc_id.is_not(None)).limit(1)
    if since is None or since > FIRST_RESTORED:
        anew = or_(capture.c.clean_from.is_(None), capture.c.clean_from <= FIRST_RESTORED)
        wanted = wanted.where(capture.c.cleaned == 0, anew)
    with workspace.engine.connect() as connection:
        if connection.execute(wanted).first() is not None:
            raise CleaningError(
                f"{archive}: pages are to be read from this archive, and it cannot be read; mount "
                "its disk, see to its permissions or to [store] archive, then run it again"
            )
