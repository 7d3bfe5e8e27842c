"""The words of a text: folded for comparing, or as written beside them."""

import re
import unicodedata
from functools import lru_cache

MANY_SIGNS = 200  # more kinds of them are no text that a person wrote

REACH = 4  # characters to a unit, where words are not spaced

_SIGNS = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f"  # kana, han, Thai
UNSPACED = re.compile(f"[{_SIGNS}]")
RUN = re.compile(f"[{_SIGNS}]+|[^{_SIGNS}]+")
ASCII = bytes(range(128))
ASCII_WORDS = bytes(c if c > 127 else ord(chr(c).lower()) if chr(c).isalnum() else 32 for c in range(256))
ASCII_SPACES = {c: " " for c in range(128) if not chr(c).isalnum()}


def tokens(text: str) -> list[str]:
    """The words of a text, NFKC and casefolded; figures and letters only."""
    return joined(text).decode("utf-8", "surrogatepass").split()


def joined(text: str) -> bytes:
    """The words of a text in UTF-8, a space between two."""
    if not text.isascii():
        text = _folded(text)
    words = text.encode("utf-8", "surrogatepass").translate(ASCII_WORDS)
    while b"  " in words:  # half the time of splitting and joining
        words = words.replace(b"  ", b" ")
    return words.strip(b" ")


def as_written(text: str) -> list[str]:
    """The same words with their capitals."""
    text = unicodedata.normalize("NFKC", text).translate(ASCII_SPACES)
    signs = {sign for sign in set(text) if sign > "\x7f"}
    return text.translate({ord(sign): " " for sign in signs if not _in_a_word(sign)}).split()


def units(words: list[str], reach: int = REACH) -> list[str]:
    """What is compared: words, and of scripts without spaces each character with those that follow it, `reach` in all.

    So the same number of units is a phrase in any script, and in a text of several.
    """
    together = "".join(words)
    if together.isascii() or not UNSPACED.search(together):
        return words
    found: list[str] = []
    for word in words:
        if word.isascii() or not UNSPACED.search(word):
            found.append(word)
            continue
        for run in RUN.findall(word):
            found += (run[n : n + reach] for n in range(len(run))) if UNSPACED.match(run) else [run]
    return found


def _folded(text: str) -> str:
    """The text with every sign beyond ASCII folded, or made a space where it is no part of a word.

    Most texts hold a few such signs many times: each is replaced at memory speed, a tenth of the time of folding all.
    """
    signs = set(text.encode("utf-8", "surrogatepass").translate(None, ASCII).decode("utf-8", "surrogatepass"))
    if len(signs) > MANY_SIGNS or any(unicodedata.combining(sign) for sign in signs):
        text = unicodedata.normalize("NFKC", text).casefold()
        signs = {sign for sign in set(text) if sign > "\x7f"}
        return text.translate({ord(sign): " " for sign in signs if not _in_a_word(sign)})
    for sign in signs:
        folded = _fold(sign)
        if folded != sign:
            text = text.replace(sign, folded)
    return text


@lru_cache(maxsize=4096)
def _fold(sign: str) -> str:
    folded = unicodedata.normalize("NFKC", sign).casefold()
    return "".join(char if _in_a_word(char) else " " for char in folded)


def _in_a_word(char: str) -> bool:
    """Letters, figures, and the marks that Indic and Semitic scripts write inside words (not an emoji's)."""
    return char.isalnum() or (char < "\u2000" and unicodedata.category(char)[0] == "M")
