from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import schedule
from feeds.model import Hop, Outcome, ParsedFeed, Poll, Response, Source, SourceState
from tests.values import replace

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)  # a Wednesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DEFAULT = timedelta(minutes=30)
URL = "https://feeds.example.org/world.xml"
STATE = SourceState(name="wire", url=URL)
SOURCE = Source(name="wire", url=URL)


def answer(headers=None, status=200, hops=()):
    return Response(
        url=URL, status=status, headers=headers or {}, body=b"", fetched_at=NOW, elapsed=timedelta(0), hops=hops
    )


def polled(
    outcome=Outcome.FRESH, headers=None, *, status=200, state=STATE, source=SOURCE, now=NOW, hops=(), **more
) -> SourceState:
    poll = Poll(source="wire", at=now, outcome=outcome, status=status, error=more.pop("error", None))
    return schedule.plan(state, source, poll, now=now, default=DEFAULT, response=answer(headers, status, hops), **more)


def wait(state, now=NOW):
    return state.next_poll - now


def about(expected, *, later):
    """Bounds of a wait with its 5 % of jitter."""
    return (expected, expected * 1.05) if later else (expected * 0.95, expected)


# ---------------------------------------------------------------- how long until the next poll

WAITS = {
    "nothing said": ({}, about(DEFAULT, later=False)),
    "max-age": ({"cache-control": "public, max-age=7200"}, about(2 * HOUR, later=True)),
    "max-age in quotes": ({"cache-control": 'max-age="7200"'}, about(2 * HOUR, later=True)),
    "upper case": ({"cache-control": "Max-Age=7200"}, about(2 * HOUR, later=True)),
    "max-age less age": ({"cache-control": "max-age=7200", "age": "3600"}, about(HOUR, later=True)),
    "older than fresh": ({"cache-control": "max-age=7200", "age": "9999"}, about(DEFAULT, later=False)),
    "age is garbage": ({"cache-control": "max-age=7200", "age": "old"}, about(2 * HOUR, later=True)),
    "s-maxage is for proxies": ({"cache-control": "s-maxage=7200"}, about(DEFAULT, later=False)),
    "shorter than the interval": ({"cache-control": "max-age=60"}, about(DEFAULT, later=False)),
    "just the interval": ({"cache-control": "max-age=1800"}, about(DEFAULT, later=True)),
    "just under the interval": ({"cache-control": "max-age=1790"}, about(DEFAULT, later=True)),
    "a year": ({"cache-control": "max-age=31536000"}, about(DAY, later=True)),
    "more digits than a number has": ({"cache-control": "max-age=" + "9" * 80}, about(DAY, later=True)),
    "no-cache": ({"cache-control": "no-cache, max-age=7200"}, about(DEFAULT, later=False)),
    "no-store": ({"cache-control": "max-age=7200, no-store"}, about(DEFAULT, later=False)),
    "max-age 0 beats expires": (
        {"cache-control": "max-age=0", "expires": format_datetime(NOW + HOUR, usegmt=True)},
        about(DEFAULT, later=False),
    ),
    "expires": ({"expires": format_datetime(NOW + 3 * HOUR, usegmt=True)}, about(3 * HOUR, later=True)),
    "expires by the server's clock": (
        {
            "expires": format_datetime(NOW + 9 * HOUR, usegmt=True),
            "date": format_datetime(NOW + 6 * HOUR, usegmt=True),
        },
        about(3 * HOUR, later=True),
    ),
    "expires is 0": ({"expires": "0"}, about(DEFAULT, later=False)),
    "expired": ({"expires": format_datetime(NOW - DAY, usegmt=True)}, about(DEFAULT, later=False)),
}


@pytest.mark.parametrize(("headers", "bounds"), WAITS.values(), ids=WAITS)
@pytest.mark.parametrize("outcome", [Outcome.FRESH, Outcome.NOT_MODIFIED])
def test_freshness_is_a_floor(outcome, headers, bounds):
    assert bounds[0] <= wait(polled(outcome, headers)) <= bounds[1]


