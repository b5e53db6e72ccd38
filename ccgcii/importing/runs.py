"""An import from beginning to end: files found, read one after the other, counted."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ccgcii.documents import CHANNELS
from ccgcii.errors import CcgciiError, ConfigError, ImportFileError, suggest
from ccgcii.importing.choosing import choose_reader, named_reader, takes, with_options
from ccgcii.importing.dates import is_pattern
from ccgcii.importing.files import plain_suffix
from ccgcii.importing.storing import store_records, store_rejected
from ccgcii.importing.summaries import FileSummary, ImportSummary
from ccgcii.importing.tables import head_of, open_table
from ccgcii.readers import BadRow, ExplainingReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ccgcii.documents import Record
    from ccgcii.readers import Reader
    from ccgcii.workspace import Workspace

    Progress = Callable[[Path, int, int], None]

CHUNK = 5_000
SHOWN = 3
CHUNK_CHARACTERS = 32 * 1024 * 1024
TEXTS = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".json")
SUFFIXES = (*TEXTS, ".parquet", ".pq", ".xlsx", ".xlsm")
OPEN_IN_OFFICE = "~$"  # a file of these first letters only says that another one is being edited


def import_files(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    format: str | None = None,  # noqa: A002 - the word of the command
    mapping: Path | None = None,
    channel: str | None = None,
    source: str | None = None,
    timezone: str | None = None,
    date_format: str | None = None,
    progress: Progress | None = None,
) -> ImportSummary:
    """Import files and folders; a file that cannot be read is told of and the rest goes on.

    `timezone` is that of moments that name none, `date_format` as `strptime` takes it. `progress`
    is called with a path, bytes read and bytes in all. Raises `ConfigError` for a channel or a time
    zone, `ImportFileError` for a format or mapping that does not exist.
    """
    if channel is not None and channel not in CHANNELS:
        raise ConfigError(f"--channel {channel}: no such channel{suggest(channel, CHANNELS)}")
    if mapping is not None and not mapping.is_file():
        raise ImportFileError(f"{mapping}: no such mapping file; docs/import.md shows one")
    if timezone is not None:
        _check_timezone(timezone)
    if date_format is not None and not is_pattern(date_format):
        raise ConfigError(
            f"--date-format {date_format}: no pattern as strptime takes it; write it like %d/%m/%Y"
        )
    # Before the run begins: a folder without files leaves none that never ends.
    files = expand(paths)
    readers = workspace.plugins.readers()
    options = {
        "mapping": mapping,
        "channel": channel,
        "timezone": timezone,
        "date_format": date_format,
    }
    wanted = {name: value for name, value in options.items() if value is not None}
    choice = _Choice(readers, format, wanted, source)
    arguments = {"files": [str(path) for path in paths], "format": format, "source": source}
    run_id = workspace.start_run("import", arguments | {k: str(v) for k, v in wanted.items()})
    importer = _Importer(workspace, run_id, choice, progress or (lambda *_: None))
    try:
        summary = importer.run(files)
    except BaseException:
        workspace.finish_run(run_id, "failed")
        raise
    problems = workspace.finish_run(run_id, summary.state, summary.to_json())
    return replace(summary, problems=tuple(problems))


def _check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigError(f"--timezone {name}: no such zone; write it like Asia/Shanghai") from None


@dataclass(slots=True)
class _Choice:
    """Which readers come into question, and what was asked of them."""

    readers: Mapping[str, Reader]
    format: str | None
    options: Mapping[str, object]
    source: str | None

    def __post_init__(self) -> None:
        if self.format is not None:
            self.readers = {self.format: named_reader(self.format, self.readers)}
        if "mapping" in self.options:
            able = {
                name: reader for name, reader in self.readers.items() if takes(reader, "mapping")
            }
            if not able:
                raise ImportFileError(f"format {self.format!r} takes no mapping: leave one out")
            self.readers = able


@dataclass(slots=True)
class _Importer:
    workspace: Workspace
    run_id: int
    choice: _Choice
    progress: Progress
    done: list[FileSummary] = field(default_factory=list)

    def run(self, files: Sequence[Path]) -> ImportSummary:
        try:
            for path in files:
                self._import(path)
        except KeyboardInterrupt:
            return ImportSummary(tuple(self.done), interrupted=True)
        return ImportSummary(tuple(self.done))

    def _import(self, path: Path) -> None:
        count = _Count(path, self.run_id)
        try:
            self._read(path, count)
        except CcgciiError as error:
            count.error = str(error)
        finally:
            self.done.append(count.summary())

    def _read(self, path: Path, count: _Count) -> None:
        table = open_table(path)
        if self.choice.format is not None:
            reader = self.choice.readers[self.choice.format]
        else:
            reader = choose_reader(head_of(table), self.choice.readers)
        count.format, count.layout = reader.name, table.layout
        count.source = self.choice.source or reader.name
        reader = with_options(reader, {**self.choice.options, "watch": self._watch(path)})
        if "channel" in self.choice.options and not takes(reader, "channel"):
            count.notes.append(f"{reader.name} files say their channel: --channel is not used")
        for option in ("timezone", "date_format"):
            if option in self.choice.options and not takes(reader, option):
                said = option.replace("_", "-")
                count.notes.append(f"{reader.name} files say their dates: --{said} is not used")
        if isinstance(reader, ExplainingReader):
            count.notes.append(reader.explain(path))
        for chunk in _chunks(self._rows(reader, path)):
            count.store(self.workspace, chunk)

    def _rows(self, reader: Reader, path: Path) -> Iterator[Record | BadRow]:
        try:
            yield from reader.read(path)
        except CcgciiError:
            raise
        except Exception as error:
            raise ImportFileError(
                f"{path}: format {reader.name!r} failed ({type(error).__name__}: {error}); "
                "what was read before is kept"
            ) from error

    def _watch(self, path: Path) -> Callable[[int], None]:
        size = path.stat().st_size
        read = 0

        def watch(count: int) -> None:
            nonlocal read
            read = min(read + count, size)
            self.progress(path, read, size)

        return watch


@dataclass(slots=True)
class _Count:
    """What is known of a file while it is read."""

    path: Path
    run_id: int
    format: str = ""
    layout: str = ""
    source: str = ""
    rows: int = 0
    new: int = 0
    refused: int = 0
    undated: int = 0
    error: str = ""
    notes: list[str] = field(default_factory=list)
    first_refused: list[tuple[int, str]] = field(default_factory=list)
    started: float = field(default_factory=time.perf_counter)

    def store(self, workspace: Workspace, chunk: Sequence[Record | BadRow]) -> None:
        records: list[Record] = []
        refused: list[BadRow] = []
        for row in chunk:
            if isinstance(row, BadRow):
                refused.append(row)
            else:
                records.append(row)
        if records:
            self.new += store_records(workspace.engine, records, self.source, self.run_id)
        if refused:
            file = str(self.path.resolve())
            store_rejected(workspace.engine, refused, file, self.run_id)
        self.rows += len(chunk)
        self.refused += len(refused)
        shown = refused[: SHOWN - len(self.first_refused)]
        self.first_refused += [(row.line, row.reason) for row in shown]
        self.undated += sum(record.published_at is None for record in records)

    def summary(self) -> FileSummary:
        known = self.rows - self.new - self.refused
        kept = self.rows - self.refused
        if kept and self.undated == kept:
            self.notes.append("no date was read: map published_at, or give [dates] format")
        return FileSummary(
            str(self.path),
            format=self.format,
            layout=self.layout,
            source=self.source,
            rows=self.rows,
            new=self.new,
            known=known,
            refused=self.refused,
            undated=self.undated,
            seconds=round(time.perf_counter() - self.started, 3),
            error=self.error,
            notes=tuple(self.notes),
            first_refused=tuple(self.first_refused),
        )


def expand(paths: Sequence[Path]) -> list[Path]:
    """Return the files meant: folders give what is in them with a known suffix, sorted."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(
                file
                for file in path.rglob("*")
                if file.is_file()
                and plain_suffix(file) in SUFFIXES
                and not file.name.startswith(OPEN_IN_OFFICE)
            )
            if not found:
                raise ImportFileError(f"{path}: no file in it ends in {', '.join(SUFFIXES)}")
            files += found
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def _chunks(rows: Iterator[Record | BadRow]) -> Iterator[list[Record | BadRow]]:
    """Cut rows into chunks by number and by length, so that long articles fit in memory.

    Where reading breaks off, what was read before is given out first.
    """
    chunk: list[Record | BadRow] = []
    size = 0
    try:
        for row in rows:
            chunk.append(row)
            size += len(row.raw if isinstance(row, BadRow) else row.text)
            if len(chunk) >= CHUNK or size >= CHUNK_CHARACTERS:
                yield chunk
                chunk, size = [], 0
    except ImportFileError:
        yield chunk
        raise
    if chunk:
        yield chunk
