"""Which addresses we connect to: the public internet, and what `[crawl] hosts` names.

The judgement falls on the address that is really connected to, after the name is resolved and on
every redirect, so neither a private name nor a name that changes its mind gets past it.
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, cast

from scrapy.exceptions import CannotResolveHostError
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IResolverSimple
from zope.interface import implementer  # type: ignore[import-untyped]

from ccgcii.crawling.failures import RefusedAddressError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

# Addresses that count as global, though they lead to any IPv4 address, a private one too.
_TUNNELS = (IPv6Network("64:ff9b::/96"), IPv6Network("2002::/16"), IPv6Network("2001::/32"))


def is_public(address: str) -> bool:
    """Say whether an IP address belongs to the public internet and to one machine."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return is_public(str(parsed.ipv4_mapped))
        if any(parsed in network for network in _TUNNELS):
            return False
    return parsed.is_global and not parsed.is_multicast


@implementer(IResolverSimple)
class GuardedResolver:
    """Resolves names for Twisted (IPv4); `refused` holds the names it would not resolve."""

    def __init__(self, hosts: Mapping[str, str]) -> None:
        self._hosts = {name.lower(): address for name, address in hosts.items()}
        self._known: dict[str, str] = {}
        self.refused: dict[str, str] = {}

    def getHostByName(  # noqa: N802 - the name is Twisted's
        self,
        name: str,
        timeout: Sequence[int] = (),  # noqa: ARG002 - the signature too
    ) -> Deferred[str]:
        """Return the address of a name."""
        pinned = self._hosts.get(name.lower())
        if pinned is not None:
            return succeed(pinned)
        if name in self._known:
            return succeed(self._known[name])
        try:
            literal = str(IPv4Address(name))
        except ValueError:
            return Deferred.fromFuture(asyncio.ensure_future(self._look_up(name)))
        try:
            return succeed(self._judged(name, literal))
        except DNSLookupError:
            return fail()

    async def _look_up(self, name: str) -> str:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(name, None, family=socket.AF_INET)
        except (OSError, UnicodeError) as error:
            raise DNSLookupError(str(error)) from error
        return self._judged(name, str(found[0][4][0]))

    def _judged(self, name: str, address: str) -> str:
        if not is_public(address):
            self.refused[name.lower()] = address
            raise DNSLookupError(f"{name} leads to {address}, which is not public")
        self._known[name] = address
        return address


# Twisted has one resolver for the whole process; each crawl installs its own.
_current: list[GuardedResolver] = []


def install_resolver(hosts: Mapping[str, str]) -> None:
    """Make Twisted resolve names through us from now on."""
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs a default one

    resolver = GuardedResolver(hosts)
    # zope's interfaces are no types to mypy.
    cast("ReactorBase", reactor).installResolver(resolver)  # type: ignore[arg-type]
    _current[:] = [resolver]


class RefuseAddresses:
    """Tells a refused address from a name that does not exist, which is worth another try."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: ARG003 - the signature is Scrapy's
        """Make the middleware of a crawler."""
        return cls()

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Refuse for good what the resolver refused."""
        host = (urlparse_cached(request).hostname or "").lower()
        if (
            _current
            and host in _current[0].refused
            and isinstance(exception, CannotResolveHostError)
        ):
            raise RefusedAddressError(
                f"{host} leads to {_current[0].refused[host]}, which is not a public address; "
                "if you mean it, name it in [crawl.hosts]"
            ) from exception
