"""What datasketch's MinHash LSH finds: lines {"id", "text"} in, a list of pairs of ids out.

As its README does it: a set of words, 128 permutations, threshold 0.6. Run by the Python of an
environment of its own (`pip install datasketch`); it imports nothing of ccgcii.
"""

from __future__ import annotations

import json
import sys

from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found]  # not ours to install


def main() -> None:
    """Answer standard input."""
    lsh = MinHashLSH(threshold=0.6, num_perm=128)
    pairs = []
    for line in sys.stdin:
        asked = json.loads(line)
        signature = MinHash(num_perm=128)
        for word in set(asked["text"].split()):
            signature.update(word.encode())
        pairs += [[other, asked["id"]] for other in lsh.query(signature)]
        lsh.insert(asked["id"], signature)
    json.dump(pairs, sys.stdout)


if __name__ == "__main__":
    main()
