"""`staza demo`: one page with the published judgments beside the courts' answers, and the stories day by day."""

import argparse
import sys
from pathlib import Path

from staza.cli.demo_page.cases import Answered, Judgment, answered, read_judgments
from staza.cli.demo_page.telling import tell
from staza.cli.demo_page.writing import page
from staza.cli.pages import write_page
from staza.lawbook.bundle import Bundle
from staza.lawbook.cache import load_bundle
from staza.lawbook.files import EXAMPLES, law_folder
from staza.lawbook.stories import stories


def demo(words: list[str]) -> int:
    """`staza demo [--out FILE]`: the path of the page on stdout, progress on stderr."""
    parser = argparse.ArgumentParser(prog="staza demo", description="Judge the published judgments, write one page.")
    parser.add_argument("--out", type=Path, default=Path("build/demo.html"), metavar="FILE", help="where to write")
    options = parser.parse_args(words)
    judgments = read_judgments(law_folder() / EXAMPLES / "judgments")
    bundle = load_bundle()
    cases = [_answered(judgment, bundle, n, len(judgments)) for n, judgment in enumerate(judgments, 1)]
    told = [tell(story, bundle) for story in stories(law_folder())]
    write_page(options.out, page(cases, bundle, told))
    print(options.out)
    return 0


def _answered(judgment: Judgment, bundle: Bundle, n: int, total: int) -> Answered:
    print(f"staza: {n} of {total}, {judgment.content['id']}", file=sys.stderr)
    return answered(judgment, bundle, f"x{n:03d}")
