#!/usr/bin/env python3
"""Makes the files of tests/parquet with pyarrow (26.0.1): one measurement table as CSV, and the same rows as
Parquet in every type, encoding and packing that tests/it/parquet.rs reads. `python3 make_parquet.py` in this folder."""
import csv, datetime, decimal, random
import pyarrow as pa, pyarrow.parquet as pq

random.seed(20261125)
N = 150
DAY = datetime.date(2020, 1, 1)
units = [("mg/dL", 8840), ("kg", 9529), ("%", 8554), (None, None)]
rows = []
for i in range(N):
    unit, unit_id = units[random.randrange(4)]
    date = DAY + datetime.timedelta(days=random.randrange(-20000, 700))
    rows.append({
        "measurement_id": i + 1,
        "person_id": 1 + random.randrange(20),
        "measurement_concept_id": random.choice([3004249, 3012888, 3025315, 0]),
        "measurement_date": None if random.random() < 0.05 else date,
        "measurement_datetime": datetime.datetime.combine(date, datetime.time(random.randrange(24), random.randrange(60))),
        "value_as_number": None if random.random() < 0.2 else decimal.Decimal(random.randrange(-5000, 200000)) / 1000,
        "value_as_concept_id": None if random.random() < 0.5 else random.choice([45884084, 45878583]),
        "unit_concept_id": unit_id,
        "unit_source_value": unit,
        "measurement_source_value": random.choice(["29463-7", "8302-2", "héma \"q\""]),
        "value_source_value": None if random.random() < 0.5 else "x" * random.randrange(4) + str(random.randrange(30)),
    })
NAMES = list(rows[0])
with open("parquet/measurement.csv", "w", newline="") as f:
    out = csv.writer(f)
    out.writerow(NAMES)
    for r in rows:
        out.writerow(["" if r[n] is None else r[n] for n in NAMES])
with open("parquet/person.csv", "w") as f:
    f.write("person_id,gender_concept_id,year_of_birth\n" + "".join(f"{i},8507,{1940 + i}\n" for i in range(1, 21)))


def table(ints, date, time, number, text, ids=None):
    kinds = {"measurement_date": date, "measurement_datetime": time, "value_as_number": number,
             "unit_source_value": text, "measurement_source_value": text, "value_source_value": text, "person_id": ids or ints}
    def column(n):
        kind = kinds.get(n, ints)
        values = [r[n] for r in rows]
        if pa.types.is_string(kind) and n in ("measurement_date", "measurement_datetime"):
            values = [None if v is None else str(v) for v in values]
        if pa.types.is_timestamp(kind):
            values = [v and datetime.datetime(*v.timetuple()[:6]) for v in values]
        if pa.types.is_floating(kind):
            values = [None if v is None else float(v) for v in values]
        if pa.types.is_decimal(kind):
            values = [None if v is None else decimal.Decimal(v) for v in values]
        return pa.array(values, kind)
    return pa.table({n: column(n) for n in NAMES})


def write(name, t, **options):
    pq.write_table(t, f"parquet/{name}.parquet", write_statistics=False, store_schema=False, **options)


i32, i64, us = pa.int32(), pa.int64(), pa.timestamp("us")
dec, words = pa.decimal128(18, 3), pa.string()
write("snappy", table(i32, pa.date32(), us, dec, words), compression="snappy")
write("int_decimal", table(i32, pa.date32(), us, dec, words), compression="snappy", store_decimal_as_integer=True)
write("zstd_v2", table(i64, pa.date32(), pa.timestamp("ns", "UTC"), pa.decimal128(38, 3), words), compression="zstd",
      data_page_version="2.0", version="2.6")
write("gzip_plain", table(i32, words, pa.timestamp("ms"), pa.float64(), words), compression="gzip",
      use_dictionary=False)
write("int96", table(i64, pa.date32(), us, pa.float64(), words), compression="none", use_deprecated_int96_timestamps=True,
      row_group_size=64)
plain = ["measurement_id", "person_id", "measurement_concept_id", "measurement_date", "measurement_datetime",
         "value_as_concept_id", "unit_concept_id"]
text = ["unit_source_value", "measurement_source_value", "value_source_value"]
write("deltas", table(i32, pa.date32(), us, pa.float64(), words), compression="zstd", use_dictionary=False,
      column_encoding={**{n: "DELTA_BINARY_PACKED" for n in plain}, **{n: "DELTA_BYTE_ARRAY" for n in text},
                       "value_as_number": "BYTE_STREAM_SPLIT"})
write("delta_length", table(i64, pa.date32(), us, pa.float32(), words), compression="none", use_dictionary=False,
      data_page_version="2.0", column_encoding={**{n: "DELTA_BINARY_PACKED" for n in plain},
      **{n: "DELTA_LENGTH_BYTE_ARRAY" for n in text}, "value_as_number": "BYTE_STREAM_SPLIT"})
write("pandas_float_ids", table(pa.float64(), us, us, pa.float64(), pa.dictionary(pa.int8(), words), ids=pa.float64()))
write("unsigned", table(pa.uint32(), pa.date32(), us, dec, pa.large_string(), ids=pa.uint64()), compression="gzip")
write("decimal_ids", table(pa.decimal128(38, 0), pa.date32(), us, pa.decimal128(38, 10), words, ids=pa.decimal128(38, 0)))
write("text_ids", table(i32, words, us, dec, words, ids=pa.int64()), data_page_size=200, compression="snappy")