FEEDS = {
    "ttl": (ParsedFeed(ttl=2 * HOUR), about(2 * HOUR, later=True)),
    "ttl shorter than the interval": (ParsedFeed(ttl=timedelta(minutes=1)), about(DEFAULT, later=False)),
    "ttl of a week": (ParsedFeed(ttl=7 * DAY), about(DAY, later=True)),
    "negative ttl": (ParsedFeed(ttl=-HOUR), about(DEFAULT, later=False)),
    "update period": (ParsedFeed(update_period=6 * HOUR), about(6 * HOUR, later=True)),
    "the default that WordPress writes": (ParsedFeed(update_period=HOUR), about(DEFAULT, later=False)),
    "the longer of both": (ParsedFeed(ttl=2 * HOUR, update_period=6 * HOUR), about(6 * HOUR, later=True)),
}


@pytest.mark.parametrize(("feed", "bounds"), FEEDS.values(), ids=FEEDS)
def test_a_feed_s_own_hint_is_a_floor_where_http_is_silent(feed, bounds):
    assert bounds[0] <= wait(polled(feed=feed)) <= bounds[1]


def test_http_freshness_silences_the_feed_s_hint():
    after = polled(headers={"cache-control": "max-age=7200"}, feed=ParsedFeed(ttl=12 * HOUR))
    assert wait(after) <= about(2 * HOUR, later=True)[1]


def test_hints_hold_over_a_304():
    after = polled(Outcome.NOT_MODIFIED, status=304, state=polled(feed=ParsedFeed(ttl=2 * HOUR)))
    assert wait(after) >= 2 * HOUR


def test_a_feed_that_stops_hinting_is_believed():
    after = polled(feed=ParsedFeed(), state=polled(feed=ParsedFeed(ttl=2 * HOUR)))
    assert after.rhythm is None


def test_what_others_keep_in_the_rhythm_stays():
    after = polled(feed=ParsedFeed(ttl=2 * HOUR), state=replace(STATE, rhythm='{"base": 3}'))
    assert '"base": 3' in after.rhythm


@pytest.mark.parametrize(
    "rhythm", ["", "{", "[]", "7", '{"hints": 3}', '{"hints": {"floor": "x", "hours": 3, "days": [null]}}']
)
def test_a_rhythm_of_another_version_is_no_rhythm(rhythm):
    assert wait(polled(state=replace(STATE, rhythm=rhythm))) <= DEFAULT


SKIPS = {
    "the hour": (ParsedFeed(skip_hours=(10, 11)), datetime(2026, 3, 4, 12, tzinfo=UTC)),
    "over midnight": (ParsedFeed(skip_hours=tuple(range(9, 24))), datetime(2026, 3, 5, 0, tzinfo=UTC)),
    "the day": (ParsedFeed(skip_days=("Wednesday", " thursday ")), datetime(2026, 3, 6, 0, tzinfo=UTC)),
    "day and hour": (
        ParsedFeed(skip_days=("Wednesday",), skip_hours=(0, 1)),
        datetime(2026, 3, 5, 2, tzinfo=UTC),
    ),
    "24 is midnight": (ParsedFeed(skip_days=("Wednesday",), skip_hours=(24,)), datetime(2026, 3, 5, 1, tzinfo=UTC)),
}


@pytest.mark.parametrize(("feed", "expected"), SKIPS.values(), ids=SKIPS)
def test_skipped_hours_and_days_are_slept_through(feed, expected):
    assert polled(feed=feed).next_poll == expected


@pytest.mark.parametrize(
    "feed",
    [
        ParsedFeed(skip_hours=tuple(range(24))),
        ParsedFeed(skip_days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
        ParsedFeed(skip_days=("Mittwoch", "")),
    ],
)
def test_a_feed_that_skips_everything_or_nonsense_skips_nothing(feed):
    assert wait(polled(feed=feed)) <= DEFAULT


def test_the_operator_s_interval_beats_freshness_and_hints():
    after = polled(
        headers={"cache-control": "max-age=86400"},
        feed=ParsedFeed(ttl=DAY, skip_hours=(10, 11)),
        source=replace(SOURCE, interval=timedelta(minutes=10)),
    )
    assert timedelta(minutes=9.5) <= wait(after) <= timedelta(minutes=10)


# ---------------------------------------------------------------- failures

BACK_OFF = [(0, 15), (1, 30), (2, 60), (3, 120), (6, 960), (7, 1440), (50, 1440), (10**6, 1440)]


@pytest.mark.parametrize(("before", "minutes"), BACK_OFF)
def test_failures_back_off(before, minutes):
    low, high = about(timedelta(minutes=minutes), later=True)
    assert low <= wait(polled(Outcome.TIMEOUT, status=None, state=replace(STATE, failures=before))) <= high


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome.failed and outcome is not Outcome.GONE])
def test_every_failure_backs_off_whatever_the_interval(outcome):
    assert wait(polled(outcome, status=500, source=replace(SOURCE, interval=timedelta(minutes=1)))) >= schedule.FLOOR


