"""What is decided of articles, and not in the store yet."""

from dataclasses import dataclass, field
from typing import Any

from feeds.store.ledger import Ledger
from feeds.store.schema import article


@dataclass(slots=True)
class Pending:
    """Rows of articles that are new, or say something else; whoever asks the store for articles writes them first."""

    ledger: Ledger
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    _written: tuple[int, int] = (0, 0)  # how many of these are in the store already

    def write(self) -> None:
        """Writes what was decided since the last time: from here on the store can be asked for it."""
        added, changed = self._written
        self.ledger.add(article, self.new[added:])
        self.ledger.change(article, self.changed[changed:])
        self._written = (len(self.new), len(self.changed))
