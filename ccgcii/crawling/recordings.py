"""A recording: the answers that a source once got, in a folder that people can read and mend.

`recording.json` names the source, its options, the window, the cities, and for each answer its
address, status and file; the files hold the bodies as they are once decompressed. `expected.json`
holds what the source made of them, to be read once by a person and compared ever after.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ccgcii.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

INDEX, EXPECTED = "recording.json", "expected.json"
SUFFIXES = {"json": ".json", "html": ".html", "xml": ".xml", "rss": ".xml", "plain": ".txt"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer; `headers` are the few that matter, `file` holds the body."""

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    file: str


@dataclass(slots=True)
class Recording:
    """The answers in a folder, by method and address; a later answer takes an earlier one's place.

    `since` and `until` are ISO days, `cities` keys, empty for all.
    """

    folder: Path
    source: str
    since: str
    until: str
    cities: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path) -> Recording:
        """Read a recording; raises `SourceError` naming the file and how to make one."""
        path = folder / INDEX
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            exchanges = [Exchange(**one) for one in told.pop("exchanges")]
            found = cls(folder, **told)
        except FileNotFoundError:
            raise SourceError(
                f"{path}: no such file; `ccgcii record SOURCE {folder}` makes one"
            ) from None
        except (ValueError, TypeError, KeyError) as error:
            raise SourceError(f"{path}: not a recording ({error}); record it again") from error
        found.exchanges = {_key(one.method, one.url): one for one in exchanges}
        return found

    def add(
        self, method: str, url: str, status: int, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Write an answer."""
        key = _key(method, url)
        known = self.exchanges.get(key)
        kind = headers.get("Content-Type", "")
        suffix = next((end for word, end in SUFFIXES.items() if word in kind), ".bin")
        file = known.file if known else f"{len(self.exchanges) + 1:03}{suffix}"
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / file).write_bytes(body)
        self.exchanges[key] = Exchange(method, url, status, dict(headers), file)
        self.write()

    def find(self, method: str, url: str) -> tuple[Exchange, bytes] | None:
        """Return an answer and its body, None if it is not recorded: then it is `missing`."""
        found = self.exchanges.get(_key(method, url))
        if found is None:
            self.missing.append(_key(method, url))
            return None
        return found, (self.folder / found.file).read_bytes()

    def write(self) -> None:
        """Write the index."""
        told = {
            "source": self.source,
            "since": self.since,
            "until": self.until,
            "cities": self.cities,
            "options": self.options,
            "exchanges": [asdict(one) for one in self.exchanges.values()],
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(told, indent=2, ensure_ascii=False)
        (self.folder / INDEX).write_text(text + "\n", encoding="utf-8")

    @property
    def expected(self) -> list[dict[str, Any]]:
        """What the source made of the answers when they were recorded."""
        path = self.folder / EXPECTED
        if not path.exists():
            raise SourceError(f"{path}: no such file; `ccgcii record` writes it, read it once")
        pieces: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return pieces

    def expect(self, pieces: list[dict[str, Any]]) -> None:
        """Write what the source made of the answers."""
        text = json.dumps(pieces, indent=2, ensure_ascii=False)
        (self.folder / EXPECTED).write_text(text + "\n", encoding="utf-8")


def _key(method: str, url: str) -> str:
    return f"{method} {url}"
