"""What does the collector show? `demo` replays a simulated season and opens the page on it."""

from __future__ import annotations

import os
import sys
import textwrap
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.output import progress, say, terminal_width

if TYPE_CHECKING:
    from collector import demo as simulated
    from collector.clock import Clock
    from collector.settings import Settings

DEFAULT_FOLDER = Path("collector-demo")


@click.command()
@click.argument(
    "folder", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[DIR]"
)
@click.option("--no-browser", is_flag=True, help="Only print the address of the page.")
@click.option("--no-page", is_flag=True, help="End without serving the page.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Port of the page (default: 8043, or any that is free).",
)
def demo(*, folder: Path | None, no_browser: bool, no_page: bool, port: int | None) -> None:
    """Show a simulated season: its landings, mails and page.

    Nine weeks at two invented airfields are recorded, replayed and mailed into DIR (default:
    collector-demo). No feed is asked, no mail is sent, and nothing of it happened. The page is
    served on the season as soon as its first week is over, until Ctrl-C. An earlier demo in DIR
    is replaced.
    """
    say("Nine weeks of invented flights are recorded, then replayed as if received.")
    from collector import demo as simulated
    from collector.cli import logs
    from collector.demo.places import PORT
    from collector.signals import when_asked_to_end
    from collector.web.server import free_port, page_meanwhile

    logs.configure("warning")
    if not port:
        port = PORT if no_page else free_port("127.0.0.1", PORT if port is None else 0)
    config = simulated.begin_folder(folder or DEFAULT_FOLDER, port)
    with ExitStack() as until_the_end:
        address = ""

        def open_page(settings: Settings, clock: Clock) -> None:
            nonlocal address
            if no_page:
                return
            address = until_the_end.enter_context(
                page_meanwhile(settings, "127.0.0.1", port, clock)
            )
            say(f"The page, with the weeks that are over: {address}")
            if not no_browser and _has_screen():
                import webbrowser

                webbrowser.open(address)

        with progress("nine weeks", simulated.steps_of(simulated.SEASON)) as step:
            done = simulated.simulate(config, progress=step, first_week_over=open_page)
        _tell(done, config)
        if address:
            click.echo(f"The demo is done. Its page: {address} (Ctrl-C stops it)")
            asked = threading.Event()
            when_asked_to_end(lambda _: asked.set())
            asked.wait()


def _tell(done: simulated.DemoResult, config: Path) -> None:
    """Print what was scripted, what was counted, and where everything lies."""
    from collector import demo as simulated

    pages = simulated.write_as_pages(done.mails)
    click.echo("SIMULATED: nothing of this happened. What was scripted, and what was counted:\n")
    for week, told, counted in done.weeks:
        line = f"  {week}  {told}: {counted}"
        click.echo(textwrap.fill(line, terminal_width() - 1, subsequent_indent=" " * 12))
    first, last, called = done.weeks[0][0], done.weeks[-1][0], _as_called()
    click.echo(
        f"\nIt was counted from a recording of {done.replies:,} replies. "
        f"The season's {len(pages)} mails, each as\n.eml and as .html, lie in\n\n"
        f"    {done.mails}\n\n"
        f"Commands work on the demo if they name the season's weeks, such as\n\n"
        f"    {called} --config {config} landings --all\n"
        f"    {called} --config {config} weeks \\\n"
        f"        --from {first} --to {last}\n"
    )


def _as_called() -> str:
    """Return what to type for this program: `make demo` installs it where no shell looks for it."""
    import shutil

    found, path = shutil.which("collector"), Path(sys.argv[0])
    elsewhere = found is None or Path(found).resolve() != path.resolve()
    return str(path) if path.name == "collector" and elsewhere else "collector"


def _has_screen() -> bool:
    """Return whether a browser would have a screen: a text browser would take the terminal."""
    return sys.platform == "darwin" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
