"""What flashgeotext finds: lines {"id", "text"} in, one object {id: [names]} out.

Run by the Python of an environment of its own (`pip install flashgeotext`); it imports nothing of
ccgcii, and ccgcii nothing of it.
"""

from __future__ import annotations

import json
import sys

from flashgeotext.geotext import GeoText  # type: ignore[import-not-found]  # not ours to install


def main() -> None:
    """Answer standard input."""
    finder = GeoText()
    answers = {}
    for line in sys.stdin:
        asked = json.loads(line)
        answers[asked["id"]] = sorted(finder.extract(input_text=asked["text"])["cities"])
    json.dump(answers, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
