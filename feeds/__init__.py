"""Copydesk: the copy desk of a news site, as software."""

__version__ = "0.1.0"
