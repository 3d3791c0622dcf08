#!/usr/bin/env python3
"""Counts FHIR files without Rounds: what an import must keep, and how many events and notes it must give.

    python3 count_fhir.py PATH...        (folders, .json, .ndjson, .gz, .zip)

Only the standard library. The rules are those that shared/intake/src/fhir.rs documents, written down a second time
from the FHIR R4 specification, as plainly as possible and with whole files in memory; tests/it/fhir_shared.rs holds the
numbers this prints. The last version of a resource (by meta.lastUpdated, else the order) counts.
"""
import base64, gzip, io, json, os, re, sys, zipfile
from collections import Counter

NOT_EVENTS = {
    "Encounter": {"planned", "cancelled"}, "Observation": {"registered", "cancelled"},
    "MedicationRequest": {"draft", "cancelled"}, "MedicationStatement": {"intended", "not-taken", "draft"},
    "MedicationAdministration": {"not-done"}, "Immunization": {"not-done"},
    "MedicationDispense": {"preparation", "cancelled", "declined"}, "Procedure": {"preparation", "not-done"},
    "DiagnosticReport": {"registered", "cancelled"}, "DeviceUseStatement": {"intended", "not-done"},
    "DeviceUsage": {"intended", "not-done"},
}
DATES = {
    "Encounter": ["period", "actualPeriod"],
    "Condition": ["onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate", "dateRecorded"],
    "Observation": ["effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming", "issued"],
    "MedicationRequest": ["authoredOn", "dateWritten"],
    "MedicationStatement": ["effectiveDateTime", "effectivePeriod", "effectiveTiming", "dateAsserted"],
    "MedicationAdministration": ["effectiveDateTime", "effectivePeriod", "occurenceDateTime", "occurencePeriod",
                                 "occurenceTiming", "recorded"],
    "MedicationDispense": ["whenHandedOver", "whenPrepared", "recorded"],
    "Procedure": ["performedDateTime", "performedPeriod", "occurrenceDateTime", "occurrencePeriod", "occurrenceTiming"],
    "Immunization": ["occurrenceDateTime", "date", "recorded"],
    "AllergyIntolerance": ["onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate", "lastOccurrence"],
    "DiagnosticReport": ["effectiveDateTime", "effectivePeriod", "issued"],
    "DeviceUseStatement": ["timingDateTime", "timingPeriod", "timingTiming", "recordedOn", "dateAsserted"],
}
DATES["DeviceUsage"] = DATES["DeviceUseStatement"]
SUBJECT = {"Immunization": ["patient"], "AllergyIntolerance": ["patient"], "Condition": ["subject", "patient"]}
CODE = {"Immunization": "vaccineCode"}
DOMAIN = {"Encounter": "visit", "Condition": "condition", "Procedure": "procedure", "Immunization": "drug",
          "AllergyIntolerance": "observation", "DiagnosticReport": "observation", "DeviceUseStatement": "device",
          "DeviceUsage": "device"}
USED = set(DATES) | {"Patient", "Medication", "Device", "DocumentReference", "Composition"}
TEXT_TYPES = {"", "text/plain", "text/markdown", "text/html", "application/xhtml+xml", "text/rtf", "application/rtf"}


def tells(section):
    """Whether a section of a Composition, or one within it, has a narrative that repeats no entry."""
    text = section.get("text") or {}
    words = re.sub(r"<[^>]*>", "", text.get("div", "")).strip()
    repeats = text.get("status") == "generated" and "entry" in section
    return bool(words) and not repeats or any(tells(inner) for inner in section.get("section", []))


def documents(path):
    """(name, text) of every JSON file below a path."""
    if os.path.isdir(path):
        for name in sorted(os.listdir(path)):
            yield from documents(os.path.join(path, name))
        return
    data = open(path, "rb").read()
    if path.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            for name in z.namelist():
                if name.endswith((".json", ".ndjson")):
                    yield name, z.read(name).decode()
    elif path.endswith(".gz"):
        yield path[:-3], gzip.decompress(data).decode()
    elif path.endswith((".json", ".ndjson")):
        yield path, data.decode("utf-8-sig")


# What a document lists as it is on its day: without a date and an encounter it has the day of the document.
LISTED = ("Condition", "AllergyIntolerance", "MedicationStatement", "MedicationRequest")


