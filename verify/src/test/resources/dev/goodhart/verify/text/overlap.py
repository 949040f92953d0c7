"""Writes overlap.jsonl: what sacreBLEU and rouge_score say of the cases below.

    pip install sacrebleu==2.6.0 rouge-score==0.1.2
    python overlap.py > overlap.jsonl

rouge_score may be absent; its column is then taken from a table of longest common subsequences that
is filled cell by cell, over the tokens that its documentation describes.
"""

import json
import random
import re

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF

try:
    from rouge_score import rouge_scorer

    SCORER = rouge_scorer.RougeScorer(["rougeL"])

    def rouge(response, reference):
        return SCORER.score(reference, response)["rougeL"].fmeasure

except ImportError:

    def rouge(response, reference):
        a, b = (re.findall("[a-z0-9]+", t.lower()) for t in (reference, response))
        table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
        for i, x in enumerate(a):
            for j, y in enumerate(b):
                table[i + 1][j + 1] = table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])
        common = table[-1][-1]
        return 2 * common / (len(a) + len(b)) if common else 0.0


CASES = [
    ("The cat sat on the mat.", ["The cat sat on the mat."]),
    ("The cat sat on the mat", ["The cat is sitting on the mat."]),
    ("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"]),
    ("", ["nothing to compare with"]),
    ("cat", ["cat"]),
    ("two words", ["two words"]),
    ("two words", ["many more than only two words in here"]),
    ("completely different", ["nothing shared at all"]),
    ("It costs $1,234.56, i.e. 5% less (net) - or so.", ["It cost 1,234.56 dollars: 5 % less, net, or so!"]),
    ("pages 3-5, 1.-2. and 10,000", ["pages 3 - 5, 1.- 2. and 10.000"]),
    ("Tom &amp; Jerry &lt;b&gt; &quot;hi&quot;", ["Tom & Jerry <b> \"hi\""]),
    ("a hyphen-\nated line\nand another", ["a hyphenated line and another"]),
    ("I'm don't won't rock'n'roll", ["I am do not will not rock and roll", "I'm, don't, rock'n'roll"]),
    ("Straße über Größe — naïve café", ["Strasse über Größe – naive Café"]),
    ("Привет, мир! Как дела?", ["Привет мир, как твои дела?"]),
    ("今天天气很好。", ["今天的天气非常好。"]),
    ("emoji 😀 and 👩‍👩‍👧 here", ["emoji 😀 or 👩‍👩‍👧 there"]),
    ("non\u00a0breaking and\u2003em space", ["non breaking and em space"]),
    ("(hi) [there] 'quoted' \"double\" end.", ["hi there quoted double end"]),
    ("UPPER lower MiXeD", ["upper LOWER mixed"]),
    ("one two three four five six seven eight", ["one two three", "four five six seven eight nine ten eleven"]),
    ("one two three four five", ["one two three four", "one two three four five six"]),
    ("x", ["a b c d e f"]),
    ("trailing space   ", ["trailing space"]),
    ("<skipped> kept", ["kept"]),
    ("3.14159 is pi, 2.71828 is e.", ["pi is 3.14159; e is 2.71828"]),
    ("a.b.c.d , . ; : ! ?", ["a . b . c . d ,.;:!?"]),
    ("def f(x): return x**2 + {'a': [1, 2]}['a'][0]", ["def f(y): return y ** 2 + {'a': [1, 2]}['a'][1]"]),
]

random.seed(3)
VOCABULARY = "the a of to in and is it cat dog house runs, sees. 3 10,5 don't big-red (old) tree; sky".split()
for _ in range(40):
    base = [random.choice(VOCABULARY) for _ in range(random.randint(3, 40))]
    near = [w for w in base if random.random() < 0.8]
    for _ in range(random.randint(0, 4)):
        near.insert(random.randint(0, len(near)), random.choice(VOCABULARY))
    other = [random.choice(VOCABULARY) for _ in range(random.randint(1, 40))]
    references = [" ".join(base)] if random.random() < 0.6 else [" ".join(base), " ".join(other)]
    CASES.append((" ".join(near), references))

BLEU_4 = BLEU(effective_order=True)
BLEU_2 = BLEU(effective_order=True, max_ngram_order=2, lowercase=True)
CHRF_2 = CHRF()
CHRF_PP = CHRF(word_order=2)
CHRF_1 = CHRF(char_order=4, word_order=1, beta=1, lowercase=True)
for response, references in CASES:
    print(
        json.dumps(
            {
                "sacrebleu": sacrebleu.__version__,
                "response": response,
                "references": references,
                "bleu": BLEU_4.sentence_score(response, references).score,
                "bleu-2-lc": BLEU_2.sentence_score(response, references).score,
                "chrf": CHRF_2.sentence_score(response, references).score,
                "chrf++": CHRF_PP.sentence_score(response, references).score,
                "chrf-4-1-lc": CHRF_1.sentence_score(response, references).score,
                "rouge-l": max(rouge(response, r) for r in references),
            }
        )
    )
