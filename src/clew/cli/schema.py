"""``clew schema``."""

import json
from importlib import resources
from pathlib import Path

import click

from clew.cli import exits
from clew.cli.options import quiet_option
from clew.cli.results import output_option, write_result

# The files of `clew.report.schemas`; that of the settings is made from the table that checks them.
_FILES = {"report": "report-1.json", "audit": "audit-1.json"}


@click.command("schema")
@click.argument("kind", type=click.Choice(["settings", *_FILES]))
@output_option
@quiet_option
def command(kind: str, output: Path | None, quiet: bool) -> int:
    """Print the JSON schema of clew.toml (settings), or of what `--format json` writes.

    An editor completes clew.toml with it: write it to clew.schema.json, and begin clew.toml with the line
    `#:schema ./clew.schema.json`.
    """
    write_result(_schema(kind).encode("utf-8"), output, quiet)
    return exits.CLEAN


def _schema(kind: str) -> str:
    if kind == "settings":
        from clew.config.json_schema import settings_schema

        return json.dumps(settings_schema(), indent=2) + "\n"
    return resources.files("clew.report").joinpath("schemas", _FILES[kind]).read_text(encoding="utf-8")
