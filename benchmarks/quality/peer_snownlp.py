"""SnowNLP's tone of Chinese texts: run by an environment that has it, as the peer of tones.py.

Reads lines {"id", "text"} from standard input, writes {id: share of positive in 0-1} as JSON.
"""

from __future__ import annotations

import json
import sys

from snownlp import SnowNLP

if __name__ == "__main__":
    rows = map(json.loads, sys.stdin)
    json.dump({row["id"]: SnowNLP(row["text"]).sentiments for row in rows}, sys.stdout)
