"""Values that do not stand in the file: `${NAME}` from the environment, `KEY_file` from a file of its own."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from feeds.config.checks import credentials, shown
from feeds.config.problems import Loc, Problem

MAX_FILE = 64 * 1024  # bytes

_REFERENCE = re.compile(r"\$\{([^}]*)\}?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key", "api-key", "x-auth-token"})
_SUFFIX = "_file"


class Expansion(Struct, frozen=True, kw_only=True):
    """The file's data with all values in their places, and what is known of those that are secret.

    `private` are the sources whose url or headers hold one.
    """

    data: dict[str, Any]
    secrets: frozenset[str]
    private: frozenset[str]
    problems: tuple[Problem, ...]

    def guarded(self, problem: Problem) -> Problem:
        """The problem without the value, where that may hold a secret: shortened or escaped no mask would find it."""
        match problem.loc:
            case ("sources", str(name), "url") if name in self.private or self._has_user(name):
                return problem._replace(sentence="is no http(s) address with its secret in place; correct one of them")
        return problem

    def _has_user(self, name: str) -> bool:
        """Whether a url may hold a password, be it too broken for `credentials` to find one."""
        return "@" in str(self.data["sources"][name].get("url"))


def expand(data: Mapping[str, Any], environ: Mapping[str, str], folder: Path) -> Expansion:
    """Every reference replaced; a value that is missing becomes one that gives no second problem."""
    whole = dict(data)
    desks: dict[str, _Desk] = {}
    store = _Desk(("store",), environ, folder)
    if isinstance(data.get("store"), dict):
        whole["store"] = store.with_url(data["store"], "sqlite:///unread.db")
    if isinstance(sources := data.get("sources"), dict):
        desks = {name: _Desk(("sources", name), environ, folder) for name in sources}
        whole["sources"] = {name: desks[name].source(table) for name, table in sources.items()}
    everyone = [store, *desks.values()]
    return Expansion(
        data=whole,
        secrets=frozenset(secret for desk in everyone for secret in desk.secrets),
        private=frozenset(name for name, desk in desks.items() if desk.secrets),
        problems=tuple(problem for desk in everyone for problem in desk.problems),
    )


def replaced(text: str, environ: Mapping[str, str]) -> str:
    """A text that was typed, with the environment's values in it; raises ValueError with a sentence."""
    desk = _Desk((), environ, Path())
    found = desk._replaced("url", text, text)
    if desk.problems:
        raise ValueError(desk.problems[0].sentence)
    return found


class _Desk:
    """One table whose values are put in place, and what was found on the way."""

    def __init__(self, loc: Loc, environ: Mapping[str, str], folder: Path) -> None:
        self.loc = loc
        self.environ = environ
        self.folder = folder
        self.secrets: set[str] = set()
        self.problems: list[Problem] = []

    def source(self, table: object) -> object:
        if not isinstance(table, dict):
            return table
        expanded = self.with_url(table, f"https://unread.invalid/{self.loc[-1]}")
        if isinstance(headers := table.get("headers"), dict):
            expanded["headers"] = self._headers(headers)
        return expanded

    def with_url(self, table: dict[str, Any], instead: str) -> dict[str, Any]:
        """The table with its url; the password in one is a secret, wherever it came from."""
        expanded = {key: value for key, value in table.items() if key != "url" + _SUFFIX}
        if isinstance(table.get("url"), str):
            expanded["url"] = self._replaced("url", table["url"], instead)
        if "url" in table and "url" + _SUFFIX in table:
            self._tell("url" + _SUFFIX, "stands beside url; keep one of the two")
        elif "url" + _SUFFIX in table:
            expanded["url"] = self._read("url" + _SUFFIX, table["url" + _SUFFIX], instead)
        user, password = credentials(url) if isinstance(url := expanded.get("url"), str) else (None, None)
        self.secrets.update(filter(None, [password or (user if self.loc[0] == "sources" else None)]))  # user: a token
        return expanded

    def _headers(self, headers: dict[str, Any]) -> dict[str, Any]:
        expanded = dict[str, Any]()
        for key, value in headers.items():
            name = key.removesuffix(_SUFFIX)
            if name != key:
                expanded[name] = self._read(f"headers.{key}", value, "x")
            elif isinstance(value, str):
                expanded[key] = self._replaced(f"headers.{key}", value, "x")
                if key.lower() in _SECRET_HEADERS:
                    self.secrets.add(expanded[key])
            else:
                expanded[key] = value
        return expanded

    def _replaced(self, key: str, value: str, instead: str) -> str:
        """The value with the environment's values in it, or `instead` and a problem."""
        names = _REFERENCE.findall(value)
        for name in names:
            if not _VARIABLE.fullmatch(name):
                self._tell(key, f"names no environment variable in ${{{name}}}; write it as ${{NAME}}")
                return instead
            if not self.environ.get(name):
                self._tell(key, f"needs the environment variable {name}, which is not set; set it")
                return instead
        self.secrets.update(self.environ[name] for name in names)
        return _REFERENCE.sub(lambda found: self.environ[found[1]], value)

    def _read(self, key: str, value: object, instead: str) -> str:
        """The text of a file that holds one secret, or `instead` and a problem."""
        if not isinstance(value, str) or not value or "\x00" in value:
            self._tell(key, "must name a file, in quotes")
            return instead
        path = self.folder / value
        try:
            with path.open("rb") as file:
                text = file.read(MAX_FILE + 1).decode("utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            self._tell(key, f"names {shown(str(path))}, which cannot be read ({reason}); correct the path or the file")
            return instead
        if not text or len(text) > MAX_FILE:
            self._tell(key, f"names {shown(str(path))}, which is empty or too long; it must hold the value alone")
            return instead
        self.secrets.add(text)
        return text

    def _tell(self, key: str, sentence: str) -> None:
        self.problems.append(Problem((*self.loc, *key.split(".", 1)), sentence))
