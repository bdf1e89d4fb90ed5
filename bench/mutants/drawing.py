"""Which small mistakes can be made in a module? Each is one changed place of its syntax tree.

What is changed: a comparison, a sum or product, `and` and `or`, `not`, a condition, a number, a
true or false, a text, an argument that is left out, a statement that is left out, what is returned,
`min` and `max`, `any` and `all`. Only what stands within a function is changed, since only that is
put into the running module (`bench/mutants/killing.py`), and no docstring, annotation or message of
an error.
"""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
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

Change = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong version of a module."""

    path: Path
    line: int
    was: str
    """The changed place as it was, in one line."""
    now: str
    tree: ast.Module


def drawn(paths: Sequence[Path], count: int, seed: int) -> list[Mutant]:
    """Return so many mutants of these modules, all if there are fewer, drawn by lot."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    places = [
        (path, index, number)
        for path, tree in trees.items()
        for index, node in enumerate(ast.walk(tree))
        if index in _changeable(tree)
        for number, _ in enumerate(_changes(node))
    ]
    lot = random.Random(seed)
    chosen = sorted(lot.sample(places, min(count, len(places))))
    return [_mutant(path, trees[path], index, number) for path, index, number in chosen]


def _mutant(path: Path, tree: ast.Module, index: int, number: int) -> Mutant:
    wrong = copy.deepcopy(tree)
    node = list(ast.walk(wrong))[index]
    was = _one_line(node)
    list(_changes(node))[number](node)
    now = _one_line(node)
    return Mutant(path, getattr(node, "lineno", 0), was, now, ast.fix_missing_locations(wrong))


def _one_line(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:160]


def _changeable(tree: ast.Module) -> frozenset[int]:
    """The places, in the order of `ast.walk`, of the statements and expressions of functions."""
    wanted: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            wanted.add(id(node))
            for statement in node.body:
                wanted |= {id(each) for each in _within(statement)}
    return frozenset(index for index, node in enumerate(ast.walk(tree)) if id(node) in wanted)


def _within(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Raise) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "format_spec"}:
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield from _within(each)


def _changes(node: ast.AST) -> Iterator[Change]:
    """The ways in which this place can be wrong. Each changes the node that it is given."""
    yield from _left_out(node)
    yield from _operated(node)
    yield from _stated(node)
    match node:
        case ast.Return(value=ast.AST() as value) if not _is_none(value):
            yield lambda wrong: setattr(wrong, "value", ast.Constant(None))
        case ast.If() | ast.IfExp() | ast.While():
            yield lambda wrong: setattr(wrong, "test", ast.UnaryOp(ast.Not(), wrong.test))
        case ast.comprehension(ifs=conditions):
            for place, _ in enumerate(conditions):
                yield partial(_drop, "ifs", place)
        case ast.Call(keywords=keywords):
            for place, _ in enumerate(keywords):
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
            for place, _ in enumerate(values):
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


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
