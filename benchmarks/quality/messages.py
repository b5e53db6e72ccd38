"""Spam in short messages of others, whose contacts and words nobody of us has chosen.

    python -m benchmarks.quality.messages FOLDER

FOLDER (default: CCGCII_MESSAGES) holds one or both, neither of them ours to ship:

- `SMSSpamCollection`: 5,574 in English, spam or ham (Almeida, Gómez Hidalgo and Yamakami 2011)
- `FBS_SMS_Dataset`: 14,000 in Chinese, of false base stations, by kind (Zhang et al., CCS 2020).
  Words are parted there, marks taken out, contacts, names and numbers replaced. The words are put
  together again and invented contacts put in, or no text would say how to answer it.

The half whose text's SHA-1 begins below 80 was looked at when words were chosen; the other was only
counted. Senders repeat themselves, so a held message may have a sibling that was read.
"""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks.quality.printing import lines
from benchmarks.quality.scoring import quality
from benchmarks.quality.spam import FETCHED, NONE, SPAM, dropped_by
from ccgcii import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.quality.scoring import Quality

VARIABLE = "CCGCII_MESSAGES"
_WORDS = ("free", "http", "www", "免费", "优惠", "微信", "点击")
# What stands there for what was taken out, and what is put back; longer names first.
_CONTACTS = {
    "CELLPHONE": "13800138000",
    "HOTLINE": "400-800-8888",
    "PHONE": "0571-88888888",
    "WECHAT": "abc12345",
    "QQ": "QQ12345678",
    "URL": "wap.ab12.com ",
    "BANK": "6222021202012345678",
    "DIGIT": "5",
    "PLACE": "杭州",
    "NAME": "",
}
_PARTED = re.compile(r"(?<=[\u2e80-\uffff]) | (?=[\u2e80-\uffff])")


@dataclass(frozen=True, slots=True)
class Message:
    """A message, the name of its set, whether it is spam, and whether its half was looked at."""

    text: str
    kind: str
    spam: bool

    @property
    def opened(self) -> bool:
        """Whether what goes wrong on it was read."""
        return sha1(self.text.encode()).digest()[0] < 128


def measure(folder: Path) -> dict[str, dict[str, Quality]]:
    """Return the quality by set and half; where all is spam, precision says nothing."""
    messages = list(read_messages(folder))
    ours = [SPAM if dropped_by(_post(message.text)) else NONE for message in messages]
    plain = [SPAM if _plainly_spam(message.text) else NONE for message in messages]
    return {"ccgcii": _groups(messages, ours), "plain keywords": _groups(messages, plain)}


def read_messages(folder: Path) -> Iterator[Message]:
    """Read every set that is there, each different text once."""
    seen = set[str]()
    for message in (*_english(folder / "SMSSpamCollection"), *_chinese(folder / "FBS_SMS_Dataset")):
        if message.text not in seen:
            seen.add(message.text)
            yield message


def folder_given() -> Path | None:
    """Return the folder that the environment names."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def _english(file: Path) -> Iterator[Message]:
    if file.is_file():
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            label, text = line.split("\t", 1)
            yield Message(text, "English, UCI", label == "spam")


def _chinese(folder: Path) -> Iterator[Message]:
    for file in sorted(folder.glob("*[!d]")) if folder.is_dir() else []:
        # "Other" is no spam for sure, and politics is what this project is to keep.
        if file.name in ("Other", "IL:Political_propaganda") or not file.is_file():
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            text = _PARTED.sub("", line.strip())
            for name, contact in _CONTACTS.items():
                text = text.replace(name, contact)
            if text:
                yield Message(text, f"Chinese, {file.name.split(':')[0]}", spam=True)


def _groups(messages: list[Message], found: list[frozenset[str]]) -> dict[str, Quality]:
    pairs = list(zip(messages, found, strict=True))
    groups: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
    for message, said in sorted(pairs, key=lambda pair: (pair[0].opened, pair[0].kind)):
        half = "half looked at" if message.opened else "held half"
        truth = SPAM if message.spam else NONE
        groups.setdefault(f"{message.kind}, {half}", []).append((said, truth))
    return {name: quality(group) for name, group in groups.items()}


def _plainly_spam(text: str) -> bool:
    said = text.lower()
    return any(word in said for word in _WORDS)


def _post(text: str) -> Document:
    return Document("quality", "x", "", FETCHED, text=text)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Spam in short messages of others.")
    parser.add_argument("folder", type=Path, nargs="?", default=folder_given())
    options = parser.parse_args()
    if options.folder is None:
        parser.error(f"name the folder, or set {VARIABLE}")
    for line in lines(measure(options.folder)):
        Console(width=140, highlight=False).print(line)


if __name__ == "__main__":
    main()
