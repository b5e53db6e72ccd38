"""One address for a post, however its platform writes it: twitter.com, x.com, mobile, short links.

A handle in the address says nothing (it changes, and is left out by some exports); the number of
the post is what stays.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

_PREFIX = re.compile(r"^(?:www|m|mobile|web|mbasic|touch|[a-z]{2}-[a-z]{2})\.")
_STATUS = re.compile(r"^/(?:[^/]+|i/web|i)/status(?:es)?/(\d+)")
_VIDEO = re.compile(r"^/(?:shorts|embed|live|v)/([\w-]{11})")
_SHORT_VIDEO = re.compile(r"^/([\w-]{11})")
_PICTURE = re.compile(r"^(?:/[^/]+)?/(?:p|reels?|tv)/([\w-]+)")
_PAGE_POST = re.compile(r"^/(\d+)_(\d+)/?$")
_POSTS = re.compile(r"^/([^/]+)/posts/(?:[^/]*/)?(\d+)")


def post_address(url: str) -> str | None:
    """Return the one address of a post of X, YouTube, Instagram or Facebook; None for others."""
    parts = urlsplit(url)
    host = _PREFIX.sub("", (parts.hostname or "").lower())
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if host in ("x.com", "twitter.com"):
        return _found(_STATUS, parts.path, "https://x.com/i/status/{}")
    if host in ("youtube.com", "youtu.be", "youtube-nocookie.com"):
        return _video(host, parts.path, query)
    if host == "instagram.com":
        return _found(_PICTURE, parts.path, "https://instagram.com/p/{}")
    if host == "facebook.com":
        return _facebook(parts.path, query)
    return None


def _video(host: str, path: str, query: dict[str, str]) -> str | None:
    if path == "/watch" and "v" in query:
        address = f"https://youtube.com/watch?v={query['v']}"
    else:
        short = _SHORT_VIDEO if host == "youtu.be" else _VIDEO
        found = _found(short, path, "https://youtube.com/watch?v={}")
        if found is None:
            return None
        address = found
    # `lc` names a comment: a piece of its own.
    return f"{address}&lc={query['lc']}" if "lc" in query else address


def _facebook(path: str, query: dict[str, str]) -> str | None:
    if path in ("/story.php", "/permalink.php") and {"story_fbid", "id"} <= query.keys():
        return f"https://facebook.com/{query['id']}/posts/{query['story_fbid']}"
    return _found(_PAGE_POST, path, "https://facebook.com/{}/posts/{}") or _found(
        _POSTS, path, "https://facebook.com/{}/posts/{}"
    )


def _found(pattern: re.Pattern[str], path: str, address: str) -> str | None:
    match = pattern.match(path)
    return address.format(*match.groups()) if match else None
