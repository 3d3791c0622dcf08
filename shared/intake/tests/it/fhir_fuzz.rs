//! No bytes make a FHIR import panic, lose count of a resource, or depend on how the file was cut.
#![cfg(feature = "fhir")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use intake::fhir::{FhirImport, FhirReader, How, Piece, can_be_cut};
use intake::{Imported, IntakeError, Settings, Unpacked};
use model::intake::IntakeReport;
use proptest::prelude::*;

const PATIENT: &str = r#"{"resourceType":"Patient","id":"1","birthDate":"1950","name":[{"family":"Roe"}]}"#;

fn import(name: &str, bytes: &[u8], size: usize) -> Result<Imported, IntakeError> {
    // Bytes may look like an archive.
    let mut import = Unpacked::new(FhirImport::new(Settings::new("fuzz", [3; 32])));
    import.begin_file("p.json")?;
    import.push(PATIENT.as_bytes())?;
    import.begin_file(name)?;
    for piece in bytes.chunks(size) {
        import.push(piece)?;
    }
    import.finish(&mut |_, _| true)
}

/// The same, read by two readers beside the import: the file in pieces where it holds lines.
fn import_read_elsewhere(name: &str, bytes: &[u8], size: usize) -> Result<Imported, IntakeError> {
    let mut import = FhirImport::new(Settings::new("fuzz", [3; 32]));
    let mut readers = [FhirReader::new(false), FhirReader::new(false)];
    let n = bytes.len() as u64;
    let lines = can_be_cut(name, bytes);
    let cuts = if lines { vec![0..n / 3, n / 3..n / 2, n / 2..n] } else { std::iter::once(0..n).collect() };
    let how = if lines { How::Lines } else { How::Whole };
    let patient = Piece { file: 0, bytes: 0..PATIENT.len() as u64, size: PATIENT.len() as u64, how: How::Whole };
    let pieces = cuts.into_iter().map(|bytes| (name, Piece { file: 1, bytes, size: n, how }));
    let mut parcels = Vec::new();
    for (i, (name, piece)) in std::iter::once(("p.json", patient)).chain(pieces).enumerate() {
        let reader = &mut readers[i % 2];
        let of = if i == 0 { PATIENT.as_bytes() } else { bytes };
        reader.begin(name, &piece)?;
        while let Some(range) = reader.wants(size as u64) {
            reader.take(&of[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()])?;
        }
        parcels.push(reader.parcel()?);
    }
    parcels.iter().try_for_each(|parcel| import.absorb(parcel))?;
    import.finish()
}

fn adds_up(r: &IntakeReport) {
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used, "{r:?}");
    let files = r.files.iter().fold((0, 0, 0, 0), |s, f| {
        (s.0 + f.rows_read, s.1 + f.rows_kept, s.2 + f.rows_rejected, s.3 + f.rows_not_used)
    });
    assert_eq!(files, (r.rows_read, r.rows_kept, r.rows_rejected, r.rows_not_used));
    if r.rows_rejected + r.values_rejected <= 1000 {
        assert_eq!(r.rejected.len() as u64, r.rows_rejected + r.values_rejected);
    }
}

/// Whole and in pieces; the results are one.
fn check(name: &str, bytes: &[u8], size: usize) {
    let whole = import(name, bytes, usize::MAX);
    same(&whole, &import(name, bytes, size));
    same(&whole, &import_read_elsewhere(name, bytes, size));
}

fn same(a: &Result<Imported, IntakeError>, b: &Result<Imported, IntakeError>) {
    match (a, b) {
        (Ok(a), Ok(b)) => {
            adds_up(&a.report);
            assert_eq!(a.report, b.report);
            assert_eq!(a.header, b.header);
            let chunk = |key: &str| a.chunks.iter().find(|c| c.key == key).map(|c| c.bytes.clone());
            assert_eq!(intake::unpack(&a.header, chunk).unwrap(), b.dataset);
        }
        (Err(a), Err(b)) => assert_eq!(a, b),
        (a, b) => panic!("whole {:?}, in pieces {:?}", a.as_ref().map(|i| &i.report), b.as_ref().map(|i| &i.report)),
    }
}

