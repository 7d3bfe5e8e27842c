"""Between values and columns: times, digests, JSON."""

from array import array
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec.structs import replace

from feeds.dedupe.keys import Head
from feeds.model import Article, Decision, Grouped, Member, Poll, Source, SourceState

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FAR = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND

NO_WORDS = "\0"
PAYWALL = ',"paywall":true'  # in the JSON of an article; no string within holds that: its quotes are escaped

_encode = msgspec.json.Encoder().encode
_article = msgspec.json.Decoder(Article).decode
_state = msgspec.json.Decoder(SourceState).decode
_poll = msgspec.json.Decoder(Poll).decode
_source = msgspec.json.Decoder(Source).decode
_member = msgspec.json.Decoder(Member).decode
_decision = msgspec.json.Decoder(Decision).decode


class _Wording(msgspec.Struct):
    """What of an article is compared."""

    title: str
    text: str
    match_text: str


class _Titled(msgspec.Struct):
    """What of an article is said where others name it."""

    title: str
    summary: str = ""
    language: str | None = None


class Trace(msgspec.Struct):
    """What of an article tells that it once said something else; before `changed` was kept the revision alone does."""

    changed: int = 0
    revision: int = 0


load_trace = msgspec.json.Decoder(Trace).decode
_titled = msgspec.json.Decoder(_Titled).decode
_wording = msgspec.json.Decoder(_Wording).decode


def micros(moment: datetime) -> int:
    """A moment as µs since 1970."""
    return (moment - EPOCH) // MICROSECOND


def moment(value: int) -> datetime:
    """The moment of µs since 1970."""
    return EPOCH + timedelta(microseconds=value)


def maybe_micros(value: datetime | None) -> int | None:
    """The same, None for None."""
    return None if value is None else micros(value)


def maybe_moment(value: int | None) -> datetime | None:
    """The same, None for None."""
    return None if value is None else moment(value)


def hash64(text: str) -> int:
    """A signed 64-bit hash."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def pack(digests: Iterable[int]) -> bytes:
    """Digests as bytes, sorted: the same set, the same bytes."""
    return array("q", sorted(digests)).tobytes()


def unpack(data: bytes | None) -> frozenset[int]:
    """The digests in such bytes."""
    values = array("q")
    values.frombytes(data or b"")
    return frozenset(values)


def dump_article(article: Article, changed: datetime | None = None) -> str:
    """An article as JSON; a match text that is the text is left out: "" stands for it, and NUL for none at all.

    `changed`: when its source came to say something else of it, which only `load_trace` reads.
    """
    if changed is not None:
        return f'{{"changed":{micros(changed)},{dump_article(article)[1:]}'
    words = "" if article.match_text == article.text else article.match_text
    return _encode(replace(article, match_text=words if article.match_text else NO_WORDS)).decode()


def load_article(data: str, source: str) -> Article:
    """The article, under the name that its source has now."""
    article = _article(data)
    return replace(article, source=source, match_text=_words(article))


def load_wording(data: str) -> tuple[str, str]:
    """Title and match text of an article; a quarter of the time of loading all."""
    wording = _wording(data)
    return wording.title, _words(wording)


def load_title(data: str) -> tuple[str, str | None]:
    """Title (else the beginning of the summary) and language of an article."""
    titled = _titled(data)
    return titled.title or titled.summary[:100], titled.language


def _words(stored: Article | _Wording) -> str:
    return "" if stored.match_text == NO_WORDS else stored.match_text or stored.text


def dump_state(state: SourceState) -> str:
    """A source's state as JSON, without what has columns of its own."""
    return _encode(replace(state, url="", listed=frozenset(), next_poll=None)).decode()


def load_state(row: Any) -> SourceState:
    """The state in a row of `source`; its URL is "" where the configured one is in use."""
    return replace(
        _state(row.state),
        name=row.name,
        url=row.url or "",
        listed=unpack(row.listed),
        next_poll=maybe_moment(row.next_poll or None),
    )


def dump_source(source: Source) -> str:
    """A source's configuration as JSON, without its URL and headers: they may hold secrets."""
    return _encode(replace(source, url="", headers=(), drop=type(source.drop)())).decode()


def load_source(data: str) -> Source:
    """The source as it was last configured."""
    return _source(data)


def dump(value: Poll | Member | Grouped | Decision) -> str:
    """A poll, a member, why a story has an entry or a decision, as JSON."""
    return _encode(value).decode()


def load_poll(data: str, source: str) -> Poll:
    """The poll, under the name that its source has now."""
    return replace(_poll(data), source=source)


def load_member(row: Any) -> Member:
    """Why the article of a row is in its entry."""
    if row.evidence is None:
        return Member(article=row.uid, source=row.name, rule="first", joined=moment(row.first_seen))
    return replace(_member(row.evidence), article=row.uid, source=row.name)


def load_decision(data: str) -> Decision:
    """A decision."""
    return _decision(data)


def head(row: Any, evidence: str | None = None, *, paywall: bool = False) -> Head:
    """What matching needs of a row of `article` joined with `source`; with the evidence, also what it joined with."""
    return Head(
        row=row.id,
        id=row.uid,
        source=row.name,
        entry=row.entry_id,
        digest=row.digest,
        guid_key=row.guid_key,
        title_key=row.title_key,
        text_key=row.text_key,
        url_key=row.url_key,
        words=row.words,
        first_seen=moment(row.first_seen),
        dropped=row.dropped is not None,
        joined_with=_member(evidence).text_key if evidence else None,
        paywall=paywall,
    )


def hash_bytes(data: bytes) -> int:
    """A signed 64-bit hash of a body."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)
