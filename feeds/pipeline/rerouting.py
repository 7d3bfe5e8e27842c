"""When the rules of a section change: what stands in it, and what came lately, is routed again."""

from datetime import datetime
from typing import Any

from feeds import sections
from feeds.model import Section
from feeds.pipeline.routing import OLD_NEWS, route_again
from feeds.pipeline.rules import Rulebook
from feeds.sections import ALL
from feeds.store.ledger import Ledger
from feeds.store.schema import section

MOST = 1000  # of a section's newest are asked again
AT_ONCE = 1000  # entries that are looked at together, each with its whole lead


def bring_sections(ledger: Ledger, rules: Rulebook, now: datetime) -> tuple[str, ...]:
    """Makes the table of sections agree with the configuration; gives the names whose rules are new.

    Only what came in the last 48 hours enters that way: nobody is shown an old item as new.
    """
    rows = ledger.section_rows()
    wanted = {one.name: sections.fingerprint(one, rules.sources.values()) for one in rules.sections}
    missing = [name for name in (*wanted, ALL) if name not in rows]
    ledger.add(section, [{"name": n, "version": 0, "rules": None} for n in missing])
    rows = ledger.section_rows() if missing else rows
    changed = [one for one in rules.sections if rows[one.name].rules != wanted[one.name]]
    if changed:
        _again(ledger, rules, changed, rows, now)
        ledger.change(section, [{"id": rows[one.name].id, "rules": wanted[one.name]} for one in changed])
    return tuple(one.name for one in changed)


def _again(ledger: Ledger, rules: Rulebook, changed: list[Section], rows: dict[str, Any], now: datetime) -> None:
    numbers = dict.fromkeys(ledger.recent_entries(now - OLD_NEWS), True)
    for one in changed:
        numbers |= {n: numbers.get(n, False) for n in ledger.newest_of(rows[one.name].id, max(MOST, one.limit))}
    ordered = sorted(numbers)
    for start in range(0, max(1, len(ordered)), AT_ONCE):
        part = {n: numbers[n] for n in ordered[start : start + AT_ONCE]}
        route_again(ledger, rules, part, changed, now)