#[test]
fn bytes_that_look_like_an_archive() {
    for magic in [b"\x1f\x8b\x08\x00".as_slice(), b"PK\x03\x04", b"PK\x03\x04\x14\x00\x00\x00\x08\x00"] {
        for n in [0, 5, 700] {
            check("a.ndjson", &[magic, &vec![b'7'; n]].concat(), 9);
            check("a.json", &[magic, &vec![0; n]].concat(), 9);
        }
    }
}

/// Resources of many kinds, right and wrong.
fn resource() -> impl Strategy<Value = String> {
    let kinds = vec![
        "Patient",
        "Encounter",
        "Condition",
        "Observation",
        "MedicationRequest",
        "MedicationStatement",
        "Medication",
        "MedicationAdministration",
        "MedicationDispense",
        "Procedure",
        "Immunization",
        "AllergyIntolerance",
        "List",
        "DiagnosticReport",
        "DocumentReference",
        "Device",
        "DeviceUseStatement",
        "Bundle",
        "Coverage",
        "Parameters",
    ];
    let member = prop::sample::select(vec![
        r#""id":"1""#,
        r#""id":"2""#,
        r#""status":"final""#,
        r#""status":"entered-in-error""#,
        r#""status":7"#,
        r#""subject":{"reference":"Patient/1"}"#,
        r#""patient":{"reference":"Patient/1"}"#,
        r#""subject":{"reference":"urn:uuid:2e97a19a-500b-4908-9dd8-b9e714316569"}"#,
        r##""subject":{"reference":"#p"}"##,
        r#""subject":{"identifier":{"value":"7"}}"#,
        r#""subject":[]"#,
        r#""subject":"Patient/1""#,
        r#""code":{"coding":[{"system":"http://loinc.org","code":"1"}]}"#,
        r#""code":{"text":"words é \ud83d\ude00 \" x"}"#,
        r#""code":{}"#,
        r#""vaccineCode":{"coding":{"code":"9"}}"#,
        r#""class":{"code":"AMB"}"#,
        r#""class":[{"text":"x"}]"#,
        r#""effectiveDateTime":"2020-02-30""#,
        r#""effectivePeriod":{"start":"2020","end":"2019-01"}"#,
        r#""onsetDateTime":"2020-01-01T00:00:00Z""#,
        r#""period":{"end":"2020-01-01"}"#,
        r#""authoredOn":"2020""#,
        r#""performedDateTime":"2020-05-05""#,
        r#""date":"2020-05-05""#,
        r#""issued":"2020-05-05""#,
        r#""recordedDate":9"#,
        r#""occurrenceDateTime":"9999-12-31""#,
        r#""timingDateTime":"0000-01-01""#,
        r#""whenHandedOver":"2020-05-05""#,
        r#""valueQuantity":{"value":1e308,"unit":"mg"}"#,
        r#""valueQuantity":{"value":"x"}"#,
        r#""valueString":"Mr. Roe""#,
        r#""component":[{"code":{"text":"a"},"valueInteger":3},{}]"#,
        r#""valueRatio":{"numerator":{"value":1},"denominator":{"value":0}}"#,
        r#""medicationReference":{"reference":"Medication/2"}"#,
        r##""medicationReference":{"reference":"#m"}"##,
        r#""contained":[{"resourceType":"Medication","id":"m","code":{"text":"drug"}}]"#,
        r#""meta":{"lastUpdated":"2020-01-01T00:00:00Z"}"#,
        r#""content":[{"attachment":{"contentType":"text/plain","data":"aGVsbG8="}}]"#,
        r#""conclusion":"fine""#,
        r#""content":[{"attachment":{"contentType":"text/rtf","data":"e1xydGYx"}}]"#,
        r#""deceasedDateTime":"2021""#,
        r#""device":{"reference":"Device/1"}"#,
        r#""focalDevice":[{"manipulated":{"reference":"Device/1"}}]"#,
        r#""extension":[{"url":"x","extension":[{"url":"y"}]}]"#,
        r#""entry":[{"resource":{"resourceType":"Patient","id":"3"}},{}]"#,
        r#""identifier":[{"system":"a","value":"7"}]"#,
        r#""address":[{"postalCode":"02139","city":"Boston"}]"#,
        r#""text":{"status":"additional","div":"<p>told"}"#,
        r#""x":null"#,
        r#""dispenseRequest":{"expectedSupplyDuration":{"value":1e9}}"#,
    ]);
    (prop::sample::select(kinds), prop::collection::vec(member, 0..9), any::<bool>()).prop_map(
        |(kind, members, last)| {
            let mut all: Vec<String> = members.into_iter().map(str::to_owned).collect();
            let name = format!("\"resourceType\":\"{kind}\"");
            if last {
                all.push(name);
            } else {
                all.insert(0, name);
            }
            format!("{{{}}}", all.join(","))
        },
    )
}

