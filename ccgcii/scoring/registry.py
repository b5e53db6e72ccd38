"""The methods at hand when the caller brings none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccgcii.methods import Method


def installed_methods() -> Mapping[tuple[str, str], Method]:
    """Return the methods of all installed plugins by (kind, name)."""
    # Late, so that a caller who brings methods never searches for plugins.
    from ccgcii.plugins import Plugins  # noqa: PLC0415

    return Plugins.load().methods()