def test_a_failure_is_counted_and_told():
    after = polled(Outcome.TIMEOUT, state=replace(STATE, failures=2), error="took longer than 60 s")
    assert (after.failures, after.last_error, after.last_poll, after.last_success) == (
        3,
        "took longer than 60 s",
        NOW,
        None,
    )


def test_a_failure_without_a_sentence_is_told_by_its_word():
    assert polled(Outcome.TIMEOUT).last_error == "timeout"


@pytest.mark.parametrize("outcome", [Outcome.FRESH, Outcome.SAME_BYTES, Outcome.NOT_MODIFIED])
def test_a_success_wipes_the_slate(outcome):
    after = polled(outcome, state=replace(STATE, failures=9, last_error="down", gone=1))
    assert (after.failures, after.last_error, after.gone, after.last_success) == (0, None, 0, NOW)


RETRY = {
    "seconds": ("7200", 429, 2 * HOUR),
    "seconds on 503": ("7200", 503, 2 * HOUR),
    "seconds on 403": ("7200", 403, 2 * HOUR),
    "seconds on a redirect": ("7200", 302, 2 * HOUR),
    "a date": (format_datetime(NOW + 5 * HOUR, usegmt=True), 429, 5 * HOUR),
    "a date of RFC 850": ("Wednesday, 04-Mar-26 15:30:00 GMT", 503, 5 * HOUR),
    "a date of asctime": ("Wed Mar  4 15:30:00 2026", 503, 5 * HOUR),
    "white space": (" 7200 ", 429, 2 * HOUR),
    "a month": ("2592000", 429, 7 * DAY),
    "a date a year on": (format_datetime(NOW + 365 * DAY, usegmt=True), 429, 7 * DAY),
    "very many digits": ("9" * 90, 429, 7 * DAY),
    "not asked of a 404": ("7200", 404, None),
    "not asked of a 200": ("7200", 200, None),
    "not asked of a 304": ("7200", 304, None),
    "no status": ("7200", None, None),
    "zero": ("0", 429, None),
    "negative": ("-5", 429, None),
    "past": (format_datetime(NOW - DAY, usegmt=True), 429, None),
    "words": ("soon", 429, None),
    "fraction": ("1.5", 429, None),
    "other digits": ("٧٢٠٠", 429, None),
    "too many digits": ("9" * 5000, 429, None),
    "empty": ("", 429, None),
}


@pytest.mark.parametrize(("said", "status", "expected"), RETRY.values(), ids=RETRY)
def test_retry_after(said, status, expected):
    asked = schedule.retry_after({"retry-after": said}, status, NOW)
    assert asked == (None if expected is None else NOW + expected)


def test_retry_after_beats_back_off():
    after = polled(Outcome.RATE_LIMITED, {"retry-after": "3600"}, status=429, state=replace(STATE, failures=20))
    assert HOUR <= wait(after) <= HOUR * 1.05


def test_retry_after_beats_the_operator_s_interval():
    source = replace(SOURCE, interval=timedelta(minutes=1))
    assert wait(polled(Outcome.RATE_LIMITED, {"retry-after": "7200"}, status=429, source=source)) >= 2 * HOUR


def test_retry_after_of_a_second_does_not_make_us_hammer():
    assert wait(polled(Outcome.HTTP_ERROR, {"retry-after": "1"}, status=503)) >= schedule.FLOOR


def test_a_first_410_is_asked_again_a_day_later():
    after = polled(Outcome.GONE, status=410)
    assert (after.gone, after.next_poll) == (1, NOW + DAY)


def test_a_second_410_a_day_later_stops():
    later = polled(Outcome.GONE, status=410, state=polled(Outcome.GONE, status=410), now=NOW + DAY)
    assert (later.gone, later.next_poll) == (2, schedule.NEVER)


