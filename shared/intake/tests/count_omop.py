#!/usr/bin/env python3
"""Counts OMOP tables without Rounds: what an import must keep, reject and not use, table by table.

    python3 count_omop.py FOLDER_OR_FILE...     (.csv, .csv.gz; .parquet with pyarrow installed)

The rules are those that shared/intake/src/omop.rs documents, written down a second time from the OMOP CDM 5.4
specification, as plainly as possible and with whole tables in memory; tests/it/omop_shared.rs holds the numbers this prints.
Rows are kept, rejected or not used; a person's second row and a second death are rejected; eras and details of visits are
kept apart from the events ('spans'); of the vocabulary is kept what the records use.
"""
import csv, datetime, gzip, io, json, os, sys
from collections import Counter, OrderedDict

ALIASES = {"visit": "visit_occurrence", "condition": "condition_occurrence", "drug": "drug_exposure",
           "procedure": "procedure_occurrence", "device": "device_exposure", "devices_exposure": "device_exposure"}
EVENTS = {  # table: (domain, concept column, date columns, end columns)
    "visit_occurrence": ("visit", "visit_concept_id", ["visit_start_date", "visit_start_datetime"],
                         ["visit_end_date", "visit_end_datetime"]),
    "condition_occurrence": ("condition", "condition_concept_id", ["condition_start_date", "condition_start_datetime"],
                             ["condition_end_date", "condition_end_datetime"]),
    "drug_exposure": ("drug", "drug_concept_id", ["drug_exposure_start_date", "drug_exposure_start_datetime"],
                      ["drug_exposure_end_date", "drug_exposure_end_datetime"]),
    "procedure_occurrence": ("procedure", "procedure_concept_id", ["procedure_date", "procedure_datetime"],
                             ["procedure_end_date", "procedure_end_datetime"]),
    "measurement": ("measurement", "measurement_concept_id", ["measurement_date", "measurement_datetime"], []),
    "observation": ("observation", "observation_concept_id", ["observation_date", "observation_datetime"], []),
    "device_exposure": ("device", "device_concept_id", ["device_exposure_start_date", "device_exposure_start_datetime"],
                        ["device_exposure_end_date", "device_exposure_end_datetime"]),
    "specimen": ("specimen", "specimen_concept_id", ["specimen_date", "specimen_datetime"], []),
    "death": ("death", "cause_concept_id", ["death_date", "death_datetime"], []),
}
SPANS = {
    "visit_detail": (None, "visit_detail_concept_id", ["visit_detail_start_date", "visit_detail_start_datetime"], []),
    "condition_era": (None, "condition_concept_id", ["condition_era_start_date"], []),
    "drug_era": (None, "drug_concept_id", ["drug_era_start_date"], []),
    "dose_era": (None, "drug_concept_id", ["dose_era_start_date"], []),
}
VOCABULARY = ["concept_relationship", "concept_ancestor", "concept"]
USED = ["person", "observation_period", *EVENTS, "note", *SPANS, *VOCABULARY]
NONE = {"", "NULL", "null", "NA", "\\N", "NaN", "nan"}


