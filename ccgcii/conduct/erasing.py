"""Erasing rows: captures with all that was derived from them, and their traces elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import text

from ccgcii.conduct.traces import PURGED, Traces

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# Where addresses and handles are written besides the rows of a document.
_PLACES = {
    "request": ("url", "payload", "error"),
    "slice": ("key", "payload", "error"),
    "run": ("arguments", "summary"),
    "drop": ("reason",),
}
_KEYS = {"drop": "capture_id"}
# A handle may be any word; a run's own log is no place where handles are written.
_NO_HANDLES = frozenset({"run", "drop"})


def mark_doomed(connection: Connection, captures: tuple[int, ...]) -> None:
    """Write the captures to be purged into the temporary table `doomed`."""
    connection.execute(text("CREATE TEMP TABLE doomed (id INTEGER PRIMARY KEY)"))
    if captures:
        connection.execute(text("INSERT INTO doomed VALUES (:id)"), [{"id": n} for n in captures])


def erase_rows(connection: Connection) -> None:
    """Delete what is doomed; rows of a capture's and a document's own tables cascade."""
    _lead_stories_anew(connection)
    connection.execute(
        text(
            "CREATE TEMP TABLE leaving AS SELECT DISTINCT d.account_id AS id FROM document d "
            "JOIN doomed ON doomed.id = d.capture_id WHERE d.account_id IS NOT NULL"
        )
    )
    connection.execute(
        text(
            "DELETE FROM sighting WHERE (slice_id, record) IN "
            "(SELECT c.slice_id, CAST(json_extract(r.payload, '$.id') AS TEXT) FROM capture c "
            "JOIN doomed USING (id) JOIN capture_record r ON r.capture_id = c.id)"
        )
    )
    # The fingerprint (a hash) stays, so that the same crawl does not fetch the page again.
    connection.execute(
        text(
            "UPDATE request SET url = :gone, payload = '{}', error = NULL, state = 'done' "
            "WHERE id IN (SELECT c.request_id FROM capture c JOIN doomed USING (id) "
            "WHERE c.kind = 'page')"
        ),
        {"gone": PURGED},
    )
    connection.execute(text("DELETE FROM capture WHERE id IN (SELECT id FROM doomed)"))
    _erase_accounts(connection)
    connection.execute(text("DROP TABLE leaving"))


def erase_traces(connection: Connection, traces: Traces, sources: tuple[str, ...]) -> int:
    """Replace the traces that other rows hold; return how many rows were changed or deleted."""
    ours = set(
        connection.execute(
            text(
                "SELECT id FROM source WHERE name IN (SELECT value FROM json_each(:names))"
            ).bindparams(names=json.dumps(sources))
        ).scalars()
    )
    only_urls = Traces(traces.urls, (), None)
    _forget_readings(connection, ours)
    changed = _erase_rejected(connection, traces)
    for table, columns in _PLACES.items():
        plain = table in _NO_HANDLES
        changed += _erase_in(connection, table, columns, only_urls if plain else traces, ours)
    return changed


def mark_scores(connection: Connection, run_id: int) -> int:
    """Note in earlier score runs that they count what this run purged; return how many."""
    return connection.execute(
        text(
            "UPDATE run SET summary = json_set(summary, '$.before_purge', :purge) "
            "WHERE kind = 'score' AND id < :purge"
        ),
        {"purge": run_id},
    ).rowcount


def _lead_stories_anew(connection: Connection) -> None:
    """Let the first document that stays lead a story whose leader goes."""
    rows = connection.execute(
        text(
            "SELECT d.story_id AS old, min(d.id) AS new FROM document d "
            "WHERE d.story_id IN (SELECT l.id FROM document l JOIN doomed "
            "ON doomed.id = l.capture_id) "
            "AND d.capture_id NOT IN (SELECT id FROM doomed) GROUP BY d.story_id"
        )
    ).all()
    for row in rows:
        connection.execute(
            text("UPDATE document SET story_id = :new WHERE story_id = :old"),
            {"new": row.new, "old": row.old},
        )


def _erase_accounts(connection: Connection) -> None:
    """Delete the accounts that no document is left of."""
    if not connection.execute(text("SELECT count(*) FROM leaving")).scalar_one():
        return
    # Deleting an account looks for documents of it: without an index, at each of them.
    connection.execute(text("CREATE INDEX purge_account ON document (account_id)"))
    connection.execute(
        text(
            "DELETE FROM account WHERE id IN (SELECT id FROM leaving) "
            "AND NOT EXISTS (SELECT 1 FROM document d WHERE d.account_id = account.id)"
        )
    )
    connection.execute(text("DROP INDEX purge_account"))


def _forget_readings(connection: Connection, sources: set[int]) -> None:
    """Let the next crawl read the listings of these sources whole, whether they changed or not.

    "Not modified" means that all a listing names is here already, and that is no longer so.
    """
    connection.execute(
        text(
            "UPDATE poll SET etag = NULL, last_modified = NULL, body = NULL, due_at = 0 "
            "WHERE request_id IN (SELECT id FROM request WHERE source_id IN "
            "(SELECT value FROM json_each(:sources)))"
        ),
        {"sources": json.dumps(sorted(sources))},
    )


def _erase_rejected(connection: Connection, traces: Traces) -> int:
    """Delete rejected rows that hold a trace: they are a piece's own words."""
    rows = connection.execute(text("SELECT id, raw, reason FROM rejected_row")).all()
    gone = [{"id": row.id} for row in rows if traces.found_in(f"{row.raw}\n{row.reason}")]
    if gone:
        connection.execute(text("DELETE FROM rejected_row WHERE id = :id"), gone)
    return len(gone)


def _erase_in(
    connection: Connection, table: str, columns: tuple[str, ...], traces: Traces, ours: set[int]
) -> int:
    key = _KEYS.get(table, "id")
    has_source = table in ("request", "slice")
    source = "source_id" if has_source else "NULL"
    query = f'SELECT {key}, {source}, {", ".join(columns)} FROM "{table}"'  # noqa: S608 - names of ours
    changes: list[dict[str, object]] = []
    for number, owner, *said in connection.execute(text(query)):
        if owner is not None and owner not in ours:
            continue
        now = [None if each is None else traces.replaced(each) for each in said]
        if now != said:
            changes.append(_change(table, number, dict(zip(columns, now, strict=True)), said[0]))
    if changes:
        sets = ", ".join(f"{column} = :{column}" for column in columns)
        ends = ", state = 'done'" if has_source else ""
        update = f'UPDATE "{table}" SET {sets}{ends} WHERE {key} = :row'  # noqa: S608 - names of ours
        connection.execute(text(update), changes)
    return len(changes)


def _change(
    table: str, number: int, now: dict[str, str | None], first: str | None
) -> dict[str, object]:
    if table == "slice" and now["key"] != first:
        # Keys are unique within a source.
        now["key"] = f"{now['key']}#{number}"
    return {"row": number, **now}
