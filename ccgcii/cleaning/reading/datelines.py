"""The day in a dateline, as newsrooms write it in fourteen languages: 18. Mai 2020."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

# A dateline is a short line: in running text a day is mostly that of an event.
LONGEST = 80
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
# What speaks for the day of publication right before it; `updated` speaks of another day.
_PUBLISHED = re.compile(
    r"publi|posted|erstellt|veröffentlicht|发布|發布|发表|發佈|公開|掲載|配信|입력|등록|опубликован|"
    r"النشر|نشر|terbit|đăng|yayın|日期|时间|時間",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"updated|modified|aktualisiert|mis à jour|actualizado|atualizado|aggiornat|обновлен|更新|"
    r"수정|آخر تحديث|diperbarui|cập nhật|güncelle",
    re.IGNORECASE,
)
_EAST_ASIAN = (
    r"(?P<y1>(?:19|20)\d\d)\s?[年년]\s?(?P<m1>\d{1,2})\s?[月월]"
    r"\s?(?P<d1>\d{1,2})\s?[日일]"
)
_YEAR_FIRST = r"(?P<y2>(?:19|20)\d\d)([-/.])\s?(?P<m2>\d{1,2})\5\s?(?P<d2>\d{1,2})(?!\d)"
_MONTHS = (
    "jan january januar janvier enero janeiro gennaio январь января يناير januari ocak|"
    "feb february februar février fevrier febrero fevereiro febbraio февраль февраля "
    "فبراير februari şubat|"
    "mar march märz mars marzo março марта март مارس maret mart|"
    "apr april avril abril aprile апреля апрель أبريل ابريل إبريل nisan|"
    "may mai mayo maio maggio мая май مايو mei mayıs|"
    "jun june juni juin junio junho giugno июня июнь يونيو haziran|"
    "jul july juli juillet julio julho luglio июля июль يوليو temmuz|"
    "aug august août aout agosto августа август أغسطس اغسطس "
    "agustus ağustos|"
    "sep sept september septembre septiembre setembro settembre сентября сентябрь سبتمبر eylül|"
    "oct october oktober okt octobre octubre outubro ottobre октября октябрь أكتوبر اكتوبر ekim|"
    "nov november novembre noviembre novembro ноября ноябрь نوفمبر kasım|"
    "dec december dezember décembre decembre diciembre dezembro dicembre "
    "декабря декабрь ديسمبر desember aralık"
)


@cache
def _months() -> dict[str, int]:
    lists = enumerate(_MONTHS.split("|"), 1)
    return {name: number for number, names in lists for name in names.split()}


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return re.compile(
        rf"{_EAST_ASIAN}|(?<!\d){_YEAR_FIRST}"
        rf"|(?<!\d)(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|º|°)?\.?\s+(?:de\s+|of\s+)?(?P<m3>{names})\.?,?"
        r"\s+(?:de\s+)?(?P<y3>(?:19|20)\d\d)(?!\d)"
        rf"|\b(?P<m4>{names})\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>(?:19|20)\d\d)(?!\d)"
        # Day, month, year in figures: with dots, or with a day that can be no month.
        r"|(?<!\d)(?P<d5>\d{1,2})\.(?P<m5>\d{1,2})\.(?P<y5>(?:19|20)\d\d)(?!\d)"
        r"|(?<!\d)(?P<d6>1[3-9]|2\d|3[01])[/-](?P<m6>\d{1,2})[/-](?P<y6>(?:19|20)\d\d)(?!\d)",
        re.IGNORECASE,
    )


def day_in(line: str) -> datetime | None:
    """Return the midnight (UTC) of the day that a dateline names; None for any other line."""
    if len(line) > LONGEST:
        return None
    match = _pattern().search(line.translate(_DIGITS))
    if match is None:
        return None
    kind = next(number for number in range(1, 7) if match[f"y{number}"])
    month = match[f"m{kind}"].lower()
    number = int(month) if month.isdigit() else _months()[month]
    try:
        return datetime(int(match[f"y{kind}"]), number, int(match[f"d{kind}"]), tzinfo=UTC)
    except ValueError:
        return None


def speaks_of_publication(line: str) -> int:
    """Return 1 if a dateline says that it tells the publication, -1 the update, 0 if neither."""
    if _PUBLISHED.search(line):
        return 1
    return -1 if _UPDATED.search(line) else 0
