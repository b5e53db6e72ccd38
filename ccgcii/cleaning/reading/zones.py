"""Which time zone a moment is in that names none, or names it by letters.

Zones that shift in summer are left out: there a moment without a zone stays as it is written.
"""

from __future__ import annotations

from datetime import timedelta, timezone

from ccgcii.cleaning.reading.addresses import country_of_domain, outlet_domain

_HOURS_BY_COUNTRY = {
    **dict.fromkeys(("CN", "HK", "MO", "TW", "SG", "MY", "PH", "BN"), 8.0),
    **dict.fromkeys(("JP", "KR", "KP"), 9.0),
    **dict.fromkeys(("VN", "TH", "KH", "LA", "ID"), 7.0),
    **dict.fromkeys(("TR", "SA", "QA", "KW", "BH", "IQ", "YE", "JO", "SY", "BY"), 3.0),
    **dict.fromkeys(("RU", "KE", "ET"), 3.0),
    **dict.fromkeys(("AE", "OM", "AM", "AZ", "GE"), 4.0),
    **dict.fromkeys(("PK", "UZ", "TJ", "TM"), 5.0),
    **dict.fromkeys(("ZA", "ZW", "ZM", "BW", "RW", "LY"), 2.0),
    **dict.fromkeys(("NG", "DZ", "TN", "CM", "AO"), 1.0),
    **dict.fromkeys(("GH", "SN", "CI", "IS"), 0.0),
    **dict.fromkeys(("AR", "UY"), -3.0),
    **dict.fromkeys(("CO", "PE", "EC", "PA", "JM"), -5.0),
    "IN": 5.5, "LK": 5.5, "NP": 5.75, "BD": 6.0, "MM": 6.5, "IR": 3.5, "AF": 4.5, "VE": -4.0,
    "BO": -4.0,
}  # fmt: skip
# Languages that are written in one zone, wherever their sites are registered.
_HOURS_BY_LANGUAGE = {"zh": 8.0, "ja": 9.0, "ko": 9.0, "vi": 7.0, "th": 7.0, "tr": 3.0}
# CST is Chicago and China, IST India, Israel and Ireland, BST also Bangladesh: they say too little.
_HOURS_BY_LETTERS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "SAST": 2, "PKT": 5, "WIB": 7, "ICT": 7, "HKT": 8, "SGT": 8, "MYT": 8, "PHT": 8,
    "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5,
    "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "BRT": -3, "ART": -3,
}  # fmt: skip


def zone_of(url: str, language: str | None) -> timezone | None:
    """Return the zone that a newsroom's clock shows, by its domain's country, then its language."""
    domain = outlet_domain(url)
    country = country_of_domain(domain) if domain else None
    hours = _HOURS_BY_COUNTRY.get(country) if country else None
    if hours is None and country is None:
        hours = _HOURS_BY_LANGUAGE.get((language or "")[:2].lower())
    return None if hours is None else timezone(timedelta(hours=hours))


def zone_by_letters(letters: str | None, offset: int | None = None) -> timezone | None:
    """Return the zone behind letters like EDT or HKT; None for those that several zones share."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    hours = _HOURS_BY_LETTERS.get((letters or "").upper())
    return None if hours is None else timezone(timedelta(hours=hours))