def rows_of(path):
    """Rows of a file as dictionaries by small column names; None for a row with another number of fields."""
    if path.endswith(".parquet"):
        import pyarrow.parquet as pq
        for row in pq.read_table(path).to_pylist():
            yield {k.lower(): "" if v is None else str(v) for k, v in row.items()}
        return
    data = gzip.open(path).read() if path.endswith(".gz") else open(path, "rb").read()
    text = data.decode("utf-8-sig")
    head = text.split("\n", 1)[0]
    delimiter = max(",\t;|", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [n.strip().lower() for n in next(reader)]
    for fields in reader:
        if not fields:
            continue
        if len(fields) != len(names) and (len(fields) < len(names) or any(f.strip() for f in fields[len(names):])):
            yield None
        else:
            yield {n: "" if f.strip() in NONE else f.strip() for n, f in zip(names, fields)}


def table_of(path):
    name = os.path.basename(path).lower()
    for end in (".gz", ".csv", ".parquet"):
        name = name.removesuffix(end)
    if name not in USED and name not in ALIASES:
        # concept_ancestor_dbtsynthea.csv.gz is the one file that is not named as its table: give it that name.
        name = "concept_ancestor" if name.startswith("concept_ancestor") else name
    return ALIASES.get(name, name)


def day(row, columns):
    text = next((row[c] for c in columns if row.get(c)), "")
    try:
        y, m, d = text.replace("T", " ").split(" ")[0].split("-")
        return datetime.date(int(y), int(m), int(d))
    except ValueError:
        return None


def whole(text):
    text = text.removesuffix(".0")
    return int(text) if text.lstrip("+-").isdigit() else None


def main(paths):
    files = []
    for path in paths:
        files += [os.path.join(path, f) for f in sorted(os.listdir(path))] if os.path.isdir(path) else [path]
    tables = OrderedDict()
    for path in files:
        tables.setdefault(table_of(path), []).extend(rows_of(path))
    count = {t: Counter(read=len(rows)) for t, rows in tables.items()}
    persons = {}
    for row in tables.get("person", []):
        key = row and row.get("person_id", "").removesuffix(".0")
        if not key or key in persons:
            count["person"]["rejected"] += 1
        else:
            persons[key] = row
            count["person"]["kept"] += 1
    used, of_events, domains, dead = set(), set(), Counter(), set()
    for p in persons.values():
        used |= {whole(p.get(c, "")) or 0 for c in ("race_concept_id", "ethnicity_concept_id")}
    values_rejected = 0
    for t, (domain, concept, dates, ends) in {**EVENTS, **SPANS}.items():
        for row in tables.get(t, []):
            person = row and row.get("person_id", "").removesuffix(".0")
            text = row.get(concept, "") if row else ""
            start = day(row, dates) if row else None
            if not person or start is None or (text and whole(text) is None) or (t == "death" and person in dead) \
                    or person not in persons:
                count[t]["rejected"] += 1
                continue
            if t == "death":
                dead.add(person)
            end = next((row[c] for c in ends if row.get(c)), "")
            if end and (day(row, ends) is None or day(row, ends) < start):
                values_rejected += 1
            count[t]["kept"] += 1
            if domain:
                domains[domain] += 1
            # Without a standard concept the source's own counts.
            meant = whole(text or "0") or whole(row.get(concept.replace("_concept_id", "_source_concept_id"), "")) or 0
            of_events.add(meant)
            used |= {meant} | {whole(row.get(c, "")) or 0 for c in ("value_as_concept_id", "unit_concept_id")}
    for t in ("observation_period", "note"):
        for row in tables.get(t, []):
            if t == "note":
                fine = row and day(row, ["note_date", "note_datetime"]) and row.get("note_text")
            else:
                ends = [day(row, [f"observation_period_{e}_date"]) for e in ("start", "end")] if row else [None]
                fine = all(ends) and ends[0] <= ends[1]
            count[t]["kept" if fine and row.get("person_id") in persons else "rejected"] += 1
    of_events -= {0}
    used -= {0}
    maps = {(whole(r["concept_id_1"]), whole(r["concept_id_2"])) for r in tables.get("concept_relationship", [])
            if r and r["relationship_id"] == "Maps to" and not r["invalid_reason"]}
    maps = {(a, b) for a, b in maps if a != b and (a in of_events or b in of_events)}
    below = of_events | {b for a, b in maps if a in of_events}
    ancestors = {(whole(r["ancestor_concept_id"]), whole(r["descendant_concept_id"]))
                 for r in tables.get("concept_ancestor", []) if r}
    ancestors = {(a, d) for a, d in ancestors if d in below}
    worded = used | {a for a, _ in ancestors} | {x for m in maps for x in m}
    concepts = {whole(r["concept_id"]) for r in tables.get("concept", []) if r} & worded
    for t, kept in zip(VOCABULARY, (maps, ancestors, concepts)):
        if t in count:
            count[t]["kept"] = len(kept)
    total = Counter()
    for t, c in count.items():
        c["not_used"] = c["read"] - c["kept"] - c["rejected"]
        total.update(c)
        if c["read"]:
            print(json.dumps({"table": t if t in USED else f"{t} (not used)",
                              **{k: c[k] for k in ("read", "kept", "rejected", "not_used")}}))
    print(json.dumps({"persons": len(persons), "events": sum(domains.values()), "notes": count.get("note", {}).get("kept", 0),
                      "spans": sum(count[t]["kept"] for t in SPANS if t in count), "ends_set_to_missing": values_rejected,
                      "rows": {k: total[k] for k in ("read", "kept", "rejected", "not_used")},
                      "domains": dict(sorted(domains.items()))}))


main(sys.argv[1:])
