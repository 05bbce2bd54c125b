"""The command `staza`: reads words, calls one thing, prints the answer.

Results go to stdout, messages to stderr. Exit 0: done; 1: done and something does not hold; 2: bad input or usage.
"""

import atexit
import gc
import sys
from collections.abc import Callable

from staza.lawbook.errors import StazaError

COMMANDS = {
    "judge": ("staza.cli.judging", "judge", "evaluate judgment files and print the findings"),
    "evaluate": ("staza.cli.judging", "evaluate", "evaluate logs and print the whole state"),
    "explain": ("staza.cli.explaining", "explain", "say the state of a log for a lawyer"),
    "law": ("staza.cli.law", "law", "check the law, show a rule with its sources"),
    "demo": ("staza.cli.demo", "demo", "judge the published judgments and write one page"),
    "bench": ("staza.cli.bench", "bench", "measure the speed"),
}


def main(words: list[str] | None = None) -> int:
    """Run one command and give its exit status."""
    words = sys.argv[1:] if words is None else words
    if not words or words[0] in ("-h", "--help"):
        print(usage())
        return 0 if words else 2
    if words[0] == "--version":
        from staza import __version__

        print(__version__)
        return 0
    if words[0] not in COMMANDS:
        print(f"staza: `{words[0]}` is no command.\n\n{usage()}", file=sys.stderr)
        return 2
    gc.set_threshold(50_000, 20, 20)  # a command makes many small objects and no cycles, and soon ends
    atexit.register(gc.freeze)  # the last look for cycles would go through all of it
    module, name, _ = COMMANDS[words[0]]
    command: Callable[[list[str]], int] = getattr(__import__(module, fromlist=[name]), name)
    try:
        return command(words[1:])
    except StazaError as fault:
        print(f"staza: {fault}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


def usage() -> str:
    """Give the list of commands."""
    lines = [f"  {name:<10} {about}" for name, (_, _, about) in COMMANDS.items()]
    return "usage: staza COMMAND …\n\n" + "\n".join(lines) + "\n\n`staza COMMAND --help` says more."
