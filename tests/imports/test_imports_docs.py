"""docs/import.md names every format, and shows what the script prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ccgcii_imports import ccgcii_sources

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")


def test_every_format_is_in_the_docs_with_what_to_beware_of() -> None:
    for reader in ccgcii_sources():
        assert f"| `{reader.name}` |" in PAGE


def test_the_table_of_the_docs_is_what_the_script_prints() -> None:
    script = [sys.executable, str(ROOT / "examples" / "exports_table.py")]
    run = subprocess.run(script, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout in PAGE
