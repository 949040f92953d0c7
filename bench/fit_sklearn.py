#!/usr/bin/python3
"""The yardstick for `goodhart fit`: hashed n-grams and a linear Bradley-Terry model in scikit-learn.

    fit_sklearn.py TRAIN.jsonl TEST.jsonl [--features plain|words|words+characters]

plain            words and word pairs, everything else as scikit-learn has it by default
words            the same, but presence in place of counts and no scaling to unit length
words+characters the same with character 4-grams beside them, as `goodhart fit` has

The last two and each one's regularisation are the best that were found on development prompts: a
dozen settings of norm, counts or presence, regularisation, averaging and passes. Each distinct response is
vectorised once; with --again each pair's two responses are, as in a script that transforms a column of chosen
and a column of rejected texts. A pair is the difference of its two rows, given in a random direction so that
both classes occur. The logistic loss without an intercept on such differences is the
Bradley-Terry likelihood.
"""

import argparse
import json
import time

import numpy as np
import scipy.sparse as sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier


def read(file, ids, texts, again):
    chosen, rejected = [], []
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            for side, index in (("chosen", chosen), ("rejected", rejected)):
                key = (row["prompt"], row[side])
                at = ids.get(key)
                if at is None or again:
                    at = ids[key] = len(texts)
                    texts.append(row[side])
                index.append(at)
    return np.array(chosen), np.array(rejected)


ALPHA = {"plain": 1e-6, "words": 1e-2, "words+characters": 1e-1}


def vectorise(texts, features):
    size = {"n_features": 2**20, "alternate_sign": False}
    if features == "plain":
        return HashingVectorizer(ngram_range=(1, 2), **size).transform(texts)
    present = {"binary": True, "norm": None, **size}
    words = HashingVectorizer(ngram_range=(1, 2), **present).transform(texts)
    if features == "words":
        return words
    characters = HashingVectorizer(analyzer="char", ngram_range=(4, 4), lowercase=False, **present)
    return sparse.hstack([words, characters.transform(texts)], format="csr")


def accuracy(model, x, pairs):
    reward = x @ model.coef_.ravel()
    gap = reward[pairs[0]] - reward[pairs[1]]
    return float(np.mean((gap > 0) + 0.5 * (gap == 0)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--features", choices=list(ALPHA), default="words")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    start = time.perf_counter()
    ids, texts = {}, []
    train = read(options.train, ids, texts, options.again)
    test = read(options.test, ids, texts, options.again)
    have_read = time.perf_counter()
    x = vectorise(texts, options.features)
    vectorised = time.perf_counter()
    sign = np.random.default_rng(options.seed).choice([-1, 1], len(train[0]))
    difference = sparse.diags(sign).dot(x[train[0]] - x[train[1]])
    model = SGDClassifier(
        loss="log_loss",
        alpha=ALPHA[options.features],
        fit_intercept=False,
        random_state=options.seed,
    )
    model.fit(difference, sign)
    fitted = time.perf_counter()
    length = np.array([len(t) for t in texts])
    longer = np.sign(length[test[0]] - length[test[1]])
    print(
        json.dumps(
            {
                "accuracy": accuracy(model, x, test),
                "training_accuracy": accuracy(model, x, train),
                "longer_wins": float(np.mean((longer + 1) / 2)),
                "read_s": have_read - start,
                "vectorise_s": vectorised - have_read,
                "fit_s": fitted - vectorised,
            }
        )
    )


if __name__ == "__main__":
    main()
