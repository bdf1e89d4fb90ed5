"""Does gunzip give the same with either library, and never more than its bound?"""

from __future__ import annotations

import gzip
import resource
import zlib
from functools import cache
from types import ModuleType

import pytest

from collector.archives.traces import LARGEST_TRACE_BYTES
from collector.decode import gzipped
from collector.decode.gzipped import gunzip
from collector.errors import DecodeError
from collector.model.body import unpacked as body_unpacked
from tests.support.archive import trace

TRACE = trace(pad=100_000)


def unpacked(body: bytes) -> bytes:
    return gunzip(body, max_bytes=LARGEST_TRACE_BYTES)


@pytest.fixture(params=["installed", "standard"])
def _library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once with what is installed, once as where ISA-L has no wheel."""
    if request.param == "standard":
        library: ModuleType = zlib
        monkeypatch.setattr(gzipped, "fast_zlib", library)


pytestmark = pytest.mark.usefixtures("_library")


def test_isa_l_is_what_unpacks() -> None:
    assert gzipped.fast_zlib.__name__ in ("isal.isal_zlib", "zlib")


@pytest.mark.parametrize("level", [0, 1, 9])
@pytest.mark.parametrize("content", [TRACE, b"", b"x"], ids=len)
def test_what_was_packed_comes_out(content: bytes, level: int) -> None:
    assert unpacked(gzip.compress(content, level)) == content
    assert unpacked(content) == content, "plain stays as it is"


@pytest.mark.parametrize("behind", [b"\0", bytes(512), b"\xff" * 5, gzip.compress(b"y", mtime=0)])
def test_what_stands_behind_the_end_is_left_out(behind: bytes) -> None:
    assert unpacked(gzip.compress(TRACE) + behind) == TRACE


@pytest.mark.parametrize("cut", [1, 4, 5, 8, 9, 1000])
def test_a_cut_gzip_is_refused(cut: int) -> None:
    packed = gzip.compress(trace(pad=9), 0) if cut < 1000 else gzip.compress(TRACE, 0)
    with pytest.raises(DecodeError, match="the gzip is"):
        unpacked(packed[:-cut])


@pytest.mark.parametrize("flag", [0x20, 0x40, 0x80])
def test_a_flag_that_the_standard_reserves_is_refused(flag: int) -> None:
    """As it demands; ISA-L alone reads such a member."""
    packed = gzip.compress(TRACE)
    odd = packed[:3] + bytes([packed[3] | flag]) + packed[4:]
    with pytest.raises(DecodeError, match="the gzip is damaged"):
        unpacked(odd)
    for body in (odd, packed + odd, gzip.compress(odd)):
        with pytest.raises(ValueError, match="is damaged gzip"):
            body_unpacked(body, LARGEST_TRACE_BYTES, library=gzipped.fast_zlib)


def test_a_bit_that_fell_is_noticed() -> None:
    packed = bytearray(gzip.compress(TRACE, 0))
    packed[5000] ^= 1
    with pytest.raises(DecodeError, match="the gzip is damaged"):
        unpacked(bytes(packed))


@cache
def bomb() -> bytes:
    """256 MB of zeros in 1 MB."""
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    piece = bytes(1 << 20)
    return b"".join(packer.compress(piece) for _ in range(1 << 8)) + packer.flush()


@pytest.mark.parametrize("told_bytes", [0, 1000, 1 << 28, (1 << 32) - 1])
def test_a_bomb_is_refused_before_it_fills_the_memory(told_bytes: int) -> None:
    packed = bomb()[:-4] + told_bytes.to_bytes(4, "little")
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DecodeError, match="the gzip is"):
        unpacked(packed)
    grown_bytes = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb)
    assert grown_bytes < 3 * LARGEST_TRACE_BYTES
