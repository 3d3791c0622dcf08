//! The sample is deterministic, well-formed and confounded as it says.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use sample::{Format, Sample, SampleError, Settings, make};

fn two_drugs(persons: u32, seed: u64, format: Format) -> Sample {
    make("two-drugs", Settings { persons, seed, format }).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let a = two_drugs(200, 7, Format::Omop);
    assert_eq!(a, two_drugs(200, 7, Format::Omop));
    assert_ne!(a.files, two_drugs(200, 8, Format::Omop).files);
}

#[test]
fn a_larger_sample_begins_with_the_smaller_one() {
    let small = two_drugs(50, 1, Format::Csv).files.remove(0).1;
    let large = two_drugs(500, 1, Format::Csv).files.remove(0).1;
    assert!(large.starts_with(&small));
}

#[test]
fn every_row_has_the_fields_of_its_header() {
    for (name, text) in two_drugs(100, 3, Format::Omop).files {
        let n_fields = text.lines().next().unwrap().split(',').count();
        for line in text.lines().skip(1) {
            // The note's text is the only quoted field and the last one.
            let plain = line.split('"').next().unwrap();
            let quoted = usize::from(line.contains('"'));
            assert_eq!(
                plain.trim_end_matches(',').split(',').count()
                    + quoted.max(usize::from(plain.ends_with(',') && quoted == 0)),
                n_fields,
                "{name}: {line}"
            );
        }
    }
}

#[test]
fn sicker_persons_get_drug_a_and_the_crude_comparison_misleads() {
    let text = two_drugs(5000, 1, Format::Csv).files.remove(0).1;
    let mut sums = [[0.0_f64; 4]; 2]; // by drug: n, ejection fraction, events, days
    for line in text.lines().skip(1) {
        let f: Vec<&str> = line.split(',').collect();
        let arm = &mut sums[usize::from(f[6] == "A")];
        arm[0] += 1.0;
        arm[1] += f[3].parse::<f64>().unwrap();
        arm[2] += f[8].parse::<f64>().unwrap();
        arm[3] += f[7].parse::<f64>().unwrap();
    }
    let [b, a] = sums;
    assert!(a[1] / a[0] < b[1] / b[0] - 4.0, "A has the lower ejection fraction");
    let crude = (a[2] / a[3]) / (b[2] / b[3]);
    assert!((0.9..1.6).contains(&crude), "the crude rate ratio {crude} hides a true benefit of 0.70");
    let share = (a[2] + b[2]) / (a[0] + b[0]);
    assert!((0.2..0.6).contains(&share), "share with an event: {share}");
}

#[test]
fn unknown_names_and_sizes_are_refused() {
    let settings = Settings { persons: 10, seed: 1, format: Format::Omop };
    assert_eq!(make("nope", settings), Err(SampleError::Unknown("nope".into())));
    assert_eq!(make("two-drugs", Settings { persons: 0, ..settings }), Err(SampleError::Size(0)));
    assert_eq!(make("two-drugs", Settings { persons: 1_000_001, ..settings }), Err(SampleError::Size(1_000_001)));
}
