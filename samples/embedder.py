#!/usr/bin/env python3
"""A program for --embed-command: the arithmetic of make_samples.py in the place of a model; standard library only.

    slab query texts-index --text "love in italy" --embed-command 'python3 samples/embedder.py' --embed-model samples-32

One line of JSON comes in for each batch, {"texts": ["...", ...], "kind": "document" or "query", "model": "..."}; one line
goes out with a vector for each text, and at once (flush). A model takes the place of embed():

    model = SentenceTransformer("all-MiniLM-L6-v2")
    ... json.dumps(model.encode(request["texts"]).tolist())
"""
import json
import sys

from make_samples import embed, facts, full_text, vocabulary, words


def main():
    known = vocabulary(full_text(fact) for fact in facts())

    def vector(text):
        own = set(words(text))
        return embed(text, own & known or own)

    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps([vector(text) for text in request["texts"]]), flush=True)


if __name__ == "__main__":
    main()
