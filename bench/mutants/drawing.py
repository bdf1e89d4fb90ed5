"""Which small mistakes can be made in a module? Each is one changed place of its syntax tree.

What is changed: a comparison, a sum or product, `and` and `or`, `not`, a condition, a number, a
true or false, a text, an argument that is left out, a statement that is left out, what is returned,
`min` and `max`, `any` and `all`. Only what stands within a function is changed, since only that is
put into the running module (`bench/mutants/killing.py`), and no docstring, annotation or message of
an error. What can change nothing is not drawn either: a condition turned round twice, a False that
is returned as None, False instead of 0, an argument None that is left out, `strict` of a `zip`, the
type of a `cast`.
"""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}

_SHOWN_BESIDE = 40
"""Characters of a changed place that are shown on either side of what changed."""

Change = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong version of a module."""

    path: Path
    function: str
    """The innermost function with the change, as its code is named (`Class.method`)."""
    line: int
    was: str
    """The changed place as it was, in one line; if that is long, what is near the change."""
    now: str
    index: int
    """Which node of the module is changed, in the order of `ast.walk`."""
    number: int
    """Which of the changes that are possible there."""

    @property
    def tree(self) -> ast.Module:
        """The whole module with the change. Of thousands of mutants none is kept so."""
        wrong = _parsed(self.path)
        node = next(islice(ast.walk(wrong), self.index, None))
        list(_changes(node))[self.number](node)
        return ast.fix_missing_locations(wrong)


def drawn(paths: Sequence[Path], count: int, seed: int) -> list[Mutant]:
    """Return so many mutants of these modules, all if there are fewer, drawn by lot."""
    trees = {path: _parsed(path) for path in paths}
    places = [
        (path, index, number, node, functions[id(node)])
        for path, tree in trees.items()
        for functions in [_functions(tree)]
        for index, node in enumerate(ast.walk(tree))
        if id(node) in functions
        for number, _ in enumerate(_changes(node))
    ]
    lot = random.Random(seed)
    mutants = [_mutant(*place) for place in lot.sample(places, min(count, len(places)))]
    return sorted(mutants, key=lambda each: (each.path, each.line, each.index, each.number))


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _mutant(path: Path, index: int, number: int, node: ast.AST, function: str) -> Mutant:
    wrong = copy.deepcopy(node)
    list(_changes(wrong))[number](wrong)
    was, now = _near_the_change(_one_line(node), _one_line(wrong))
    return Mutant(path, function, _line(node), was, now, index, number)


def _one_line(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def _near_the_change(was: str, now: str) -> tuple[str, str]:
    """Return both without most of the begin and the end that they have in common."""
    begin = _alike(was, now)
    end = _alike(was[begin:][::-1], now[begin:][::-1])
    left = "…" if begin > _SHOWN_BESIDE else ""
    right = "…" if end > _SHOWN_BESIDE else ""
    first = max(0, begin - _SHOWN_BESIDE)
    cut = max(0, end - _SHOWN_BESIDE)
    return (
        f"{left}{was[first : len(was) - cut]}{right}",
        f"{left}{now[first : len(now) - cut]}{right}",
    )


def _alike(a: str, b: str) -> int:
    """Return how many characters both begin with."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((place for place, (x, y) in pairs if x != y), min(len(a), len(b)))


def _line(node: ast.AST) -> int:
    """Return the line where a node begins; a comprehension begins with its target."""
    return int(getattr(getattr(node, "target", node), "lineno", 0))


def _functions(tree: ast.Module) -> dict[int, str]:
    """Return the function of each node that can be changed, by its identity."""
    found: dict[int, str] = {}

    def look(node: ast.AST, name: str, function: str) -> None:
        if isinstance(node, ast.ClassDef):
            name = f"{name}{node.name}."
        if isinstance(node, ast.FunctionDef):
            function = f"{name}{node.name}"
            found[id(node)] = function
            for each in node.body:
                found.update(dict.fromkeys(map(id, _within(each)), function))
            name = f"{function}.<locals>."
        for child in ast.iter_child_nodes(node):
            look(child, name, function)

    look(tree, "", "")
    return found


def _within(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Raise) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ):
        return
    yield node
    cast = isinstance(node, ast.Call) and _one_line(node.func) == "cast"
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "format_spec"}:
            continue
        several = value if isinstance(value, list) else [value]
        for each in several[1:] if cast and name == "args" else several:
            if isinstance(each, ast.AST) and not _checks_alone(each):
                yield from _within(each)


