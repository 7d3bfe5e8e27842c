"""Where everything is kept: SQLite or PostgreSQL behind one door."""

from feeds.store.store import Registered, Store
from feeds.store.upgrade import backup, migrate, open_store, restore

__all__ = ["Registered", "Store", "backup", "migrate", "open_store", "restore"]
