"""Which mutants do the tests notice? The tests are collected once, and each mutant gets a fork.

In the fork the functions of the module are given the wrong code, wherever they were imported to,
and of the tests those run that call the changed function, until the first that fails: the one that
noticed the last mutant of that function first, then the fastest. What was cached is forgotten
before, and a property that found a counterexample is not asked for a smaller one. A mutant with
which a test takes ten times as long as without has been noticed as well: it would hang.
"""

from __future__ import annotations

import gc
import importlib
import math
import os
import resource
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FrameType, FunctionType, MappingProxyType
from typing import Any, cast

import pytest
from _pytest.runner import runtestprotocol

from .drawing import Mutant

ROOT = Path(__file__).resolve().parents[2]
_SLOWER = 10.0
_LEAST_S = 3.0
"""Seconds of processor time that each test may take at least, and how many times what it took."""
_MOST_MEMORY = 4 << 30
"""Bytes of address space. A loop without an end must not take the machine's."""

_PASSED, _NOTICED, _NOT_PUT_IN = 0, 1, 3


class Killing:
    """A plugin of pytest that runs the collected tests once for each mutant."""

    def __init__(self, mutants: Sequence[Mutant], longest_s: float) -> None:
        self.mutants = mutants
        self.longest_s = longest_s
        self.survived: list[Mutant] = []
        self.uncalled: set[str] = set()
        """The functions with a mutant that no test calls."""
        self.timed_out = 0
        self.cpu_s = 0.0
        self._caches: list[_lru_cache_wrapper[Any]] = []
        self._took_s: dict[pytest.Item, float] = {}
        self._callers: dict[tuple[str, str], list[tuple[float, int]]] = defaultdict(list)
        """Seconds and place of each test that calls a function, by file and name."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Let properties try the same examples each time, and none smaller than one that fails."""
        from hypothesis import Phase, settings  # pytest wants to be the first to import it

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings.get_profile("ci"), phases=phases)
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run each test without a mutant, which must pass, then those concerned with each."""
        self._caches = _caches()
        for place, item in enumerate(session.items):
            self._watched(place, item)
        self._caches = _caches()
        for mutant in self.mutants:
            key = (str(mutant.path.resolve()), mutant.function)
            places = [place for _, place in sorted(self._callers[key])]
            if not places:
                self.uncalled.add(f"{mutant.path}: {mutant.function}")
            ended = self._tried([session.items[place] for place in places], mutant)
            if ended is None:
                self.survived.append(mutant)
                line = f"{mutant.path}:{mutant.line}: {mutant.was}  →  {mutant.now}"
                session.config.get_terminal_writer().line(line, flush=True)
            elif 0 <= ended < len(places):
                callers = self._callers[key]
                callers[:] = [
                    (-1.0 if place == places[ended] else s, place) for s, place in callers
                ]
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = resource.getrusage(resource.RUSAGE_SELF)
        self.cpu_s = used.ru_utime + used.ru_stime + own.ru_utime + own.ru_stime
        return True

    def _watched(self, place: int, item: pytest.Item) -> None:
        """Run a test by itself, and note which functions with a mutant it calls."""
        wanted = {(str(each.path.resolve()), each.function) for each in self.mutants}
        called: set[CodeType] = set()

        def note(frame: FrameType, event: str, _: object) -> None:
            if event == "call":
                called.add(frame.f_code)

        self._forget_cached()
        begun = time.process_time()
        assert _first_failed([item]) is None, f"{item.nodeid} fails without a mutant"
        self._took_s[item] = took_s = time.process_time() - begun
        if took_s > self.longest_s:
            return
        self._forget_cached()
        threading.setprofile(note)
        sys.setprofile(note)
        try:
            _first_failed([item])
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
        for key in {(each.co_filename, each.co_qualname) for each in called} & wanted:
            self._callers[key].append((took_s, place))

    def _tried(self, items: Sequence[pytest.Item], mutant: Mutant) -> int | None:
        """Return which of the tests noticed the mutant, −1 if it did not end by itself; None if
        every one passes."""
        wrong = compile(mutant.tree, str(mutant.path.resolve()), "exec")
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = _NOT_PUT_IN
            try:
                resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
                put_in(wrong, mutant.path)
                self._forget_cached()
                code = _NOTICED
                noticed = _first_failed(items, self._took_s)
                code = _PASSED if noticed is None else _NOTICED
                os.write(writer, str(noticed).encode())
            finally:
                os._exit(code)
        os.close(writer)
        status = os.waitpid(pid, 0)[1]
        with os.fdopen(reader, "rb") as pipe:
            told = pipe.read()
        if os.WIFSIGNALED(status):
            self.timed_out += os.WTERMSIG(status) == signal.SIGXCPU
        elif os.WEXITSTATUS(status) == _NOT_PUT_IN:
            raise ValueError(f"cannot be put in: {mutant.path}:{mutant.line}: {mutant.now}")
        elif os.WEXITSTATUS(status) == _PASSED:
            return None
        return int(told) if told.isdigit() else -1

    def _forget_cached(self) -> None:
        """Empty the caches of our own functions: what they hold was found without the mutant."""
        for each in self._caches:
            each.cache_clear()


def _first_failed(
    items: Sequence[pytest.Item], took_s: Mapping[pytest.Item, float] = MappingProxyType({})
) -> int | None:
    """Return the place of the first test that fails; None if every one passes. Nothing is reported:
    of a mutant only that is wanted. Every test begins with fixtures of its own, but for those of
    the whole session, such as an empty database. A test that is known to have taken some time is
    ended with this process once it takes much longer."""
    for place, item in enumerate(items):
        if item in took_s:
            limit_s = time.process_time() + max(_LEAST_S, _SLOWER * took_s[item])
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit_s), resource.RLIM_INFINITY))
        rest = cast("pytest.Item", _SessionAlone(item.session))
        reports = runtestprotocol(item, log=False, nextitem=rest)
        if any(report.failed for report in reports):
            return place
    return None


class _SessionAlone:
    """What pytest is told to run next, so that it takes down all but the session."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[pytest.Session]:
        """Return what stays set up."""
        return [self.session]


def _caches() -> list[_lru_cache_wrapper[Any]]:
    """Return the caches of our own functions and of the tests'."""
    cached = [each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper)]
    return [each for each in cached if each.__module__.startswith(("collector.", "tests."))]


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


def tested(mutants: Sequence[Mutant], tests: Sequence[str], longest_s: float) -> Killing:
    """Run the tests for each mutant, but for those that take longer than so many seconds. Raises
    ValueError if pytest could not run them."""
    plugin = Killing(mutants, longest_s)
    unused = [
        word for name in ("cacheprovider", "randomly", "xdist") for word in ("-p", f"no:{name}")
    ]
    words = ["-q", "--assert=plain", "--tb=native", *unused, *tests]
    code = pytest.main(words, plugins=[plugin])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise ValueError(f"pytest ended with {code!r}")
    return plugin
