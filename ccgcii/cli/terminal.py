"""The terminal: what is printed on it is text, whatever files and servers have put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console

from ccgcii.reporting.texts import printable

if TYPE_CHECKING:
    from rich.text import Text


class PlainConsole(Console):
    """A console that prints a blank for each character that would command a terminal.

    Rich leaves escape sequences inside texts as they are; colours come from its own styles only.
    """

    def render_str(self, text: str, **options: Any) -> Text:
        """Turn a plain text into what is printed."""
        return super().render_str(printable(text, keep="\n\t"), **options)
