"""Content codings (RFC 9110, section 8.4.1) and packed files, undone within bounds.

Our own, because urllib3's decoders give the first part of a gzip stream that was cut off as if it were whole,
copy the rest of the body once for every gzip member, and let a zstd frame ask for a window of any size.
"""

import sys
import zlib
from collections.abc import Callable
from threading import Lock

from feeds.fetch.bounds import Cut, size
from feeds.model import Outcome

ACCEPTED = "gzip, deflate, br, zstd"
STAGES = 3  # codings over each other; one is usual
MEMBERS = 256  # gzip members or zstd frames one after the other; each costs a copy of the rest
ZSTD_WINDOW_LOG = 23  # 8 MiB: RFC 9659, section 3
BROTLI_PIECE = 1 << 16  # in one piece it takes four times the limit, and gives little of that back
GZIP = b"\x1f\x8b\x08"  # RFC 1952, section 2.3.1: magic number, and the one method there is
NONE = frozenset({"", "identity", "none", "binary", "utf-8"})  # the last three: seen in the wild, mean nothing
_ALONE = Lock()  # decoding takes several times the limit, and there may be as many bombs as workers


def decode(body: bytes, codings: str, limit: int) -> bytes:
    """The body without the codings that a Content-Encoding header names; raises Cut."""
    names = [name for name in (word.strip().lower() for word in codings.split(",")) if name not in NONE]
    if len(names) > STAGES:
        raise Cut(Outcome.BAD_RESPONSE, f"encoded its answer {len(names)} times over; at most {STAGES} are undone")
    for name in reversed(names):
        if body:
            body = _stage(name, body, limit)
    if len(body) > limit:
        raise _too_large(limit)
    return body


def unpacked(body: bytes, limit: int) -> bytes:
    """The file in a body that is a gzip file itself, as sitemaps are kept (".xml.gz"); raises Cut."""
    return _stage("gzip", body, limit) if body[:3] == GZIP else body


def _stage(name: str, body: bytes, limit: int) -> bytes:
    undo = _DECODERS.get(name)
    if undo is None:
        raise Cut(Outcome.BAD_RESPONSE, f"encoded its answer as {name[:20]!r}; {ACCEPTED} are understood")
    try:
        with _ALONE:
            decoded = undo(body, limit + 1)
    except _BrokenError as error:
        raise Cut(Outcome.BAD_RESPONSE, f"sent an answer that cannot be decoded as {name}: {error}") from error
    if len(decoded) > limit:
        raise _too_large(limit)
    return decoded


def _too_large(limit: int) -> Cut:
    return Cut(Outcome.TOO_LARGE, f"sent an answer of more than {size(limit)} when decoded")


class _BrokenError(Exception):
    pass


def _gzip(body: bytes, most: int) -> bytes:
    decoded, rest = bytearray(), body
    for _ in range(MEMBERS):
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            decoded += member.decompress(rest, most - len(decoded))
        except zlib.error as error:
            raise _BrokenError(str(error)) from error
        if len(decoded) >= most:
            return bytes(decoded)
        if not member.eof:
            raise _BrokenError("it ends too early")
        rest = member.unused_data
        if rest[:2] != b"\x1f\x8b":  # nothing more, or padding, which RFC 1952 readers pass over
            return bytes(decoded)
    raise _BrokenError(f"it has more than {MEMBERS} members")


def _deflate(body: bytes, most: int) -> bytes:
    """With the zlib wrapper of RFC 1950 or, as many servers send it, without."""
    try:
        return _inflate(body, most, zlib.MAX_WBITS)
    except zlib.error:
        try:
            return _inflate(body, most, -zlib.MAX_WBITS)
        except zlib.error as error:
            raise _BrokenError(str(error)) from error


def _inflate(body: bytes, most: int, bits: int) -> bytes:
    stream = zlib.decompressobj(bits)
    decoded = stream.decompress(body, most)
    if len(decoded) < most and not stream.eof:
        raise _BrokenError("it ends too early")
    return decoded


def _brotli(body: bytes, most: int) -> bytes:
    import brotli  # type: ignore[import-untyped]

    stream, decoded = brotli.Decompressor(), bytearray()
    try:
        decoded += stream.process(body, output_buffer_limit=BROTLI_PIECE)
        while len(decoded) < most and not stream.can_accept_more_data():
            decoded += stream.process(b"", output_buffer_limit=BROTLI_PIECE)
    except brotli.error as error:
        raise _BrokenError(str(error)) from error
    if len(decoded) < most and not stream.is_finished():
        raise _BrokenError("it ends too early")
    return bytes(decoded)


def _zstd(body: bytes, most: int) -> bytes:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    decoded, rest = bytearray(), body
    for _ in range(MEMBERS):
        frame = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG})
        try:
            decoded += frame.decompress(rest, max_length=most - len(decoded))
        except zstd.ZstdError as error:
            raise _BrokenError(str(error)) from error
        if len(decoded) >= most:
            return bytes(decoded)
        if not frame.eof:
            raise _BrokenError("it ends too early")
        rest = frame.unused_data
        if not rest:
            return bytes(decoded)
    raise _BrokenError(f"it has more than {MEMBERS} frames")


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
