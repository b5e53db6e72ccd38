"""The group of commands: help without importing them, suggestions for a mistyped one."""

from __future__ import annotations

from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ccgcii import __version__
from ccgcii.cli.invocation import Invocation
from ccgcii.errors import suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

# In the order of the story. The help stands here so that `ccgcii --help` imports no command.
COMMANDS = {
    "init": "Write a commented ccgcii.toml and an empty store.",
    "config": "Show the effective configuration, secrets hidden.",
    "plugins": "List plugins, what they bring and how they fare.",
    "crawl": "Fetch what the sources plan, resumably.",
    "probe": "Try one source live, into a store that is thrown away.",
    "record": "Crawl one source into a folder that its tests replay.",
    "sources": "Show how each source fares against its own history.",
    "import": "Take in exports and archives that you hold.",
    "clean": "Put everything new through the five layers.",
    "inspect": "Show what each cleaning step makes of one page or text.",
    "funnel": "Show what each layer and filter let through, with examples.",
    "sample": "Draw pieces that a layer dropped or kept, for a person to judge.",
    "agreement": "Say how well filters and persons agree, from a judged sample.",
    "indicators": "List the indicators with their definitions.",
    "score": "Measure, weigh and rank the cities, or any table.",
    "uncertainty": "Say how sure the ranks are, and what moves them.",
    "report": "Show the ranking, the funnel and the coverage.",
    "explain": "Show what makes a city's score, down to documents.",
    "findings": "Show what the documents say: growth, concentration, channels, topics.",
    "years": "Put the years side by side, by the weights and goalposts of one.",
    "compare": "Compare the ranking with any other.",
    "diagnose": "Show a city's strengths and weak spots against its peers.",
    "events": "List the events, or propose new ones from the data.",
    "audit": "Check a score against the ten steps of the OECD/JRC Handbook.",
    "refresh": "Ask again for what would have to be removed soon.",
    "purge": "Remove documents and everything derived from them, for good.",
}
MODULES = {"import": "import_"}
PLUGIN_COMMANDS = "ccgcii.commands"


class LazyGroup(click.Group):
    """A group that imports a command's module when it is called, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return our commands in the order of the story, then those of plugins."""
        return [*COMMANDS, *sorted(set(_plugin_commands()) - set(COMMANDS))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return a command."""
        if cmd_name in COMMANDS:
            module = import_module(f"ccgcii.cli.{MODULES.get(cmd_name, cmd_name)}")
            command: click.Command = module.command
            return command
        entry = _plugin_commands().get(cmd_name)
        if entry is None:
            return None
        loaded: click.Command = entry.load()
        return loaded

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            hint = suggest(args[0], self.list_commands(ctx))
            raise click.UsageError(f"no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        rows = [(name, COMMANDS.get(name, "(plugin)")) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _plugin_commands() -> dict[str, metadata.EntryPoint]:
    return {entry.name: entry for entry in metadata.entry_points(group=PLUGIN_COMMANDS)}


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ccgcii")
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    help="ccgcii.toml or its folder (default: the nearest one above).",
)
@click.option("--no-plugin", multiple=True, metavar="NAME", help="Leave a plugin out.")
@click.option(
    "--plugin",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Load a plugin from a single file.",
)
@click.pass_context
def cli(
    context: click.Context, config: Path | None, no_plugin: Sequence[str], files: Sequence[Path]
) -> None:
    """How far cities are heard in the world: crawl, clean, measure, score, report."""
    invocation = context.obj = Invocation(config, tuple(no_plugin), tuple(files))
    # `ccgcii plugins` shows them itself.
    if context.invoked_subcommand != "plugins":
        context.call_on_close(invocation.tell_broken_plugins)
