"""The demo: a newsroom on loopback to poll, a configuration for it, and a server for what is published."""

from feeds.demo.server import newsroom
from feeds.demo.static import site
from feeds.demo.wires import configuration

__all__ = ["configuration", "newsroom", "site"]