def resources(name, text):
    """(full url, resource) of a file; None for what is no resource."""
    if name.endswith(".ndjson"):
        texts = [line for line in text.split("\n") if line.strip()]
    else:
        texts = [text]
    for one in texts:
        try:
            value = json.loads(one)
        except ValueError:
            yield None, None
            continue
        yield from of_value(value, None)


def of_value(value, url):
    if isinstance(value, list):
        for one in value:
            yield from of_value(one, None)
    elif isinstance(value, dict) and value.get("resourceType") == "Bundle":
        first = (value.get("entry") or [{}])[0].get("resource") or {}
        if first.get("resourceType") == "Composition" and good_date(first.get("date", "")):
            for entry in value["entry"]:
                if (entry.get("resource") or {}).get("resourceType") in LISTED:
                    entry["resource"]["of a document"] = True
        for entry in value.get("entry", []):
            if "resource" in entry and entry.get("request", {}).get("method") != "DELETE":
                yield from of_value(entry["resource"], entry.get("fullUrl"))
            else:
                yield None, {"resourceType": "Bundle entry"}
    else:
        yield url, value


def codes(concept):
    return [c.get("code") for c in (concept or {}).get("coding", [])]


def has_code(r, concept):
    if concept is None:
        return False
    if isinstance(concept, dict):
        return bool(codes(concept) or concept.get("text") or any(c.get("display") for c in concept.get("coding", [])))
    return False


