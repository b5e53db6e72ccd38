"""What was made faster says the same as what it replaces."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
)

from ccgcii import Document, Drop, Mention, Verdict, canonical_url, changed, detect_language
from ccgcii.cleaning.enriching import languages, sentiment
from ccgcii.cleaning.enriching.sentiment import with_sentiment
from ccgcii.cleaning.enriching.vader import Vader
from ccgcii.cleaning.pipeline import Pipeline
from ccgcii.cleaning.reading import addresses
from ccgcii.cleaning.toponyms import contexts, surroundings
from ccgcii.cleaning.toponyms.surroundings import words_of

WHEN = datetime(2020, 5, 1, tzinfo=UTC)
DOCUMENT = Document("test", "x", "https://x.test/1", WHEN, text="Wuhan is back to life")


@pytest.mark.parametrize("changes", [{}, {"least": 1.0, "bridge": 2.0, "never": -1.0}])
def test_vader_gives_the_figures_of_the_package(changes: dict[str, float]) -> None:
    package = SentimentIntensityAnalyzer()
    package.lexicon.update(changes)
    ours = Vader(package)
    rng = random.Random(2020)
    plain = ["the", "bridge", "of", "kind", "but", "no", "or", "nor", "at", "least", "so", "this"]
    marks = ["never", "without", "doubt", "!", "!!!", "??", "????", ":)", "\U0001f600", "isn't"]
    loud = [*BOOSTER_DICT, *NEGATE, *SPECIAL_CASES, *plain, *marks]
    words = [*rng.sample(sorted(package.lexicon), 400), *loud, *loud]
    for _ in range(5_000):
        chosen = [rng.choice(words) for _ in range(rng.randrange(14))]
        text = " ".join(word.upper() if rng.random() < 0.1 else word for word in chosen)
        assert ours.compound(text) == package.polarity_scores(text)["compound"], text


def test_a_silent_sentence_has_no_tone_whoever_it_speaks_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = random.Random(2020)
    words = ["Wuhan", "Nanjing", "the", "bridge", "so", "but", "better than", "up:bad", "ok;", ":)"]
    words += [
        ",",
        ";",
        "—",
        "great",
        "not",
        "(awful)",
        "x-bad",
        "fine—print",
        "\U0001f600",
        "said in",
    ]
    plain = [*words[:6], ",", ";", "—", "said in", "while"]
    silent = 0
    for turn in range(3_000):
        text = " ".join(
            rng.choice(plain if turn % 2 else words) for _ in range(rng.randrange(2, 9))
        )
        names = [
            Mention(name.lower(), "text", match.start(), match.end(), name, 0.9, "name")
            for name in ("Wuhan", "Nanjing")
            for match in re.finditer(name, text)
        ]
        document = replace(DOCUMENT, text=text, language="en", mentions=tuple(names))
        found = with_sentiment(document)
        with monkeypatch.context() as patched:
            patched.setattr(sentiment, "_silence_of", lambda _: None)
            assert found == with_sentiment(document), text
        silent += found.sentiment == 0
    assert 500 < silent < 2_500


def test_a_plain_address_needs_no_parser_to_come_out_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = random.Random(2020)
    hosts = ["www.a.test", "m.a.co.uk", "en.m.wiki.test", "amp.a.test", "x.com", "x.example"]
    parts = ["a", "A-b", "x.html", "b.c.d", "index.html", "amp", "a.amp", "ample", "_", "2020"]
    urls = [
        f"http{rng.choice(['', 's'])}://{rng.choice(hosts)}"
        + "".join(f"/{rng.choice(parts)}" for _ in range(rng.randrange(4)))
        + rng.choice(["", "/"])
        for _ in range(2_000)
    ]
    canonical_url.cache_clear()
    plainly = [canonical_url(url) for url in urls]
    canonical_url.cache_clear()
    monkeypatch.setattr(addresses, "_PLAIN", re.compile("nothing is plain"))
    assert plainly == [canonical_url(url) for url in urls]
    canonical_url.cache_clear()


def test_a_text_that_shouts_is_read_in_lower_case() -> None:
    quiet = detect_language("the bridge over the river was opened on a monday")
    assert quiet is not None
    assert quiet == detect_language("THE BRIDGE OVER THE RIVER WAS OPENED ON A MONDAY")


def test_changed_does_what_replace_does() -> None:
    mention = Mention("wuhan", "text", 0, 5, "Wuhan", 0.95, "name")
    assert changed(mention, field="title", end=6) == replace(mention, field="title", end=6)
    found = changed(DOCUMENT, mentions=(mention,), language="en")
    assert found == replace(DOCUMENT, mentions=(mention,), language="en")
    with pytest.raises(TypeError, match="no langauge"):
        changed(DOCUMENT, langauge="en")


@dataclass(frozen=True)
class Picky:
    name: ClassVar[str] = "picky"
    layer: ClassVar[int] = 2

    def clean(self, document: Document) -> Document | Drop:
        if "raise" in document.text:
            raise ValueError("no luck")
        return Drop("short") if "drop" in document.text else changed(document, title="seen")


@dataclass(frozen=True)
class Odd:
    name: ClassVar[str] = "odd"
    layer: ClassVar[int] = 4

    def clean(self, document: Document) -> Document | Drop:
        return document if "odd" not in document.text else None  # type: ignore[return-value] # what a broken filter does


def test_a_batch_is_judged_as_its_documents_are_alone() -> None:
    pipeline = Pipeline([Picky(), Odd()])
    texts = ["good", "drop", "raise", "odd", "raise odd", "drop", "good"]
    documents = [replace(DOCUMENT, text=text) for text in texts]
    since = [1, 1, 2, 3, 1, 3, 5]
    alone: list[list[tuple[str, str]]] = [[] for _ in texts]
    one_by_one = [
        pipeline.judge(document, problems, layer)
        for document, problems, layer in zip(documents, alone, since, strict=True)
    ]
    together: list[list[tuple[str, str]]] = [[] for _ in texts]
    assert pipeline.judge_all(documents, together, since) == one_by_one
    assert together == alone
    assert [isinstance(left, Verdict) for left in one_by_one].count(True) == 1


def test_words_are_told_the_same_with_and_without_looking_for_elisions() -> None:
    rng = random.Random(2020)
    parts = ["l", "d'", "dell’", "Wuhan", "'s", " ", ", ", "AT&T", "é", "武汉", "-", "«", "_", "."]
    for _ in range(3_000):
        text = "".join(rng.choice(parts) for _ in range(rng.randrange(9)))
        assert words_of(text) == surroundings._ELIDED.findall(text), text


def test_what_stands_before_a_name_is_read_as_the_expressions_say() -> None:
    table = tomllib.loads(contexts.FILE.read_text(encoding="utf-8"))["alphabet"]["before"]
    plain = re.compile(rf"(?:{'|'.join(table)})[«“\"'‘]?$", re.IGNORECASE)
    rng = random.Random(2020)
    parts = ["Treaty of", "convention of", "judge", "heure de", "55 days in", "ruko", "xã", "giờ"]
    parts += [
        "Radio",
        "radio",
        "Air",
        "2",
        "waktu",
        "quần đảo",
        "x",
        "«",
        '"',
        "(",
        "die lady von",
        "JUDGE",
        "Treaty OF",
        "RADIO",
    ]
    found = 0
    for _ in range(3_000):
        head = "".join(rng.choice(parts) + rng.choice([" ", ""]) for _ in range(rng.randrange(4)))
        told = plain.search(head) is not None
        found += told
        inside = contexts.is_inside_a_name(f"{head}Wuhan", len(head), len(head) + 5, "alphabet")
        assert inside == told, head
    assert found > 100


PLAIN = {
    "en": [
        "People were dancing in the squares of Wuhan, and their children would not go home.",
        "They said that the bridge between Nanjing and its suburbs will open after the holidays.",
    ],
    "zh": [
        "武汉长江大桥今天上午恢复通车，市民们在桥头拍照留念，交警部门提醒司机注意减速慢行，避免拥堵。",
        "上海迪士尼樂園宣布將於五月重新開放，遊客需要提前預約並出示健康碼，園區每日限流，餐廳座位減半。",
    ],
}
# What borrows English words, or is written alike.
NOT_PLAIN = [
    "De burgemeester was in Wuhan en is over de brug met die bus terug naar het station gegaan.",
    "Borgmesteren i Wuhan var under en bro, og der var mange at se for alle i byen her.",
    "Die burgemeester van Wuhan was by die brug en het met die mense daar oor hulle stad gepraat.",
    "„The bridge that they were building“, sagt der Bürgermeister von Wuhan, ist nicht fertig.",
    'El alcalde cantó "The end of the world and who they are" en la plaza de Wuhan.',
    "서울에서 " + "武漢市長江大橋開通式典參加者全員歡迎" * 3,
    "武漢市長江大橋開通",
]


def test_a_language_that_is_plain_to_see_is_what_the_model_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [text for of_language in PLAIN.values() for text in of_language]
    seen = [languages._plainly(text) for text in texts]
    assert seen == ["en", "en", "zh", "zh"]
    monkeypatch.setattr(languages, "_plainly", lambda _: None)
    told = [detect_language(text) for text in texts]
    assert [language and language.code for language in told] == seen


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_what_is_not_plain_is_left_to_the_model(text: str) -> None:
    assert languages._plainly(text) is None
