"""Files over HTTP for fsspec, held to what the crawler is held to.

Private addresses are refused after the name is resolved, as a number in the address too, and on
every redirect; `[crawl.hosts]` names the exceptions.
"""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from fsspec.implementations.http import HTTPFileSystem

from ccgcii.crawling.addresses import is_public
from ccgcii.crawling.scrapysettings import user_agent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

    from ccgcii.config import CrawlSettings

READ_SIZE = 1 << 20


class AddressRefusedError(OSError):
    """A name or an address leads out of the public internet."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(
            f"{host} leads to {address}, which is not a public address; if you mean it, name it "
            "in [crawl.hosts]"
        )


class GuardedNames(AbstractResolver):
    """Resolves names; those of `hosts` to the address given there, others to public ones only."""

    def __init__(self, hosts: Mapping[str, str]) -> None:
        self._hosts = hosts
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name."""
        pinned = self._hosts.get(host.lower())
        if pinned is not None:
            return [_pinned(host, pinned, port)]
        found = await self._resolver.resolve(host, port, family)
        for one in found:
            if not is_public(one["host"].partition("%")[0]):
                raise AddressRefusedError(host, one["host"])
        return found

    async def close(self) -> None:
        """Close the resolver underneath."""
        await self._resolver.close()


def http_files(crawl: CrawlSettings) -> HTTPFileSystem:
    """Return a file system of http(s) addresses with the limits of `[crawl]`."""
    hosts = {name.lower(): address for name, address in crawl.hosts.items()}

    async def guard(request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
        # A number needs no resolver, so aiohttp asks none.
        host = (request.url.host or "").lower()
        if _is_number(host) and host not in hosts and not is_public(host):
            raise AddressRefusedError(host, host)
        return await send(request)

    async def client(**_: Any) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=GuardedNames(hosts), ssl=crawl.verify_tls),
            headers={"User-Agent": user_agent(crawl), "Accept-Encoding": "identity"},
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=crawl.timeout, sock_read=crawl.timeout
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            # Servers that call a .gz file's own form an encoding mean the file as it is.
            auto_decompress=False,
            read_bufsize=READ_SIZE,
            middlewares=(guard,),
        )

    return HTTPFileSystem(
        get_client=client,
        skip_instance_cache=True,
        max_redirects=crawl.max_redirects,
        allow_redirects=crawl.max_redirects > 0,
    )


def _pinned(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=family,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST,
    )


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
