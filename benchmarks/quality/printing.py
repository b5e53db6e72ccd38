"""Figures as one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.quality.scoring import Quality, Share


def lines(measured: Mapping[str, Mapping[str, Quality]]) -> Iterator[str]:
    """Write precision, recall and F1 with their intervals, a system and group a line."""
    for system, groups in measured.items():
        for group, value in groups.items():
            shares = "  ".join(map(_text, (value.precision, value.recall, value.f1)))
            yield f"{system:26} {group:28} {value.items:5}  P R F1  {shares}"


def _text(share: Share) -> str:
    return f"{share.value:.3f} ({share.low:.2f}-{share.high:.2f})"
