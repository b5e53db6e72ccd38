"""The store's list of topics is that of the taxonomy: all of them, also those never found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from ccgcii_db import Dictionary, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine


def list_topics(engine: Engine, powers: Mapping[str, str]) -> None:
    """Write down every topic of the taxonomy with its power of now.

    A topic that no document has is counted and none found; one that is not in the list was not
    looked for. How evenly a city is spread over topics is measured against the whole list.
    """
    topic = table_of(tables.Topic)
    with engine.begin() as connection:
        known = Dictionary(connection, tables.Topic)
        for name, power in powers.items():
            known.id(name, power=power)
            connection.execute(
                update(topic)
                .where(topic.c.name == name, topic.c.power != power)
                .values(power=power)
            )


def forget_topics(engine: Engine, powers: Mapping[str, str]) -> None:
    """Take topics off the list that the taxonomy no longer has and no document either."""
    topic, found = table_of(tables.Topic), table_of(tables.DocumentTopic)
    with engine.begin() as connection:
        connection.execute(
            delete(topic).where(
                topic.c.name.not_in(list(powers)),
                ~select(found.c.topic_id).where(found.c.topic_id == topic.c.id).exists(),
            )
        )
