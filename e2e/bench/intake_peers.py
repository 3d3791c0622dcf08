"""What peers take to read the same files into rows: nothing is de-identified, joined, ordered or stored.

python3 intake_peers.py FOLDER; prints a JSON line a measurement. DuckDB and orjson are used where they are installed.
"""
import glob
import json
import os
import sys
import time

folder = sys.argv[1]


def measure(name, what, mb, read):
    begun, cpu = time.perf_counter(), time.process_time()
    rows = read()
    wall, on_cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(json.dumps({"name": name, "peer": what, "rows": rows, "wall_s": wall, "cpu_s": on_cpu, "mb_per_cpu_s": mb / on_cpu}))


def size(files):
    return sum(os.path.getsize(f) for f in files) / 1e6


def fhir(loads, files):
    rows = 0
    for name in files:
        events = []
        with open(name, "rb") as lines:
            for line in lines:
                r = loads(line)
                code = r.get("code") or r.get("vaccineCode") or r.get("medicationCodeableConcept") or {}
                coding = (code.get("coding") or [{}])[0]
                date = r.get("effectiveDateTime") or r.get("onsetDateTime") or r.get("authoredOn")
                value = (r.get("valueQuantity") or {}).get("value")
                events.append(((r.get("subject") or {}).get("reference"), coding.get("system"), coding.get("code"), date, value))
        rows += len(events)
    return rows


def tables(duckdb, end):
    reader = "read_parquet" if end == "parquet" else "read_csv"
    rows = 0
    connection = duckdb.connect(config={"threads": 1})
    for i, name in enumerate(sorted(glob.glob(os.path.join(folder, "omop", "*." + end)))):
        connection.execute(f"create table t{i} as select * from {reader}('{name}')")
        rows += connection.execute(f"select count(*) from t{i}").fetchone()[0]
    return rows


ndjson = sorted(glob.glob(os.path.join(folder, "fhir", "*.ndjson")))
measure("fhir_ndjson", "python " + sys.version.split()[0] + " json", size(ndjson), lambda: fhir(json.loads, ndjson))
try:
    import orjson

    measure("fhir_ndjson", "orjson " + orjson.__version__, size(ndjson), lambda: fhir(orjson.loads, ndjson))
except ImportError:
    print("orjson is not installed: no such peer", file=sys.stderr)
try:
    import duckdb

    for end in ["csv", "parquet"]:
        files = glob.glob(os.path.join(folder, "omop", "*." + end))
        measure("omop_" + end, "DuckDB " + duckdb.__version__ + ", one thread", size(files), lambda: tables(duckdb, end))
except ImportError:
    print("duckdb is not installed: no such peer", file=sys.stderr)
