"""Scrapy's settings for a crawl of ours: its defaults trust the network too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccgcii.crawling.middlewares import ENCODINGS

if TYPE_CHECKING:
    from ccgcii.config import CrawlSettings

_HERE = "ccgcii.crawling"
_SCRAPY = "scrapy.downloadermiddlewares"


def scrapy_settings(crawl: CrawlSettings) -> dict[str, Any]:
    """Return the settings that a crawl runs with."""
    return {**_limits(crawl), **_manners(crawl), **_parts(), **_switched_off()}


def user_agent(crawl: CrawlSettings) -> str:
    """Return how we introduce ourselves: name, version, and whom to write to."""
    return f"{crawl.user_agent} (+{crawl.contact})" if crawl.contact else crawl.user_agent


def _limits(crawl: CrawlSettings) -> dict[str, Any]:
    return {
        "CONCURRENT_REQUESTS": crawl.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.concurrency_per_host,
        # The default of 100 starts a hundred tasks a response: this alone gains two thirds.
        "CONCURRENT_ITEMS": 1,
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_MAXSIZE": crawl.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": crawl.verify_tls,
        "REDIRECT_ENABLED": crawl.max_redirects > 0,
        "REDIRECT_MAX_TIMES": crawl.max_redirects,
        "REDIRECT_PRIORITY_ADJUST": 0,
        "CCGCII_RETRIES": crawl.retries,
        "CCGCII_DEPTH": crawl.depth,
    }


def _manners(crawl: CrawlSettings) -> dict[str, Any]:
    return {
        "USER_AGENT": user_agent(crawl),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": ENCODINGS,
        },
        "ROBOTSTXT_OBEY": crawl.obey_robots,
        "ROBOTSTXT_USER_AGENT": crawl.user_agent.split("/")[0],
        "DOWNLOAD_DELAY": crawl.delay,
        # The default of half the delay up or down would break the floor that was promised.
        "DOWNLOAD_DELAY_JITTER": 0.0,
    }


def _parts() -> dict[str, Any]:
    return {
        "SCHEDULER": f"{_HERE}.scheduler.StoreScheduler",
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "DOWNLOADER_MIDDLEWARES": {
            f"{_SCRAPY}.offsite.OffsiteMiddleware": None,
            f"{_SCRAPY}.httpauth.HttpAuthMiddleware": None,
            f"{_SCRAPY}.robotstxt.RobotsTxtMiddleware": None,
            f"{_SCRAPY}.redirect.RedirectMiddleware": None,
            f"{_HERE}.politeness.ObeyRobots": 100,
            f"{_HERE}.apis.signing.SignRequests": 580,
            f"{_HERE}.middlewares.FollowRedirects": 600,
            f"{_HERE}.middlewares.AskConditionally": 700,
            f"{_HERE}.addresses.RefuseAddresses": 990,
            f"{_HERE}.middlewares.KeepRawResponse": 995,
        },
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
            "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
            "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
            "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
            f"{_HERE}.middlewares.StoreOutput": 1,
        },
        "EXTENSIONS": {f"{_HERE}.politeness.HonourRetryAfter": 0},
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
    }


def _switched_off() -> dict[str, Any]:
    return {
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "REFERER_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "RETRY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "STATS_DUMP": False,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
    }
