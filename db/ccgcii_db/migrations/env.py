"""Alembic's way in: migrate the connection that `open_engine` hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from ccgcii_db import tables

assert tables.City.metadata is SQLModel.metadata  # noqa: S101 - the tables are registered by import

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
