"""What all cleaning workers need, made once: they are forks of a process that imports this.

A post in each language that has lists of its own goes through the filters, so that whatever these
make when they are first asked is there. Only what ccgcii ships is loaded: the plugin of another may
start threads, which a fork loses. For the same reason the posts are too short for a sketch.
"""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from importlib import metadata

from ccgcii.catalogues import default_cities
from ccgcii.cities import Study
from ccgcii.cleaning.judging import Case, Judge
from ccgcii.cleaning.pipeline import Pipeline
from ccgcii.cleaning.prefilter import prefilter_for
from ccgcii.cleaning.work import record_document
from ccgcii.documents import Record
from ccgcii.plugins import GROUP, Plugins

_POSTS = (
    "Analysts in Wuhan praised the great new bridge, but its opening was late.",
    "武汉的新大桥很漂亮，但是开通晚了一些。",
    "Notre voyage à Wuhan: trois ponts et beaucoup de photos.",
)


def warm() -> None:
    """Clean a few posts about the hundred cities."""
    from ccgcii.cleaning.reading import pages  # noqa: F401, PLC0415 - for the import alone

    installed = metadata.entry_points(group=GROUP)
    others = {point.name for point in installed if point.dist and point.dist.name != "ccgcii"}
    cities = default_cities()
    study = Study("any", "2020-01-01", "2020-12-31", cities)
    judge = Judge(Pipeline.build(study, Plugins.load(others), {}), ())
    when = datetime(2020, 5, 1, tzinfo=UTC)
    cases = [
        Case(number, record_document(Record(str(number), "x", "", "", text, when), "warm", when))
        for number, text in enumerate(_POSTS)
    ]
    judge.judge(cases)
    prefilter_for(cities)
    # What the garbage collector never looks at stays one memory for all forks.
    gc.collect()
    gc.freeze()


warm()
