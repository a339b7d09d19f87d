"""The command `sipwhy formats`."""

import click

from analyzer.analysis import DONE


@click.command(short_help="List everything that can be read.")
def formats() -> int:
    """List the capture formats, compressions, link layers, tunnels and transports that are read,
    and the numbers that announce them.
    """
    from analyzer.readable import lines  # noqa: PLC0415 - not needed by other commands

    for line in lines():
        click.echo(line)
    return DONE
