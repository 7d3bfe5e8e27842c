"""What polling and publishing came to, in words."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.cli.common import EXIT_PARTIAL, EXIT_UNABLE, READ, count, say

if TYPE_CHECKING:
    from feeds.model import Poll
    from feeds.pipeline.publish import Published

QUIET = 20  # so many sources are told one by one, even when they had nothing new


def exit_code(polls: "Sequence[Poll]", published: "Published | None", *, strict: bool = False) -> int:
    """0; 1 when every source failed (`strict`: any) or a section was not published; 3 when nothing could be written."""
    if published is not None and published.failed:
        return EXIT_PARTIAL if published.sections or published.written else EXIT_UNABLE
    failed = sum(p.outcome.failed for p in polls)
    return EXIT_PARTIAL if failed and (strict or failed == len(polls)) else 0


def tell_polls(polls: "Sequence[Poll]", names: Sequence[str] = ()) -> None:
    """What each source brought or why it failed, and the sum."""
    if no_network(polls):
        say(
            f"None of {len(polls)} sources could be reached: there seems to be no network. "
            "`make demo` (or `copydesk demo`) shows the whole job without one."
        )
        return
    width = max((len(name) for name in (*names, *(p.source for p in polls))), default=0)
    shown = [p for p in polls if len(polls) <= QUIET or p.new or p.changed or p.merged_late or p.outcome.failed]
    for one in sorted(shown, key=lambda p: (p.outcome.failed, p.source)):
        say(f"  {one.source:{width}}  {told(one)}")
    if len(shown) < len(polls):
        say(f"  {count(len(polls) - len(shown), 'source')} more had nothing new")
    for name in sorted(set(names) - {p.source for p in polls}):
        say(f"  {name:{width}}  not asked: its server asked us to wait, or another copydesk is asking it now")
    if polls:
        say(_sum(polls))


def no_network(polls: "Sequence[Poll]") -> bool:
    """Whether not one of several sources could be reached."""
    from feeds.model import Outcome

    return len(polls) > 1 and all(p.outcome is Outcome.UNREACHABLE for p in polls)


def _sum(polls: "Sequence[Poll]") -> str:
    from feeds.pipeline.poll import summary

    total = summary(polls)
    sources = [f"{total[name]} {name}" for name in ("fresh", "unchanged", "failed") if total[name]]
    articles = [count(total["new"], "new article")] if total["new"] else ["no new articles"]
    if total["merged"]:
        articles.append(f"{total['merged']} of them {'a copy' if total['merged'] == 1 else 'copies'} of another's")
    articles += [f"{total[name]} {name}" for name in ("dropped", "changed") if total[name]]
    if total["merged_late"]:
        articles.append(_late(total["merged_late"]))
    return f"Polled {count(len(polls), 'source')} ({', '.join(sources)}): {', '.join(articles)}."


def told(one: "Poll") -> str:
    """A poll in a few words."""
    if one.outcome.failed:
        return f"FAILED, {one.outcome}: {one.error}"
    return f"{_came(one)}; {one.error}" if one.error else _came(one)


def _came(one: "Poll") -> str:
    late = [_late(one.merged_late)] if one.merged_late else []
    if one.outcome.value != "fresh":
        outcome = "not modified (304)" if one.outcome.value == "not modified" else str(one.outcome)
        return ", ".join([outcome, *late])
    words = [f"{count(one.items, 'item')}: {one.new} new" if one.new else f"{count(one.items, 'item')}: nothing new"]
    words += [
        f"{n} {what}"
        for n, what in ((one.merged, "merged with another's"), (one.changed, "changed"), (one.dropped, "dropped"))
        if n
    ]
    words += late
    if one.path in ("repaired", "lenient"):
        words.append(READ[one.path])
    if one.skipped:
        words.append(f"{len(one.skipped)} skipped ({one.skipped[0].reason})")
    return ", ".join(words)


def _late(number: int) -> str:
    return f"{count(number, 'entry', 'entries')} went into another's"


def tell_published(published: "Published | None", output: Path) -> None:
    """What was written; None: another process publishes."""
    if published is None:
        say("Publishing is left to the copydesk that runs beside this one (a daemon?): it holds the lock.")
        return
    for name, sentence in published.failed:
        say(f"copydesk: {name} NOT published: {sentence}", err=True)
    if published.written:
        pages = f" and {count(published.pages, 'article page')}" if published.pages else ""
        files = count(len(published.written), "file")
        say(f"Published {', '.join(published.sections) or 'the front page'}{pages}: {files} written to {output}.")
    elif not published.failed:
        say("Published: nothing changed, 0 files written.")


def left_behind(section: str, output: Path) -> str:
    """What has become of a section that is no longer configured, and what can be done."""
    return (
        f"sections.{section} is gone from the configuration, its files stay in {output / section} as they are: remove "
        "that folder when subscribers are to see that the feed has ended, or have your web server redirect it"
    )