fn file() -> impl Strategy<Value = (String, String)> {
    (prop::collection::vec(resource(), 0..12), 0usize..5).prop_map(|(all, how)| match how {
        0 => ("a.ndjson".to_owned(), all.join("\n")),
        1 => ("a.json".to_owned(), format!("[\n{}\n]", all.join(",\n"))),
        2 => {
            let entries: Vec<String> = all
                .iter()
                .enumerate()
                .map(|(i, r)| format!("{{\"fullUrl\":\"http://x/Patient/{}\",\n\"resource\":{r}}}", i % 3))
                .collect();
            ("a.json".to_owned(), format!("{{\n\"entry\": [{}],\n\"resourceType\":\"Bundle\"}}", entries.join(" , ")))
        }
        3 => {
            let entries: Vec<String> = all.iter().map(|r| format!("{{\"resource\":{r}}}")).collect();
            (
                "a.ndjson".to_owned(),
                format!("{{\"resourceType\":\"Bundle\",\"entry\":[{}]}}\n{PATIENT}\n", entries.join(",")),
            )
        }
        _ => ("a.json".to_owned(), all.join("\n\n")),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300), size in 1usize..40, ndjson in any::<bool>()) {
        check(if ndjson { "a.ndjson" } else { "a.json" }, &bytes, size);
    }

    #[test]
    fn any_text_of_json_signs(text in "[\\[\\]{}:,\"\\\\ae1\n -]{0,80}", size in 1usize..20, ndjson in any::<bool>()) {
        check(if ndjson { "a.ndjson" } else { "a" }, text.as_bytes(), size);
        check("a.json", format!("{{\"entry\":[{text}").as_bytes(), size);
    }

    #[test]
    fn resources_right_and_wrong((name, text) in file(), size in 1usize..60) {
        check(&name, text.as_bytes(), size);
    }

    #[test]
    fn changed_files((name, text) in file(), at in any::<prop::sample::Index>(), byte in any::<u8>(), end in any::<prop::sample::Index>()) {
        let mut bytes = text.into_bytes();
        if !bytes.is_empty() {
            let i = at.index(bytes.len());
            bytes[i] = byte;
            check(&name, &bytes, 13);
            bytes.truncate(end.index(bytes.len()));
            check(&name, &bytes, 5);
        }
    }
}

#[test]
fn long_and_deep_values_are_borne() {
    let big = "x".repeat(10 << 20);
    let report = format!(
        "{{\"resourceType\":\"DiagnosticReport\",\"id\":\"1\",\"status\":\"final\",\"subject\":{{\"reference\":\"Patient/1\"}},\
         \"effectiveDateTime\":\"2020\",\"code\":{{\"text\":\"a\"}},\"note\":\"{big}\"}}\n"
    );
    let done = import("a.ndjson", report.as_bytes(), 1 << 16).unwrap();
    assert_eq!((done.report.events, done.report.rows_rejected), (1, 0));
    let deep = format!("{{\"resourceType\":\"Observation\",\"x\":{}{}}}\n", "[".repeat(1 << 20), "]".repeat(1 << 20));
    for name in ["a.ndjson", "a.json"] {
        let done = import(name, deep.as_bytes(), 1 << 12).unwrap();
        assert_eq!(done.report.rows_rejected, 1);
        assert!(done.report.rejected[0].reason.contains("within one another"));
    }
    let nested = (0..9).fold(PATIENT.replace("\"1\"", "\"2\""), |inner, _| {
        format!("{{\"resourceType\":\"Bundle\",\"entry\":[{{\"resource\":{inner}}}]}}")
    });
    let done = import("a.ndjson", nested.as_bytes(), 7).unwrap();
    assert_eq!(done.report.rows_rejected, 1);
}
