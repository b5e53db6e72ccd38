"""How far cities are heard in the world: crawl, clean, measure, score, report.

This module is the public door, and the only one plugins use. Names load when they are first
asked for (PEP 562), so `import ccgcii` pulls in neither scrapy nor pandas nor sqlmodel.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccgcii.catalogues import CityAccount, Outlet, default_accounts, default_cities, outlets
    from ccgcii.catalogues.countries import checked_country
    from ccgcii.cities import City, CityName, Study
    from ccgcii.cleaning.copies.sketches import SKETCH_VERSION, sketch_text, sketch_texts
    from ccgcii.cleaning.enriching.languages import detect_language
    from ccgcii.cleaning.enriching.models import TextModel, open_model
    from ccgcii.cleaning.enriching.sentiment import tone_of, with_sentiment
    from ccgcii.cleaning.enriching.topics import find_topics, topic_powers
    from ccgcii.cleaning.prefilter import prefilter_for
    from ccgcii.cleaning.reading.address_dates import AddressDate, date_in_address
    from ccgcii.cleaning.reading.addresses import canonical_url, country_of_domain, outlet_domain
    from ccgcii.cleaning.toponyms.names import find_cities
    from ccgcii.cleaning.widths import display_width, is_narrower
    from ccgcii.corpus import Corpus
    from ccgcii.crawling.apis.graph import GraphSource, first_page, next_page
    from ccgcii.crawling.apis.sources import ApiSource
    from ccgcii.crawling.apis.values import (
        Abort,
        ApiTroubleError,
        Defer,
        Estimate,
        Fault,
        Quota,
        Renewal,
        Retry,
        Skip,
        Terms,
        Trouble,
    )
    from ccgcii.crawling.bulk.sources import BulkPage, BulkSource
    from ccgcii.crawling.sources import Page, Source
    from ccgcii.documents import (
        CHANNELS,
        LAYERS,
        CrowdFilter,
        Document,
        Drop,
        Filter,
        Member,
        Mention,
        NearTwinFilter,
        PageFacts,
        Record,
        TwinFilter,
        Verdict,
        changed,
    )
    from ccgcii.errors import (
        CcgciiError,
        CleaningError,
        ConfigError,
        ImportFileError,
        PluginError,
        RecipeError,
        ScoreError,
        SourceError,
        StoreError,
        suggest,
    )
    from ccgcii.hookspecs import hookimpl
    from ccgcii.importing.making import ColumnMapping, find_column
    from ccgcii.importing.mappings import load_mapping, parse_mapping
    from ccgcii.importing.rows import Row, Table
    from ccgcii.importing.tables import open_table
    from ccgcii.indicators import DIMENSIONS, Indicator, indicator
    from ccgcii.methods import Columns, Method, Step
    from ccgcii.planning.slices import Plan, Slice
    from ccgcii.readers import BadRow, FileHead, FormatFacts, Reader
    from ccgcii.reports import ReportWriter, no_formula
    from ccgcii.scoring import Ranking, Recipe, score

__version__ = "0.1.0"

_HOMES = {
    "ccgcii.catalogues": ("CityAccount", "Outlet", "default_accounts", "default_cities", "outlets"),
    "ccgcii.catalogues.countries": ("checked_country",),
    "ccgcii.cities": ("City", "CityName", "Study"),
    "ccgcii.cleaning.reading.address_dates": ("AddressDate", "date_in_address"),
    "ccgcii.cleaning.reading.addresses": ("canonical_url", "country_of_domain", "outlet_domain"),
    "ccgcii.cleaning.enriching.languages": ("detect_language",),
    "ccgcii.cleaning.enriching.models": ("TextModel", "open_model"),
    "ccgcii.cleaning.toponyms.names": ("find_cities",),
    "ccgcii.cleaning.prefilter": ("prefilter_for",),
    "ccgcii.cleaning.enriching.sentiment": ("tone_of", "with_sentiment"),
    "ccgcii.cleaning.copies.sketches": ("SKETCH_VERSION", "sketch_text", "sketch_texts"),
    "ccgcii.cleaning.enriching.topics": ("find_topics", "topic_powers"),
    "ccgcii.cleaning.widths": ("display_width", "is_narrower"),
    "ccgcii.corpus": ("Corpus",),
    "ccgcii.crawling.apis.sources": ("ApiSource",),
    "ccgcii.crawling.apis.graph": ("GraphSource", "first_page", "next_page"),
    "ccgcii.crawling.apis.values": (
        "Abort",
        "ApiTroubleError",
        "Defer",
        "Estimate",
        "Fault",
        "Quota",
        "Renewal",
        "Retry",
        "Skip",
        "Terms",
        "Trouble",
    ),
    "ccgcii.crawling.bulk.sources": ("BulkPage", "BulkSource"),
    "ccgcii.crawling.sources": ("Page", "Source"),
    "ccgcii.documents": (
        "CHANNELS",
        "LAYERS",
        "CrowdFilter",
        "Document",
        "Drop",
        "Filter",
        "Member",
        "Mention",
        "NearTwinFilter",
        "PageFacts",
        "Record",
        "TwinFilter",
        "Verdict",
        "changed",
    ),
    "ccgcii.errors": (
        "CcgciiError",
        "CleaningError",
        "ConfigError",
        "ImportFileError",
        "PluginError",
        "RecipeError",
        "ScoreError",
        "SourceError",
        "StoreError",
        "suggest",
    ),
    "ccgcii.hookspecs": ("hookimpl",),
    "ccgcii.importing.making": ("ColumnMapping", "find_column"),
    "ccgcii.importing.mappings": ("load_mapping", "parse_mapping"),
    "ccgcii.importing.rows": ("Row", "Table"),
    "ccgcii.importing.tables": ("open_table",),
    "ccgcii.indicators": ("DIMENSIONS", "Indicator", "indicator"),
    "ccgcii.methods": ("Columns", "Method", "Step"),
    "ccgcii.planning.slices": ("Plan", "Slice"),
    "ccgcii.readers": ("BadRow", "FileHead", "FormatFacts", "Reader"),
    "ccgcii.reports": ("ReportWriter", "no_formula"),
    "ccgcii.scoring": ("Ranking", "Recipe", "score"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "CHANNELS",
    "DIMENSIONS",
    "LAYERS",
    "SKETCH_VERSION",
    "Abort",
    "AddressDate",
    "ApiSource",
    "ApiTroubleError",
    "BadRow",
    "BulkPage",
    "BulkSource",
    "CcgciiError",
    "City",
    "CityAccount",
    "CityName",
    "CleaningError",
    "ColumnMapping",
    "Columns",
    "ConfigError",
    "Corpus",
    "CrowdFilter",
    "Defer",
    "Document",
    "Drop",
    "Estimate",
    "Fault",
    "FileHead",
    "Filter",
    "FormatFacts",
    "GraphSource",
    "ImportFileError",
    "Indicator",
    "Member",
    "Mention",
    "Method",
    "NearTwinFilter",
    "Outlet",
    "Page",
    "PageFacts",
    "Plan",
    "PluginError",
    "Quota",
    "Ranking",
    "Reader",
    "Recipe",
    "RecipeError",
    "Record",
    "Renewal",
    "ReportWriter",
    "Retry",
    "Row",
    "ScoreError",
    "Skip",
    "Slice",
    "Source",
    "SourceError",
    "Step",
    "StoreError",
    "Study",
    "Table",
    "Terms",
    "TextModel",
    "Trouble",
    "TwinFilter",
    "Verdict",
    "__version__",
    "canonical_url",
    "changed",
    "checked_country",
    "country_of_domain",
    "date_in_address",
    "default_accounts",
    "default_cities",
    "detect_language",
    "display_width",
    "find_cities",
    "find_column",
    "find_topics",
    "first_page",
    "hookimpl",
    "indicator",
    "is_narrower",
    "load_mapping",
    "next_page",
    "no_formula",
    "open_model",
    "open_table",
    "outlet_domain",
    "outlets",
    "parse_mapping",
    "prefilter_for",
    "score",
    "sketch_text",
    "sketch_texts",
    "suggest",
    "tone_of",
    "topic_powers",
    "with_sentiment",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home when it is first asked for."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'ccgcii' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
