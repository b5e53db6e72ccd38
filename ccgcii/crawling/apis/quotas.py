"""The buckets of an API: what is used is in the store, what is in flight is reserved here."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import case, select
from sqlalchemy.dialects import postgresql, sqlite

from ccgcii.errors import SourceError, suggest
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.engine import Connection

    from ccgcii.crawling.apis.values import Quota

QUOTAS = table_of(tables.Quota)


class QuotaBook:
    """The buckets of one source; without buckets nothing ever has to wait."""

    def __init__(self, source_id: int, quotas: Iterable[Quota]) -> None:
        self._source_id = source_id
        self._quotas = {quota.bucket: quota for quota in quotas}
        self._used: Counter[tuple[str, str]] = Counter()
        self._reserved: Counter[str] = Counter()

    def open(self, connection: Connection) -> None:
        """Read what is used."""
        rows = connection.execute(select(QUOTAS).where(QUOTAS.c.source_id == self._source_id))
        self._used = Counter({(row.bucket, row.day): row.used for row in rows})

    def wait(self, spends: Mapping[str, int], now: float) -> float | None:
        """Return until when a request has to wait for its buckets, None if it may be sent."""
        room_at = (
            self._room_at(self._quota(bucket), units, now) for bucket, units in spends.items()
        )
        return max((moment for moment in room_at if moment > now), default=None)

    def is_set_aside(self, spends: Mapping[str, int], now: float) -> bool:
        """Say whether there is room, but for what requests in flight may not use up after all."""
        quotas = [(self._quota(bucket), units) for bucket, units in spends.items()]
        return self.wait(spends, now) is not None and all(
            self._fits(quota, units, now) for quota, units in quotas
        )

    def used(self, bucket: str, now: float) -> int:
        """Return how much of a bucket is used, over all days that share its limit."""
        return sum(self._used[bucket, day] for day in self._quota(bucket).window(now))

    def reserve(self, spends: Mapping[str, int]) -> None:
        """Set aside what a request spends, until it is settled."""
        self._reserved.update(spends)

    def release(self, spends: Mapping[str, int]) -> None:
        """Give back what was set aside."""
        self._reserved.subtract(spends)

    def spend(self, connection: Connection, spends: Mapping[str, int], now: float) -> None:
        """Write what was used."""
        for bucket, units in spends.items():
            quota = self._quota(bucket)
            day = quota.day(now)
            self._used[bucket, day] += units
            self._write(connection, quota, day)

    def empty(
        self, connection: Connection, buckets: Iterable[str], until: float, now: float
    ) -> None:
        """Write that the API calls these buckets empty, those that fill again by `until`."""
        for bucket in buckets:
            quota = self._quota(bucket)
            # A limit of many days does not fill because one request has to wait a night.
            if quota.span == 1 and until >= quota.resets_at(now):
                day = quota.day(now)
                self._used[bucket, day] = max(self._used[bucket, day], quota.limit)
                self._write(connection, quota, day)

    def _room_at(self, quota: Quota, units: int, now: float) -> float:
        """Return when so many units are free: `now`, or the first day that lets enough use go.

        A day of a rolling limit begins with what the days before it have used, so the next
        midnight may free nothing. More than the whole limit is tried when all of it is free.
        """
        moment = now
        for _ in range(quota.span):
            if self._fits(quota, units, moment, self._reserved[quota.bucket]):
                return moment
            moment = quota.resets_at(moment)
        return moment

    def _fits(self, quota: Quota, units: int, moment: float, reserved: int = 0) -> bool:
        spent = self.used(quota.bucket, moment) + reserved
        return spent + min(units, quota.limit) <= quota.limit

    def _quota(self, bucket: str) -> Quota:
        if bucket not in self._quotas:
            raise SourceError(
                f"a request spends of a bucket {bucket!r} that quotas() does not give"
                f"{suggest(bucket, self._quotas)}"
            )
        return self._quotas[bucket]

    def _write(self, connection: Connection, quota: Quota, day: str) -> None:
        kind = postgresql if connection.dialect.name == "postgresql" else sqlite
        row = {
            "source_id": self._source_id,
            "bucket": quota.bucket,
            "day": day,
            "used": self._used[quota.bucket, day],
            "limit": quota.limit,
            "span": quota.span,
        }
        insert = kind.insert(QUOTAS).values(row)
        new = insert.excluded
        # What is used never falls: two crawls of one day may not undo each other's counting.
        most = case((new.used > QUOTAS.c.used, new.used), else_=QUOTAS.c.used)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=["source_id", "bucket", "day"],
                set_={"used": most, "limit": new.limit, "span": new.span},
            )
        )