def test_a_second_410_before_its_time_confirms_nothing():
    early = polled(Outcome.GONE, status=410, state=polled(Outcome.GONE, status=410), now=NOW + HOUR)
    assert (early.gone, early.next_poll) == (1, NOW + DAY)


def test_a_410_between_other_answers_starts_anew():
    between = polled(Outcome.HTTP_ERROR, status=500, state=polled(Outcome.GONE, status=410), now=NOW + DAY)
    again = polled(Outcome.GONE, status=410, state=between, now=NOW + 2 * DAY)
    assert again.gone == 1


def test_what_is_gone_stays_gone():
    gone = replace(STATE, gone=2, next_poll=schedule.NEVER)
    assert polled(Outcome.GONE, status=410, state=gone).next_poll == schedule.NEVER


def test_what_was_gone_and_answers_is_polled_again():
    gone = replace(STATE, gone=2, next_poll=schedule.NEVER)
    assert wait(polled(state=gone)) <= DEFAULT


# ---------------------------------------------------------------- validators

KNOWN = replace(STATE, etag='W/"1"', last_modified="Mon, 02 Mar 2026 10:00:00 GMT")
VALIDATORS = {
    "a 200's are adopted as they came": (
        Outcome.FRESH,
        {"etag": 'W/"2-gzip"', "last-modified": "yesterday"},
        ('W/"2-gzip"', "yesterday"),
    ),
    "the same bytes count as well": (Outcome.SAME_BYTES, {"etag": "2"}, ("2", None)),
    "a 200 without any clears them": (Outcome.FRESH, {}, (None, None)),
    "a 304 without any keeps them": (Outcome.NOT_MODIFIED, {}, (KNOWN.etag, KNOWN.last_modified)),
    "a 304's new one is adopted": (Outcome.NOT_MODIFIED, {"etag": '"2"'}, ('"2"', KNOWN.last_modified)),
    "an error page's are not": (Outcome.HTTP_ERROR, {"etag": '"2"'}, (KNOWN.etag, KNOWN.last_modified)),
    "nor an unreadable body's": (Outcome.UNPARSEABLE, {"etag": '"2"'}, (KNOWN.etag, KNOWN.last_modified)),
    "nor a page's": (Outcome.NOT_A_FEED, {"etag": '"2"'}, (KNOWN.etag, KNOWN.last_modified)),
    "an endless one is none": (Outcome.FRESH, {"etag": "x" * 5000}, (None, None)),
    "an empty one is none": (Outcome.FRESH, {"etag": ""}, (None, None)),
}


@pytest.mark.parametrize(("outcome", "headers", "expected"), VALIDATORS.values(), ids=VALIDATORS)
def test_validators(outcome, headers, expected):
    after = polled(outcome, headers, state=KNOWN)
    assert (after.etag, after.last_modified) == expected


def test_no_answer_keeps_the_validators():
    poll = Poll(source="wire", at=NOW, outcome=Outcome.UNREACHABLE)
    after = schedule.plan(KNOWN, SOURCE, poll, now=NOW, default=DEFAULT)
    assert (after.etag, after.last_modified) == (KNOWN.etag, KNOWN.last_modified)


# ---------------------------------------------------------------- moves

NEW = "https://new.example.net/world.xml"


def hop(status, target=NEW):
    return Hop(url=URL, status=status, target=target)


def followed(*chains, step=timedelta(hours=13), outcome=Outcome.FRESH, source=SOURCE):
    """The state after polls with these redirect chains, `step` apart."""
    state = STATE
    for count, chain in enumerate(chains):
        state = polled(outcome, hops=chain, state=state, source=source, now=NOW + count * step)
    return state


TEMPORARY_END = (hop(301, NEW), Hop(url=NEW, status=302, target="https://cdn.example.net/1"))
MOVES = {
    "permanent": ([(hop(301),)] * 3, NEW),
    "308": ([(hop(308),)] * 3, NEW),
    "seen twice only": ([(hop(301),)] * 2, URL),
    "temporary": ([(hop(302),)] * 5, URL),
    "303": ([(hop(303),)] * 5, URL),
    "307": ([(hop(307),)] * 5, URL),
    "not in a row": ([(hop(301),), (hop(301),), (), (hop(301),), (hop(301),)], URL),
    "another target between": ([(hop(301),), (hop(301, "https://x.example/"),), (hop(301),), (hop(301),)], URL),
    "permanent, then temporary": ([TEMPORARY_END] * 3, NEW),
    "temporary, then permanent": ([(hop(302), hop(301))] * 3, URL),
    "two permanent hops": ([(hop(301, "https://mid.example/"), hop(301))] * 3, NEW),
    "back to itself": ([(hop(301, URL),)] * 3, URL),
}


