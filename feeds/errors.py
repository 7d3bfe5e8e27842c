"""The one tree of errors. Third-party exceptions become these at the doors, with `raise … from`."""


class CopydeskError(Exception):
    """Something that a person can act on; its text is one sentence: what, where, what to do."""


class ConfigError(CopydeskError):
    """The configuration is wrong; `problems` holds every sentence, in the order of the file."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class RefusedError(CopydeskError):
    """What a person asked for does not fit what is stored; nothing was done."""


class SourceError(CopydeskError):
    """One source failed; `kind` is a word of `model.Outcome`. Never leaves `pipeline.read`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class FetchError(SourceError):
    """No usable response arrived."""


class ParseError(SourceError):
    """A response arrived and is not a feed."""


class StoreError(CopydeskError):
    """The store cannot be used: missing, foreign, newer, locked or broken."""


class LockedError(StoreError):
    """Another process holds the lock."""


class PublishError(CopydeskError):
    """An output cannot be written."""
