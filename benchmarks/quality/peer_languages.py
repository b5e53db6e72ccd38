"""What lingua and py3langid find: lines {"id", "text"} in, {peer: {id: language}} out.

Run by the Python of an environment of its own (`pip install lingua-language-detector py3langid`);
it imports nothing of ccgcii. Each is used as its README does it, over all its languages.
"""

from __future__ import annotations

import json
import sys
import time

import py3langid  # type: ignore[import-not-found]  # not ours to install
from lingua import LanguageDetectorBuilder  # type: ignore[import-not-found]  # not ours to install


def main() -> None:
    """Answer standard input."""
    asked = [json.loads(line) for line in sys.stdin]
    lingua = LanguageDetectorBuilder.from_all_languages().build()
    answers: dict[str, dict[str, str]] = {"lingua": {}, "py3langid": {}}
    started = time.process_time()
    for row in asked:
        found = lingua.detect_language_of(row["text"])
        answers["lingua"][row["id"]] = found.iso_code_639_1.name.lower() if found else ""
    between = time.process_time()
    for row in asked:
        answers["py3langid"][row["id"]] = str(py3langid.classify(row["text"])[0])
    seconds = {"lingua": between - started, "py3langid": time.process_time() - between}
    json.dump({"answers": answers, "seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
