"""The query language of X's search, as far as it is checked and understood here.

Keywords, "phrases", `lang:`, `place_country:`, `is:retweet`, `has:geo`, AND by a blank, OR,
parentheses and `-`, from https://docs.x.com/x-api/posts/search/integrate/operators. OR binds
weaker than the blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

# What a post has to say for itself: text, lang, retweet, country (None: no place).
Subject = dict[str, Any]
Test = Callable[[Subject], bool]

_TOKENS = re.compile(r'\s*(-?\(|\)|-?"[^"]*"|[^\s()"]+)')
_OPERATORS = ("lang", "place_country", "is", "has")


class QueryError(ValueError):
    """A query that the platform refuses."""


def read_query(query: str) -> Test:
    """Return the test that a query stands for; raises `QueryError` as the platform would."""
    tokens = _split(query)
    parser = _Parser(tokens)
    test = parser.alternatives()
    if parser.place != len(tokens):
        raise QueryError("parentheses do not match")
    if not parser.standalone:
        raise QueryError("a query needs a keyword or phrase beside operators like lang:")
    return test


def _split(query: str) -> list[str]:
    tokens, place = [], 0
    text = query.rstrip()
    while place < len(text):
        found = _TOKENS.match(text, place)
        if found is None:
            raise QueryError(f"cannot be read at position {place}")
        tokens.append(found[1])
        place = found.end()
    if not tokens:
        raise QueryError("is empty")
    return tokens


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self.place = 0
        self.standalone = False

    def alternatives(self) -> Test:
        """Read what is joined by OR."""
        choices = [self._together()]
        while self._peek() == "OR":
            self.place += 1
            choices.append(self._together())
        return lambda post: any(choice(post) for choice in choices)

    def _together(self) -> Test:
        terms: list[Test] = []
        while (token := self._peek()) not in (None, "OR", ")"):
            self.place += 1
            terms.append(self._term(str(token)))
        if not terms:
            raise QueryError("an operand is missing beside OR or between parentheses")
        return lambda post: all(term(post) for term in terms)

    def _term(self, token: str) -> Test:
        negated = token.startswith("-")
        word = token.removeprefix("-")
        if word == "(":
            inner = self.alternatives()
            if self._peek() != ")":
                raise QueryError("parentheses do not match")
            self.place += 1
        else:
            inner = self._word(word, negated=negated)
        return (lambda post: not inner(post)) if negated else inner

    def _word(self, word: str, *, negated: bool) -> Test:
        operator, colon, value = word.partition(":")
        if colon and not word.startswith('"'):
            if operator not in _OPERATORS or not value:
                raise QueryError(f"no operator {word!r}")
            return _operator(operator, value)
        self.standalone |= not negated
        return _keyword(word.strip('"'))

    def _peek(self) -> str | None:
        return self._tokens[self.place] if self.place < len(self._tokens) else None


def _operator(operator: str, value: str) -> Test:
    if operator == "lang":
        return lambda post: bool(post["lang"] == value)
    if operator == "place_country":
        return lambda post: bool(post["country"] == value.upper())
    if (operator, value) == ("is", "retweet"):
        return lambda post: bool(post["retweet"])
    if (operator, value) == ("has", "geo"):
        return lambda post: post["country"] is not None
    raise QueryError(f"no operator '{operator}:{value}'")


def _keyword(word: str) -> Test:
    if not word.strip():
        raise QueryError("a phrase is empty")
    # Scripts without blanks between words match anywhere, as the platform's tokens do.
    edge = r"\b" if word.isascii() else ""
    pattern = re.compile(edge + re.escape(word) + edge, re.IGNORECASE)
    return lambda post: pattern.search(post["text"]) is not None