def good_date(text):
    m = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T\d.*)?)?)?", text.strip())
    if not m:
        return False
    y, mo, d = int(m[1]), int(m[2] or 1), int(m[3] or 1)
    days = [31, 29 if y % 4 == 0 and (y % 100 or y % 400 == 0) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return 1 <= mo <= 12 and 1 <= d <= days[mo - 1]


def has_date(r, names):
    for name in names:
        value = r.get(name)
        if value is None:
            continue
        if isinstance(value, str):
            return good_date(value)
        if value.get("event"):
            return good_date(value["event"][0])
        value = value.get("repeat", {}).get("boundsPeriod", value)
        start = value.get("start") or value.get("end")
        if start:
            return good_date(start)
    return False


def categories(r):
    found = [c for one in r.get("category", []) if isinstance(one, dict) for c in codes(one)]
    return "measurement" if {"laboratory", "vital-signs", "LAB"} & set(found) else (
        "observation" if {"social-history", "survey", "sdoh", "functional-status", "disability-status",
                          "cognitive-status", "activity", "therapy"} & set(found) else None)


def value_of(r):
    return next((k for k in r if k.startswith("value")), None)


def note_text(attachments):
    """'text', 'not used' or 'rejected'."""
    texts = [a for a in attachments if "data" in a and a.get("contentType", "").split(";")[0].strip() in TEXT_TYPES]
    if texts:
        return "text" if base64.b64decode(texts[0]["data"] + "==").strip() else "not used"
    return "not used" if any("data" in a or "url" in a for a in attachments) else "rejected"


def observed(r):
    """Fate and domains of the events of an Observation's own code and components."""
    parts = r.get("component", [])
    if not value_of(r) and "component" not in r and "hasMember" not in r and "dataAbsentReason" in r:
        return ("not used" if has_code(r, r.get("code")) else "rejected"), []
    if not has_code(r, r.get("code")):
        return "rejected", []
    numeric = {"valueQuantity", "valueInteger", "valueRange", "valueRatio", "valueDecimal"}
    domain = categories(r) or ("measurement" if value_of(r) in numeric
                               or any("valueQuantity" in p for p in parts) else "observation")
    return "kept", [domain] * (1 + sum(1 for p in parts if value_of(p) and has_code(p, p.get("code"))))


def within(r, field):
    """Domains of the contained Observations that a field names, each once, and of those that these name. (That one may be another
    patient's is not looked at: none of the sets has such a one.)"""
    there = {c.get("id"): c for c in r.get("contained", []) if c.get("resourceType") == "Observation"}
    names, out = [x.get("reference", "") for x in r.get(field, [])], []
    for name in names:
        one = there.pop(name[1:], None) if name.startswith("#") else None
        if one is None or one.get("status") == "entered-in-error" or one.get("status") in NOT_EVENTS["Observation"]:
            continue
        out += observed(one)[1]
        names += [x.get("reference", "") for x in one.get("hasMember", [])]
    return out


def judge(r):
    """(fate, events by domain, notes) of a resource by itself."""
    kind = r["resourceType"]
    if r.get("status") == "entered-in-error" or r.get("status") in NOT_EVENTS.get(kind, ()):
        return "not used", [], 0
    if kind in ("Condition", "AllergyIntolerance"):
        if {"refuted", "entered-in-error"} & set(codes(r.get("verificationStatus"))):
            return "not used", [], 0
    if kind.startswith("MedicationRequest"):
        reported = r.get("reportedBoolean") or "reportedReference" in r
        if r.get("doNotPerform") or r.get("intent") in ("proposal", "option") or r.get("intent") == "plan" and not reported:
            return "not used", [], 0
    if kind == "Patient":
        return "kept", [], 0
    if kind == "Medication":
        return "medication", [], 0
    if kind == "Device":
        return "device", [], 0
    subject = next((r[k] for k in SUBJECT.get(kind, ["subject", "patient"]) if k in r), None)
    if isinstance(subject, list):
        subject = subject[0] if subject else None
    if subject is None:
        return "rejected", [], 0
    if "reference" in subject and not re.search(r"(^|/)Patient[/?]|^urn:|^[^/:]+$", subject["reference"]):
        other_type = re.search(r"(^|/)[A-Z][A-Za-z]+/[^/]+$", subject["reference"])
        return ("not used" if other_type else "rejected"), [], 0
    if subject.get("reference", "").startswith("#"):
        return "rejected", [], 0
    if kind == "DocumentReference":
        fate = note_text([c.get("attachment", {}) for c in r.get("content", [])])
        if fate != "text":
            return fate, [], 0
        period = (r.get("context") or {}).get("period") if isinstance(r.get("context"), dict) else None
        dated = good_date(r["date"]) if "date" in r else bool(period or r.get("period"))
        # (The reader also takes the attachment's creation date; no document of the sets needs it.)
        return ("kept", [], 1) if dated else ("rejected", [], 0)
    if kind == "Composition":
        if not any(tells(section) for section in r.get("section", [])):
            return "not used", [], 0
        return ("kept", [], 1) if good_date(r.get("date", "")) else ("rejected", [], 0)
    if not has_date(r, DATES[kind]):
        visit = r.get("encounter") or r.get("context")
        undated = kind != "Encounter" and not any(k in r for k in DATES[kind])
        if isinstance(visit, dict):
            undated = undated and target(visit.get("reference", "")) in VISITS
        elif not r.get("of a document"):
            undated = False
        if not undated:
            return "rejected", [], 0
    if kind.startswith("Medication"):
        if has_code(r, r.get("medicationCodeableConcept")):
            return "kept", ["drug"], 0
        reference = (r.get("medicationReference") or {}).get("reference", "")
        if reference.startswith("#"):
            inside = [c for c in r.get("contained", []) if c.get("id") == reference[1:]]
            return ("kept", ["drug"], 0) if inside and has_code(r, inside[0].get("code")) else ("rejected", [], 0)
        return ("by medication", ["drug"], 0) if reference else ("rejected", [], 0)
    if kind == "Encounter":
        return "kept", ["visit"], 0
    if kind in ("DeviceUseStatement", "DeviceUsage"):
        return "by device", ["device"], 0
    if kind == "Observation":
        fate, domains = observed(r)
        return fate, domains + (within(r, "hasMember") if fate == "kept" else []), 0
    if kind == "DiagnosticReport":
        narrative = r.get("text", {}).get("status") == "additional"
        notes = int(bool(r.get("conclusion")) or narrative or note_text(r.get("presentedForm", [])) == "text")
        if notes and "result" not in r and categories(r) is None:
            return "kept", [], notes
        if not has_code(r, r.get("code")):
            return "rejected", [], 0
        return "kept", [categories(r) or "observation"] + within(r, "result"), notes
    return ("kept", [DOMAIN[kind]], 0) if has_code(r, r.get(CODE.get(kind, "code"))) else ("rejected", [], 0)


def target(reference):
    """(type or None, id) of a literal reference."""
    text = reference.split("/_history/")[0]
    if text.startswith("urn:"):
        return None, text.split(":", 2)[2]
    parts = text.split("/")
    return (parts[-2] if len(parts) > 1 else None), parts[-1]


VISITS = set()


def main(paths):
    # Undated resources take the day of their encounter, if there is one that counts.
    for path in paths:
        for name, text in documents(path):
            for url, r in resources(name, text):
                if isinstance(r, dict) and r.get("resourceType") == "Encounter" and judge(r)[0] == "kept":
                    VISITS.add(("Encounter", r.get("id")))
    read = Counter()
    fates = Counter()
    versions = {}
    n_late = 0
    anonymous = []
    for path in paths:
        for name, text in documents(path):
            for url, r in resources(name, text):
                if r is None or not isinstance(r, dict) or "resourceType" not in r:
                    log = isinstance(r, dict) and "exportId" in r
                    read["bulk export log" if log else "unreadable"] += 1
                    fates["not used" if log else "rejected"] += 1
                    continue
                kind = r["resourceType"]
                read[kind] += 1
                if kind not in USED:
                    fates["not used"] += 1
                    continue
                fate = judge(r)
                if fate[0] == "rejected":
                    fates["rejected"] += 1
                    continue
                urn = url and url.startswith("urn:")
                base = "" if urn or not url else "/".join(url.split("//")[-1].split("/")[:-2])
                name_of = target(url)[1] if urn else r.get("id")
                if name_of is None:
                    if kind == "Patient":  # nothing can refer to them
                        fates["rejected"] += 1
                    else:
                        anonymous.append((r, fate))
                    continue
                key = (base, kind, name_of)
                if key in versions:
                    n_late += 1
                    fates["not used"] += 1
                    old, new = (x.get("meta", {}).get("lastUpdated") for x in (versions[key][0], r))
                    if old and new and new < old:
                        continue
                versions[key] = (r, fate)
    patients, medications = {}, {}
    for (base, kind, name), (r, fate) in versions.items():
        if kind == "Patient" and fate[0] == "kept":
            patients.setdefault(name, []).append(r)
            for i in r.get("identifier", []):
                patients.setdefault((i.get("system", ""), i.get("value")), []).append(r)
        if kind == "Medication" and fate[0] == "medication" and has_code(r, r.get("code")):
            medications[name] = [r, False]
    events, n_notes, n_deaths = Counter(), 0, 0
    persons = 0
    dated = {}
    devices = {name: r for (_, kind, name), (r, _) in versions.items() if kind == "Device"}
    for r, (fate, domains, notes) in list(versions.values()) + anonymous:
        kind = r["resourceType"]
        if kind == "Patient":
            persons += 1
            n_deaths += "deceasedDateTime" in r
            fates["kept"] += 1
            continue
        if fate in ("not used", "medication"):
            fates["not used" if fate == "not used" else "?"] += 1
            continue
        if fate == "device":
            continue
        if fate == "by device":
            device = target((r.get("device") or {}).get("reference", ""))[1]
            if device not in devices:
                fates["rejected"] += 1
                continue
        subject = next((r[k] for k in SUBJECT.get(kind, ["subject", "patient"]) if k in r))
        if "reference" in subject:
            known = patients.get(target(subject["reference"])[1])
        else:
            i = subject.get("identifier", {})
            known = patients.get((i.get("system", ""), i.get("value")))
        if not known:
            fates["rejected"] += 1
            continue
        if fate == "by medication":
            medication = medications.get(target(r["medicationReference"]["reference"])[1])
            if medication is None and not r["medicationReference"].get("display"):
                fates["rejected"] += 1
                continue
            if medication:
                medication[1] = True
        fates["kept"] += 1
        events.update(domains)
        used_devices = [d.get("manipulated", {}) for d in r.get("focalDevice", [])] + r.get("usedReference", [])
        used_devices += [r["device"]] if fate == "by device" else []
        for device in used_devices if kind in ("Procedure", "DeviceUseStatement") else []:
            name = target(device.get("reference", ""))[1]
            if name in devices:
                dated[name] = True
                events["device"] += kind == "Procedure"
        n_notes += notes
    fates["kept"] += len(dated)
    fates["rejected"] += len(devices) - len(dated)
    n_medications = sum(1 for r, f in list(versions.values()) + anonymous if r["resourceType"] == "Medication")
    used = sum(1 for m in medications.values() if m[1])
    fates["kept"] += used
    fates["not used"] += n_medications - used
    events["death"] += n_deaths
    print(json.dumps({
        "rows_read": sum(read.values()), "rows_kept": fates["kept"], "rows_rejected": fates["rejected"],
        "rows_not_used": fates["not used"], "persons": persons, "events": sum(events.values()), "notes": n_notes,
        "by_domain": dict(sorted(events.items())), "versions_left_out": n_late, "by_type": dict(sorted(read.items())),
    }, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
