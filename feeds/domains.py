"""Registrable domains, as the public suffix list has them: whose a host is."""

from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit


def domain(url: str) -> str | None:
    """The registrable domain of a URL; None for addresses, single labels and public suffixes."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    if not host or ":" in host or host.rpartition(".")[2].isdigit():  # an IP address is nobody's subdomain
        return None
    return registrable(host)


@lru_cache(maxsize=4096)
def registrable(host: str) -> str | None:
    """The registrable domain of a host in lower case; None for a public suffix."""
    return _public_suffixes().privatesuffix(host) or None


@cache
def _public_suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList  # reads its list: 65 ms, and most commands never need it

    return PublicSuffixList()
