"""Content codings."""

import gzip
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.fetch.bounds import Cut
from feeds.fetch.coding import decode, unpacked
from feeds.model import Outcome


def _raw_deflate(data):
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()


ENCODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZip": gzip.compress,
    "deflate": zlib.compress,
    " deflate ": _raw_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
    "identity": bytes,
    "": bytes,
    "UTF-8": bytes,
    "identity, gzip": gzip.compress,
}


@settings(max_examples=25)
@given(st.binary(max_size=5000))
@pytest.mark.parametrize("codings", ENCODERS)
def test_what_was_encoded_is_decoded(codings, body):
    assert decode(ENCODERS[codings](body), codings, 5000) == body


@pytest.mark.parametrize("codings", ENCODERS)
def test_the_limit_itself_is_allowed(codings):
    assert len(decode(ENCODERS[codings](b"x" * 5000), codings, 5000)) == 5000


@pytest.mark.parametrize("codings", ENCODERS)
def test_one_byte_more_is_not(codings):
    with pytest.raises(Cut) as caught:
        decode(ENCODERS[codings](b"x" * 5001), codings, 5000)
    assert caught.value.kind is Outcome.TOO_LARGE


@settings(max_examples=25)
@given(st.integers(1, 60))
@pytest.mark.parametrize("codings", ["gzip", "deflate", " deflate ", "br", "zstd"])
def test_a_stream_that_was_cut_off_is_never_a_body(codings, missing):
    encoded = ENCODERS[codings](b"".join(b"news %d " % n for n in range(500)))
    with pytest.raises(Cut) as caught:
        decode(encoded[:-missing], codings, 100_000)
    assert caught.value.kind is Outcome.BAD_RESPONSE


@settings(max_examples=25)
@given(st.binary(min_size=1, max_size=300))
@pytest.mark.parametrize("codings", ["gzip", "deflate", "br", "zstd", "gzip, zstd"])
def test_noise_is_decoded_or_refused(codings, noise):
    try:
        assert isinstance(decode(noise, codings, 1000), bytes)
    except Cut as cut:
        assert cut.kind in (Outcome.BAD_RESPONSE, Outcome.TOO_LARGE)


@pytest.mark.parametrize("codings", ENCODERS)
def test_no_body_is_no_body_in_any_coding(codings):
    assert decode(b"", codings, 10) == b""


def test_members_of_a_gzip_stream_belong_together():
    assert decode(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", 100) == b"one two"


def test_frames_of_a_zstd_stream_belong_together():
    assert decode(zstd.compress(b"one ") + zstd.compress(b"two"), "zstd", 100) == b"one two"


def test_padding_after_a_gzip_stream_is_passed_over():
    assert decode(gzip.compress(b"news") + bytes(200), "gzip", 100) == b"news"


def test_a_checksum_that_is_wrong_is_noticed():
    encoded = bytearray(gzip.compress(b"news"))
    encoded[-5] ^= 1
    with pytest.raises(Cut):
        decode(bytes(encoded), "gzip", 100)


@pytest.mark.parametrize("body", [b"news", b"", b"\x1f\x8b", b"PK\x03\x04"])
def test_what_is_no_gzip_file_stays_as_it_is(body):
    assert unpacked(body, 100) == body


def test_a_gzip_file_is_unpacked():
    assert unpacked(gzip.compress(b"news"), 100) == b"news"


def test_a_gzip_file_is_unpacked_within_bounds():
    with pytest.raises(Cut) as caught:
        unpacked(gzip.compress(bytes(1_000_000)), 100_000)
    assert caught.value.kind is Outcome.TOO_LARGE


def test_a_gzip_file_that_was_cut_off_is_refused():
    with pytest.raises(Cut):
        unpacked(gzip.compress(b"news" * 100)[:-9], 10_000)
