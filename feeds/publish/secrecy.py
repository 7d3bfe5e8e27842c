"""What may be told of a source."""

from urllib.parse import urlsplit

from feeds.model import Source


def is_private(source: Source) -> bool:
    """Whether only the name and the home page may be printed: it says so, or its address or headers hold a secret."""
    return source.private or bool(source.headers) or ("@" in source.url and "@" in urlsplit(source.url).netloc)
