"""The cleaning filters that ship with ccgcii: one module a layer, in the order of the funnel.

They are made as anyone else would publish them. Options stand in ccgcii.toml as
`[filters.NAME]`; `enabled = false` switches one off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl

if TYPE_CHECKING:
    from ccgcii import CrowdFilter, Filter, NearTwinFilter, Study, TwinFilter


@hookimpl
def ccgcii_filters(study: Study) -> list[Filter | TwinFilter | NearTwinFilter | CrowdFilter]:
    """Give every filter, set up for the study's window and cities."""
    from ccgcii_cleaning import (  # noqa: PLC0415 - `ccgcii --help` needs none of them
        adverts,
        crowds,
        duplication,
        noise,
        quality,
        relevance,
        validity,
    )

    return [
        *validity.filters(study),
        *relevance.filters(study),
        *duplication.filters(),
        *noise.filters(),
        *adverts.filters(),
        *crowds.filters(),
        *quality.filters(study),
    ]
