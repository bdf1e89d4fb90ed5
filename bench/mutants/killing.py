"""Which mutants do the tests notice? The tests are collected once, and each mutant gets a fork.

In the fork the functions of the module are given the wrong code, wherever they were imported to,
and the tests run until the first that fails. A mutant that takes ten times as long as the tests
without one has been noticed as well: it would hang.
"""

from __future__ import annotations

import importlib
import os
import resource
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from .drawing import Mutant

ROOT = Path(__file__).resolve().parents[2]
_SLOWER = 10.0
_LEAST_S = 10.0


class Killing:
    """A plugin of pytest that runs the collected tests once for each mutant."""

    def __init__(self, mutants: Sequence[Mutant]) -> None:
        self.mutants = mutants
        self.survived: list[Mutant] = []
        self.timed_out = 0
        self.cpu_s = 0.0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests without a mutant, which must pass, then with each."""
        begun = time.process_time()
        assert _passes(session), "the tests fail without a mutant"
        limit_s = max(_LEAST_S, _SLOWER * (time.process_time() - begun))
        for mutant in self.mutants:
            status = self._tried(session, mutant, limit_s)
            if status == 0:
                self.survived.append(mutant)
            self.timed_out += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu_s = used.ru_utime + used.ru_stime
        return True

    def _tried(self, session: pytest.Session, mutant: Mutant, limit_s: float) -> int:
        wrong = compile(mutant.tree, str(mutant.path), "exec")
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                seconds = int(limit_s) + 1
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
                put_in(wrong, mutant.path)
                code = 0 if _passes(session) else 1
            finally:
                os._exit(code)
        return os.waitpid(pid, 0)[1]


def _passes(session: pytest.Session) -> bool:
    """Whether every test passes. Nothing is reported: of a mutant only that is wanted."""
    for item, after in zip(session.items, [*session.items[1:], None], strict=True):
        reports = runtestprotocol(item, log=False, nextitem=after)
        if any(report.failed for report in reports):
            return False
    return True


def put_in(wrong: CodeType, path: Path) -> None:
    """Give the functions of the module at `path`, which runs, the code that `wrong` has."""
    name = ".".join(path.resolve().relative_to(ROOT).with_suffix("").parts)
    module = importlib.import_module(name.removesuffix(".__init__"))
    codes = {each.co_qualname: each for each in _codes(wrong)}
    for function in _functions(module, module.__name__):
        if (found := codes.get(function.__qualname__)) is not None:
            function.__code__ = found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _functions(holder: Any, module: str) -> Iterator[FunctionType]:
    """Every function that stands in the module or in one of its classes."""
    for value in vars(holder).values():
        if isinstance(value, type) and value.__module__ == module and value is not holder:
            yield from _functions(value, module)
        yield from (each for each in _unwrapped(value) if each.__module__ == module)


def _unwrapped(value: Any) -> Iterator[FunctionType]:
    if isinstance(value, FunctionType):
        yield value
    for name in _WRAPPING:
        if (inner := getattr(value, name, None)) is not None:
            yield from _unwrapped(inner)


_WRAPPING = ("__wrapped__", "fget", "func")
"""Where a decorated function is found: caches, class methods, properties, cached properties."""


def tested(mutants: Sequence[Mutant], tests: Sequence[str]) -> Killing:
    """Run the tests for each mutant. Raises ValueError if pytest could not run them."""
    plugin = Killing(mutants)
    words = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", *tests]
    code = pytest.main(words, plugins=[plugin])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise ValueError(f"pytest ended with {code!r}")
    return plugin
