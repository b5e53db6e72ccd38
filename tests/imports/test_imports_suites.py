"""The readers that ship with ccgcii keep what every reader promises."""

from __future__ import annotations

from pathlib import Path

from ccgcii.testing import ReaderSuite
from ccgcii_imports import GenericReader, Twarc1Reader

HERE = Path(__file__).parent


class TestGenericReader(ReaderSuite):
    reader = GenericReader()
    example = HERE / "example.csv"


class TestTwarc1Reader(ReaderSuite):
    reader = Twarc1Reader()
    example = HERE / "example.jsonl"