@pytest.mark.parametrize(("chains", "expected"), MOVES.values(), ids=MOVES)
def test_moves(chains, expected):
    assert followed(*chains).url == expected


def test_a_move_needs_a_day():
    assert followed(*[(hop(301),)] * 5, step=HOUR).url == URL


def test_a_dead_target_is_never_adopted():
    assert followed(*[(hop(301),)] * 5, outcome=Outcome.NOT_A_FEED).url == URL


def test_a_304_at_the_target_is_a_sighting():
    assert followed(*[(hop(301),)] * 3, outcome=Outcome.NOT_MODIFIED).url == NEW


def test_a_move_that_was_made_is_forgotten():
    after = followed(*[(hop(301),)] * 3)
    assert (after.moved_to, after.moved_since, after.moved_seen) == (None, None, 0)


SECRET_MOVES = {
    "another host": (NEW, URL),
    "another port": ("https://feeds.example.org:8443/world.xml", URL),
    "without encryption": ("http://feeds.example.org/world.xml", URL),
    "the same host": ("https://feeds.example.org/new.xml", "https://feeds.example.org/new.xml"),
    "no address": ("https://[/", URL),
}


@pytest.mark.parametrize(("target", "expected"), SECRET_MOVES.values(), ids=SECRET_MOVES)
def test_secrets_do_not_move_to_another_host(target, expected):
    source = replace(SOURCE, headers=(("authorization", "Bearer 1234"),))
    assert followed(*[(hop(301, target),)] * 3, source=source).url == expected


# ---------------------------------------------------------------- for all inputs

texts = st.text(max_size=60) | st.integers(-10, 10**12).map(str) | st.datetimes().map(lambda d: format_datetime(d))
garbage = st.dictionaries(
    st.sampled_from(["cache-control", "expires", "date", "age", "retry-after", "etag"]),
    texts | texts.map(lambda t: f"max-age={t}"),
)
feeds = st.builds(
    ParsedFeed,
    ttl=st.none() | st.timedeltas(),
    update_period=st.none() | st.timedeltas(),
    skip_hours=st.lists(st.integers(-30, 30)).map(tuple),
    skip_days=st.lists(st.sampled_from(["Monday", "Sunday", "x"]) | st.text(max_size=9)).map(tuple),
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(st.sampled_from(Outcome), garbage, st.none() | feeds, moments, st.integers(0, 10**6))
def test_the_next_poll_lies_ahead_and_within_bounds(outcome, headers, feed, now, failures):
    state = replace(STATE, failures=failures)
    after = polled(outcome, headers, status=429 if outcome.failed else 200, feed=feed, state=state, now=now)
    assert 0.95 * min(DEFAULT, schedule.FLOOR) <= wait(after, now) <= 8 * DAY


@given(st.integers(0, 10**7), st.integers(0, 10**5), moments)
def test_never_sooner_than_a_fresh_answer_s_end(max_age, age, now):
    after = polled(headers={"cache-control": f"max-age={max_age}", "age": str(age)}, now=now)
    assert wait(after, now) >= min(timedelta(seconds=max_age - age), schedule.CAP)


@given(st.integers(1, 10**7), st.sampled_from([403, 429, 503]), st.integers(0, 100), moments)
def test_never_sooner_than_retry_after(seconds, status, failures, now):
    state = replace(STATE, failures=failures)
    after = polled(Outcome.HTTP_ERROR, {"retry-after": str(seconds)}, status=status, state=state, now=now)
    assert wait(after, now) >= min(timedelta(seconds=seconds), schedule.RETRY_CAP)


@given(feeds, moments)
def test_never_in_an_hour_that_the_feed_skips(feed, now):
    hours = {hour % 24 for hour in feed.skip_hours}
    after = polled(feed=feed, now=now)
    assert len(hours) == 24 or after.next_poll.hour not in hours


@given(garbage, moments)
def test_the_same_poll_gives_the_same_plan(headers, now):
    assert polled(headers=headers, now=now) == polled(headers=headers, now=now)