def _checks_alone(node: ast.AST) -> bool:
    """Whether an argument only makes sure of what must be so."""
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _changes(node: ast.AST) -> Iterator[Change]:
    """The ways in which this place can be wrong. Each changes the node that it is given."""
    yield from _left_out(node)
    yield from _operated(node)
    yield from _stated(node)
    match node:
        case ast.Return(value=ast.AST() as value) if not _is_falsely(value):
            yield lambda wrong: setattr(wrong, "value", ast.Constant(None))
        case ast.If() | ast.IfExp() | ast.While() if not _turned_round_itself(node.test):
            yield lambda wrong: setattr(wrong, "test", ast.UnaryOp(ast.Not(), wrong.test))
        case ast.comprehension(ifs=conditions):
            for place, _ in enumerate(conditions):
                yield partial(_drop, "ifs", place)
        case ast.Call(keywords=keywords):
            for place, keyword in enumerate(keywords):
                if not _is_none(keyword.value) and not _checks_alone(keyword):
                    yield partial(_drop, "keywords", place)


def _operated(node: ast.AST) -> Iterator[Change]:
    """The ways in which an operator can be another."""
    match node:
        case ast.Compare(ops=operators):
            for place, operator in enumerate(operators):
                for other in _COMPARED[type(operator)]:
                    yield partial(_put, "ops", place, other())
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in _CALCULATED:
            yield lambda wrong: setattr(wrong, "op", _CALCULATED[type(wrong.op)]())
        case ast.BoolOp(op=operator, values=values):
            yield lambda wrong: setattr(
                wrong, "op", ast.Or() if isinstance(wrong.op, ast.And) else ast.And()
            )
            for place, value in enumerate(values):
                if not _is_falsely(value) and not _is_zero(value):
                    yield partial(_put, "values", place, _neutral(operator))
        case ast.UnaryOp(op=ast.Not()):
            yield lambda wrong: setattr(wrong, "operand", ast.UnaryOp(ast.Not(), wrong.operand))
        case ast.UnaryOp(op=ast.USub()):
            yield lambda wrong: setattr(wrong, "op", ast.UAdd())


def _stated(node: ast.AST) -> Iterator[Change]:
    """The ways in which a value or a name can be another."""
    match node:
        case ast.Constant(value=bool()):
            yield lambda wrong: setattr(wrong, "value", not wrong.value)
        case ast.Constant(value=int() | float()):
            yield lambda wrong: setattr(wrong, "value", wrong.value + 1)
        case ast.Constant(value=str(text)) if text:
            yield lambda wrong: setattr(wrong, "value", f"{wrong.value}?")
        case ast.Name(id=name) if name in _NAMES:
            yield lambda wrong: setattr(wrong, "id", _NAMES[wrong.id])


def _left_out(node: ast.AST) -> Iterator[Change]:
    """The ways in which one statement of a block can be missing without an error."""
    for block in ("body", "orelse"):
        statements = getattr(node, block, None)
        for place, each in enumerate(statements if isinstance(statements, list) else ()):
            calls = isinstance(each, ast.Expr) and isinstance(each.value, ast.Call)
            if calls or isinstance(each, ast.AugAssign | ast.Break | ast.Continue):
                yield partial(_put, block, place, ast.Pass())


def _put(field: str, place: int, value: ast.AST, wrong: Any) -> None:
    getattr(wrong, field)[place] = value


def _drop(field: str, place: int, wrong: Any) -> None:
    del getattr(wrong, field)[place]


def _neutral(operator: ast.boolop) -> ast.Constant:
    """What changes nothing beside the other values of an `and` or an `or`."""
    return ast.Constant(isinstance(operator, ast.And))


def _turned_round_itself(condition: ast.expr) -> bool:
    """Whether turning a condition round is another change of it already."""
    match condition:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[_]):
            return True
    return False


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_zero(node: ast.AST) -> bool:
    """Whether it is a number with which False can be added as well."""
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not node.value


def _is_falsely(node: ast.AST) -> bool:
    """Whether it is None or False: the one for the other changes no decision."""
    return isinstance(node, ast.Constant) and (node.value is None or node.value is False)
