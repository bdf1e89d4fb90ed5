"""Does every text use the words of the glossary, and how much is still to be rewritten?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "collector"

RETIRED = (
    "what was made of it",
    "no longer holds",
    "persons say",
    "last word holds",
    "down to below",
    "through the same line",
    "through the whole line",
    "taken back",
    "is owed",
    "are owed",
    "nobody about",
    "nobody listened",
    "trouble begins",
    "trouble over",
    "trouble:",
    "does not fit since",
    "by time alone",
    "room for at most",
    "the rest is kept",
    "told of",
    "told: ",
    "it was told as",
    "whom a watch names",
    "who is heard",
    "as far as is stored",
    "what else it may have done",
    "had it done something else",
    "how disturbed was it",
    "nothing is left to do",
    "blind at",
    "seeing again at",
    "valid, but nobody in it",
    "times in a row",
    "not asked any more",
    "took the verdict back",
    "as a person says",
    "it could not be had from",
    "wanted because",
    "nobody was heard",
    "before anybody listened",
    "how well we listen",
    "who is told",
    "whom to ask",
    "what is kept",
    "what was heard since",
    "went on hearing",
    "feed broke",
    "mail stays owed",
    "track owed",
    "the outbox's way out",
    "embedded defaults",
    "goes on where it was",
    "tries again at once",
    "mail is due at once",
    "mails are due at once",
    "grade: probable",
    "that it landed at one of them",
)
"""Phrases that a stranger had to decode; docs/glossary.md has the words to use instead. Compared
without regard to case."""

STORED = {("collector/reports/landing/summary.py", "taken back")}
"""Where a phrase must stay: older databases hold it, and it is translated when it is shown."""

OUTSIDE = re.compile(r"\b(?:FEEDS|LANDING|DESIGN|HOUSE|STYLE)\.md|§")
"""Pointers to surveys that users do not have; a public document's section may be named."""

PUBLIC = re.compile(r"RFC \d+|ICAO|WARC|ISO")

STEP = re.compile(r"\((?:step|steps) \d|\bSteps? \d")

VERBS = frozenset(
    """
    abandon accept acknowledge add advance aggregate allow answer append apply approve ask
    assemble attach back begin bind book break bring broadcast build call cap carry change check
    choose claim clamp classify clean clear clip close collect combine compare compile compose
    compute configure connect continue convert copy correct count cover create cut date decide
    decline decode delete deliver derive describe detect determine discard divide do download
    draw drop emit encode end enter escape estimate evaluate execute exit expand explain export
    express extend extract fail fetch fill filter find fit flush fold follow forget format fuse
    gather get give grade group guess hand handle hide hold identify ignore ingest insert
    interpolate invalidate iterate join judge keep label learn leave let list listen load locate
    lock log look lower make map mark match measure merge migrate move mute name narrate narrow
    normalise note notify offer open order owe pack pad pair parse pass pay pick place plan plot
    poll pool post prefer prepare print project prove prune pull put queue raise rank read
    reconcile record refuse register reject release remember remove rename render repeat replace
    reply report request require reset resolve restore resume retry return round run sample save
    say scale score search select send serve set settle share shorten show sift simulate skip
    sleep sort spend split spread start state stop store stretch strip subtract sum summarise
    suppress swap take tell test tidy train translate treat trim try turn turns undo unlock
    unpack update upgrade use validate verify visit wait wake warn weigh widen withdraw wrap
    write yield
    """.split()  # noqa: SIM905 - a list of strings would take a line a word
)


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def texts() -> Iterator[tuple[str, str]]:
    """Every text that a user may see, with where it stands."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "config").rglob("*.toml")]
    for page in [
        *pages,
        *PACKAGE.rglob("*.html"),
        *PACKAGE.rglob("*.txt"),
        *PACKAGE.rglob("*.toml"),
    ]:
        yield str(page.relative_to(ROOT)), page.read_text()
    for module in modules():
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{module.relative_to(ROOT)}:{node.lineno}", node.value


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions and methods that others call, but no property and no command: a property is a
    noun, and a command's docstring is its help."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_"]
    for body in (tree.body, *(node.body for node in classes)):
        for node in body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            decorators = " ".join(ast.unparse(each) for each in node.decorator_list)
            if not re.search(r"property|command|group|overload|validator|serializer", decorators):
                yield node


def to_do(module: Path) -> list[str]:
    """What of a module is not yet written by the rules of prose."""
    source = module.read_text()
    tree = ast.parse(source)
    found = []
    if any(OUTSIDE.search(line) and not PUBLIC.search(line) for line in source.splitlines()):
        found.append("points outside the repository")
    if STEP.search(source):
        found.append("counts steps")
    if not ast.get_docstring(tree) and source.strip():
        found.append("has no head")
    for function in public_functions(tree):
        docstring = ast.get_docstring(function)
        first = re.match(r"[A-Za-z]+", docstring or "")
        if docstring and (first is None or first[0].lower() not in VERBS):
            found.append(f"{function.name}: {docstring.splitlines()[0]}")
    return found


def test_no_text_uses_a_retired_phrase() -> None:
    lines = [(where, " ".join(text.lower().split())) for where, text in texts()]
    wrong = [
        f"{where}: {phrase}"
        for where, words in lines
        for phrase in RETIRED
        if phrase in words and (where.partition(":")[0], phrase) not in STORED
    ]
    assert wrong == []


def test_the_files_still_to_be_rewritten_are_counted_in_the_docs() -> None:
    """Also those that do not say at their head what they are for."""
    left = [str(module.relative_to(ROOT)) for module in modules() if to_do(module)]
    page = (ROOT / "docs" / "design.md").read_text()
    counted = re.search(r"still to be rewritten: (\d+) of them", " ".join(page.split()))
    assert counted is not None, "docs/design.md does not say how many files are left"
    assert int(counted[1]) == len(left), "\n".join(left)


def test_no_module_is_longer_than_300_lines() -> None:
    trees = (PACKAGE, ROOT / "bench", ROOT / "tests")
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text().splitlines())
        for tree in trees
        for file in tree.rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}
