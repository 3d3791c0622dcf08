"""Weighted log-rank tests, which R's survival does not have, by lifelines (pip install lifelines==0.30.3).

Run from this folder after survival.R: python3 weighted_log_rank.py. Reads survival.json, writes weighted_log_rank.json.
"""
import json
import lifelines
import pandas
from lifelines.statistics import multivariate_logrank_test

data = json.load(open("survival.json"))["data"]
kinds = {
    "gehan-breslow": {"weightings": "wilcoxon"},
    "tarone-ware": {"weightings": "tarone-ware"},
    "peto-peto": {"weightings": "peto"},
    "fleming-harrington 1 0": {"weightings": "fleming-harrington", "p": 1, "q": 0},
    "fleming-harrington 0 1": {"weightings": "fleming-harrington", "p": 0, "q": 1},
    "fleming-harrington 1 1": {"weightings": "fleming-harrington", "p": 1, "q": 1},
}
tests = []
for name, time, group in [("lung_all", "time", "sex"), ("lung", "month", "ph.ecog"), ("veteran", "time", "cell"), ("gbsg", "time", "hormon")]:
    d = pandas.DataFrame(data[name])
    for kind, options in kinds.items():
        r = multivariate_logrank_test(d[time], d[group], d["event"], **options)
        tests.append({"set": name, "time": time, "event": "event", "group": group, "kind": kind,
                      "chi2": float(r.test_statistic), "df": int(r.degrees_of_freedom), "p": float(r.p_value)})
json.dump({"lifelines": lifelines.__version__, "tests": tests}, open("weighted_log_rank.json", "w"), indent=1)
