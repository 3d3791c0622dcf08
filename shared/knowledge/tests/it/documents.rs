//! What is refused, signed, pooled and said.

#![expect(clippy::unwrap_used, reason = "a test helper that cannot write its fixture has to stop the test")]

use crate::support::findings;

use findings::{finding, hazard_ratio, plan};
use knowledge::disclosure::{check_json, populations_too_close, protect, report};
use knowledge::draft::{Draft, draft};
use knowledge::pool::{PoolFindingsError, pool_findings};
use knowledge::sign::{SignError, VerifyError, public_key, secret_key_from_hex, sign, verify, verify_signature};
use knowledge::words;
use model::canonical::{canonical_json, content_id_of_bytes};
use model::document::SignedDocument;
use model::finding::{Author, Cell, Finding, Measure};
use model::results::{CurvePoint, GroupCurve, HazardRatio, StudyResult, SurvivalReport};
use model::study::Outcome;
use serde_json::{Value, json};

fn good() -> Finding {
    let mut good = finding(&[(246, 94), (440, 205)]);
    protect(&mut good, 10);
    good
}

fn paths(text: &str) -> Vec<String> {
    check_json(text, 10).into_iter().map(|d| d.path).collect()
}

/// Paths that are refused after one change of a good finding.
fn after(change: impl Fn(&mut Value)) -> Vec<String> {
    let mut value = serde_json::to_value(good()).unwrap();
    change(&mut value);
    paths(&value.to_string())
}

#[test]
fn a_good_finding_may_leave() {
    assert_eq!(paths(&serde_json::to_string(&good()).unwrap()), Vec::<String>::new());
    assert_eq!(after(|v| v["replicates"] = Value::Null), Vec::<String>::new());
}

#[test]
fn what_is_no_finding_is_refused() {
    for (text, path) in [
        ("", "$"),
        ("{", "$"),
        ("[1,2]", "$.kind"),
        ("3", "$.kind"),
        (r#"{"kind":"cohort"}"#, "$.kind"),
        (r#"{"kind":"finding"}"#, "$"),
    ] {
        assert_eq!(paths(text), [path], "{text}");
    }
    let twice = serde_json::to_string(&good()).unwrap().replacen("{\"kind\"", "{\"title\":\"3\",\"kind\"", 1);
    assert_eq!(paths(&twice), ["$"], "a key twice");
    assert_eq!(after(|v| v["schema_version"] = json!(2)), ["$.schema_version"]);
    assert_eq!(after(|v| v["arms"][0]["n"] = json!({"count": -4})), ["$"]);
    assert_eq!(after(|v| v["arms"][0]["n"] = json!({"count": 2.5})), ["$"]);
}

#[test]
fn fields_that_findings_do_not_have_are_refused_wherever_they_stand() {
    assert_eq!(after(|v| v["rows"] = json!([1, 2])), ["$"]);
    assert_eq!(after(|v| v["population"]["ages"] = json!([41])), ["$"]);
    assert_eq!(after(|v| v["arms"][0]["curve"][0]["n_at_risk"] = json!(3)), ["$"]);
    // serde's own reader passes over extra fields of a unit variant: ours does not.
    assert_eq!(after(|v| v["plan"]["target"]["cohort"]["entry"]["n"] = json!(3)), ["$"]);
}

#[test]
fn small_numbers_are_found_where_they_stand() {
    assert!(after(|v| v["arms"][0]["n_events"] = json!({"count": 3})).contains(&"$.arms[0].n_events".to_owned()));
    assert!(
        after(|v| v["arms"][1]["curve"] = json!([{"time": 471.0, "survival": 0.9}]))
            .contains(&"$.arms[1].curve".to_owned())
    );
    assert!(after(|v| v["arms"][1]["curve"][3]["survival"] = json!(0.853)).contains(&"$.arms[1].curve".to_owned()));
    assert_eq!(after(|v| v["arms"][1]["median"] = json!(1807.0)), ["$.arms[1].median"]);
    assert_eq!(after(|v| v["balance"][0]["smd_after"] = json!(0.0123)), ["$.balance[0].smd_after"]);
    assert_eq!(after(|v| v["cell_threshold"] = json!(5)), ["$.cell_threshold"]);
    // A hidden count beside a full set of others is no hidden count.
    assert!(after(|v| v["arms"][0]["n_events"] = json!("hidden")).contains(&"$.estimates".to_owned()));
    for text in ["All 4 patients recovered", "we saw Three of the women again", "(7 events)", "3 treated people"] {
        assert_eq!(after(|v| v["limits"][0] = json!(text)), ["$.limits[0]"], "{text}");
    }
    for field in ["name", "site"] {
        assert_eq!(after(|v| v["author"][field] = json!("3 patients died")), [format!("$.author.{field}")]);
    }
    assert_eq!(
        after(|v| v["plan"]["target"]["cohort"]["description"] = json!("5 patients, Jane Doe")),
        ["$.plan.target.cohort.description"]
    );
    assert_eq!(after(|v| v["balance"][0]["covariate"] = json!("n = 4")), ["$.balance[0].covariate"]);
    assert_eq!(after(|v| v["made_on"] = json!("4 of them")), ["$.made_on"]);
    assert_eq!(after(|v| v["arms"][0]["time_unit"] = json!("patients")), ["$.arms[0].time_unit"]);
    for text in ["within 5 years", "686 patients", "the 50 most similar people", "2 groups of patients", "grade 3"] {
        assert_eq!(after(|v| v["limits"][0] = json!(text)), Vec::<String>::new(), "{text}");
    }
    assert!(after(|v| v["population"]["n"] = json!({"count": 600})).contains(&"$.arms".to_owned()));
    let arm = serde_json::to_value(&good().arms[0]).unwrap();
    assert_eq!(after(|v| v["arms"] = json!(vec![arm.clone(); 5_000])), ["$.arms"]);
}

#[test]
fn findings_that_differ_by_few_people_are_warned_of() {
    let first = good();
    let mut second = finding(&[(249, 94), (440, 205)]);
    protect(&mut second, 10);
    let warnings = report(&second, std::slice::from_ref(&first), 10).warnings;
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains("by 3"), "{warnings:?}");
    assert!(report(&first, std::slice::from_ref(&first), 10).warnings.is_empty());
    second.population.dataset = "Rotterdam".to_owned();
    assert!(populations_too_close(&second, &first, 10).is_empty());
}

const SEED: [u8; 32] = [7; 32];

#[test]
fn a_signed_finding_can_be_verified_and_is_the_same_each_time() {
    let signed = sign(&good(), &SEED).unwrap();
    assert_eq!(signed, sign(&good(), &SEED).unwrap());
    assert_eq!(signed.id, content_id_of_bytes(signed.body.as_bytes()));
    assert_eq!(signed.public_key, public_key(&SEED));
    assert_eq!(verify(&signed).unwrap(), by(&SEED, good()));
    assert!(signed.body.starts_with("{\"arms\":[{\"curve\":[{\"survival\":1.0,\"time\":0.0}"), "{}", signed.body);
    assert_eq!(secret_key_from_hex(&hex_of(&SEED)).unwrap(), SEED);
    assert!(matches!(secret_key_from_hex("abc"), Err(SignError::BadKey)));
    // RFC 8032, test 1: the key of this seed.
    let seed = secret_key_from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
    assert_eq!(public_key(&seed), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

/// As the holder of this key signs it.
fn by(seed: &[u8; 32], mut finding: Finding) -> Finding {
    finding.author.public_key = public_key(seed);
    finding
}

#[test]
fn a_text_taken_over_under_another_key_is_another_document_or_none() {
    let mine = sign(&good(), &SEED).unwrap();
    let other = [9; 32];
    // Signed again, it is theirs: another key in the text, another id.
    let theirs = sign(&verify(&mine).unwrap(), &other).unwrap();
    assert_ne!(theirs.id, mine.id);
    assert_eq!(verify(&theirs).unwrap().author.public_key, public_key(&other));
    // The same text, and so the same id, under another key is refused.
    let bytes = [b"rounds-document-v1\n", mine.id.0.as_bytes()].concat();
    let signature = ed25519_dalek::Signer::sign(&ed25519_dalek::SigningKey::from_bytes(&other), &bytes);
    let taken =
        SignedDocument { public_key: public_key(&other), signature: hex_of(&signature.to_bytes()), ..mine.clone() };
    assert!(matches!(verify(&taken), Err(VerifyError::OtherAuthor)));
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_tampered_document_is_named() {
    let signed = sign(&good(), &SEED).unwrap();
    let mut body = signed.clone();
    body.body = body.body.replace("Freiburg", "Freyburg");
    assert!(matches!(verify(&body), Err(VerifyError::WrongId { .. })));
    // The id mended too: then the signature does not fit.
    body.id = content_id_of_bytes(body.body.as_bytes());
    assert!(matches!(verify(&body), Err(VerifyError::WrongSignature)));
    let mut other = signed.clone();
    other.public_key = public_key(&[8; 32]);
    assert!(matches!(verify_signature(&other), Err(VerifyError::WrongSignature)));
    let mut key = signed.clone();
    key.public_key = "zz".to_owned();
    assert!(matches!(verify(&key), Err(VerifyError::BadKey)));
    let mut signature = signed.clone();
    signature.signature = signature.signature.to_uppercase();
    assert!(matches!(verify(&signature), Err(VerifyError::BadSignature)));
    signature.signature.pop();
    assert!(matches!(verify(&signature), Err(VerifyError::BadSignature)));
    // Signed by its author, but not canonical.
    let spaced = serde_json::to_string_pretty(&good()).unwrap();
    let id = content_id_of_bytes(spaced.as_bytes());
    let mut forged = signed;
    (forged.body, forged.id) = (spaced, id);
    assert!(matches!(verify(&forged), Err(VerifyError::WrongSignature)));
}

#[test]
fn numbers_that_json_cannot_carry_are_not_signed_away() {
    let mut broken = good();
    broken.estimates[0].upper = f64::INFINITY;
    assert!(matches!(sign(&broken, &SEED), Err(SignError::NotWritable)));
    let mut broken = good();
    broken.arms[0].median = Some(f64::NAN);
    assert!(matches!(sign(&broken, &SEED), Err(SignError::NotWritable)));
    // Every digit survives.
    let mut digits = good();
    digits.estimates[0].std_err = 0.1 + 0.2;
    let signed = sign(&digits, &SEED).unwrap();
    assert_eq!(verify(&signed).unwrap(), by(&SEED, digits.clone()));
    assert!(canonical_json(&digits).unwrap().contains("0.30000000000000004"));
}

#[test]
fn two_sites_are_pooled() {
    let first = good();
    let mut second = finding(&[(339, 120), (2643, 1500)]);
    second.population.dataset = "Rotterdam".to_owned();
    second.author.site = "Rotterdam".to_owned();
    second.estimates = vec![hazard_ratio(-0.1, 0.09, false), hazard_ratio(-0.25, 0.1, true)];
    let got = pool_findings(&[first.clone(), second.clone()], true).unwrap();
    assert_eq!(got.measure, Measure::HazardRatio);
    assert_eq!(got.rows[0].label, "Freiburg, GBSG");
    // Inverse variances: w = 1 / 0.129^2, 1 / 0.1^2.
    let (w1, w2) = (1.0 / 0.129_f64.powi(2), 1.0 / 0.1_f64.powi(2));
    let want = ((-0.345 * w1 - 0.25 * w2) / (w1 + w2)).exp();
    assert!((got.fixed.estimate - want).abs() < 1e-12, "{} {want}", got.fixed.estimate);
    assert!((got.fixed.std_err - (1.0 / (w1 + w2)).sqrt()).abs() < 1e-12);
    let random = got.random.unwrap();
    assert!(random.knapp_hartung && random.method == "reml" && random.k == 2);
    assert!((random.estimate - want).abs() < 1e-12, "tau2 is 0 here");
    assert!(random.lower > 0.0);
    // Two findings cannot tell how much findings differ, nor what a third one would be.
    for report in [&got.fixed, &random] {
        assert_eq!((report.prediction_lower, report.prediction_upper, report.i2), (None, None, None));
    }
    assert!(got.words.contains("is not given with fewer than three findings"), "{}", got.words);
    assert!((got.rows.iter().map(|r| r.weight).sum::<f64>() - 100.0).abs() < 1e-9);
    assert!(
        got.words.starts_with("Adjusted hazard ratio for 'recurrence or death' across 2 findings: 0.75 ("),
        "{}",
        got.words
    );

    let mut third = second.clone();
    third.author.site = "Vienna".to_owned();
    third.population.dataset = "Vienna".to_owned();
    let three = pool_findings(&[first.clone(), second, third], true).unwrap();
    let random = three.random.unwrap();
    assert!(random.prediction_lower.unwrap() > 0.0 && random.i2.is_some());
    assert!(three.words.contains("At a further site") && !three.words.contains("fewer than three"), "{}", three.words);

    let alone = pool_findings(&[first], true).unwrap();
    assert!(alone.random.is_none() && alone.words.contains("nothing to pool yet"));
}

#[test]
fn the_same_groups_the_other_way_round_are_turned_and_other_groups_left_out() {
    let first = good();
    let mut turned = good();
    turned.author.site = "Rotterdam".to_owned();
    std::mem::swap(&mut turned.plan.target, &mut turned.plan.comparator);
    for estimate in &mut turned.estimates {
        (estimate.lower, estimate.upper) = (1.0 / estimate.upper, 1.0 / estimate.lower);
        estimate.estimate = 1.0 / estimate.estimate;
    }
    let mut other = good();
    other.plan.target.name = "chemotherapy".to_owned();
    let pooled = pool_findings(&[first.clone(), turned, other], true).unwrap();
    assert_eq!(pooled.rows.len(), 2);
    let wanted = first.estimates[1].estimate;
    assert!((pooled.fixed.estimate / wanted - 1.0).abs() < 1e-12, "{} {wanted}", pooled.fixed.estimate);
    assert!((pooled.rows[1].lower / first.estimates[1].lower - 1.0).abs() < 1e-12);
    assert!(pooled.left_out[0].contains("it compares 'chemotherapy' with"), "{:?}", pooled.left_out);
}

#[test]
fn a_finding_that_its_author_replaced_does_not_count_twice() {
    let first = by(&SEED, good());
    let mut second = first.clone();
    second.made_on = "2026-11-24".to_owned();
    second.estimates[1] = hazard_ratio(0.2, 0.1, true);
    let mut elsewhere = by(&[9; 32], good());
    elsewhere.population.dataset = "Rotterdam".to_owned();
    let pooled = pool_findings(&[second, first, elsewhere], true).unwrap();
    assert_eq!(pooled.rows.len(), 2);
    assert!((pooled.rows[0].estimate - 0.2_f64.exp()).abs() < 1e-12);
    assert!(pooled.left_out[0].contains("count twice"), "{:?}", pooled.left_out);
}

#[test]
fn what_measures_something_else_is_left_out_in_words() {
    let first = good();
    let mut other_measure = good();
    for estimate in &mut other_measure.estimates {
        estimate.measure = Measure::RiskRatio;
    }
    let mut other_outcome = good();
    if let Outcome::Columns { name, .. } = &mut other_outcome.plan.outcome {
        *name = "death".to_owned();
    }
    let mut other_scale = good();
    other_scale.estimates[1].std_err *= 3.0;
    let mut none = good();
    none.estimates.clear();
    let got = pool_findings(&[first, other_measure, other_outcome, other_scale, none.clone()], true).unwrap();
    assert_eq!(got.rows.len(), 1);
    for (reason, part) in
        got.left_out.iter().zip(["risk ratio", "'death'", "does not fit its interval", "no adjusted estimate"])
    {
        assert!(reason.contains(part), "{reason}");
    }
    assert_eq!(pool_findings(&[], true), Err(PoolFindingsError::NoFindings));
    let error = pool_findings(&[none], true).unwrap_err();
    assert!(error.to_string().contains("none of the findings has an adjusted estimate"), "{error}");
}

#[test]
fn a_finding_in_words() {
    let words = words::of_finding(&good());
    assert_eq!(
        words,
        "In GBSG, hormonal therapy was compared with no hormonal therapy: 686 people, 299 with the outcome. \
         The rate of 'recurrence or death' was 29% lower with hormonal therapy than with no hormonal therapy: hazard ratio \
         0.71 (95% confidence interval 0.55 to 0.91), adjusted by Cox regression on age and grade. \
         The interval leaves out 'no difference'. \
         Without adjustment the hazard ratio was 0.69. There was no sign that the ratio changed over time. \
         Not adjusted for: smoking. This is an observed association, not proof of an effect."
    );
    let mut unsure = good();
    unsure.estimates = vec![hazard_ratio(0.1, 0.2, false)];
    unsure.estimates[0].ph_p = Some(0.01);
    let words = words::of_finding(&unsure);
    for part in [
        "The best guess is that the rate",
        "11% higher",
        "compatible with no difference",
        "Nothing was adjusted for",
        "look at the curves",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    let mut small = finding(&[(300, 4), (400, 120)]);
    protect(&mut small, 10);
    let words = words::of_finding(&small);
    assert!(words.contains("hidden to protect") && words.contains("No estimate is published"), "{words}");
}

#[test]
fn a_draft_is_protected_and_passes() {
    let group = |name: &str, n: u64, n_events: f64| GroupCurve {
        name: name.to_owned(),
        n,
        n_events,
        median: Some(2018.0),
        curve: (1..=n_events as u32)
            .map(|i| CurvePoint {
                time: f64::from(i) * 17.0,
                survival: 1.0 - f64::from(i) / n as f64,
                ..CurvePoint::default()
            })
            .collect(),
        ..GroupCurve::default()
    };
    let ratio = HazardRatio {
        estimate: 0.7,
        lower: 0.55,
        upper: 0.9,
        log_estimate: -0.357,
        std_err: 0.126,
        p: 0.005,
        n: 686,
        n_events: 299,
        method: "Cox regression".to_owned(),
        ph_p: None,
        ph_words: String::new(),
    };
    let result = StudyResult {
        time_unit: "days".to_owned(),
        unadjusted: SurvivalReport {
            n: 686,
            n_events: 299,
            groups: vec![group("hormonal therapy", 246, 94.0), group("no hormonal therapy", 440, 205.0)],
            ..SurvivalReport::default()
        },
        hazard_ratio_unadjusted: Some(ratio),
        ..StudyResult::default()
    };
    let with = Draft {
        dataset_name: "GBSG".to_owned(),
        author: Author::default(),
        not_adjusted_for: Vec::new(),
        limits: Vec::new(),
        overrides: Vec::new(),
        replicates: None,
        made_on: "2026-11-23".to_owned(),
        cell_threshold: 10,
    };
    let (finding, hidden) = draft(&plan(), &result, &with);
    assert_eq!(hidden, Vec::<String>::new());
    // What the program counts by itself is neither published where it is small nor in the way of publishing.
    let warnings = [
        "2 of 686 subjects lack a value of a covariate: the propensity score and everything adjusted do not have them",
        "hormonal therapy: 2 persons do not meet 'karno ok' because a value is missing",
        "1 entry lies after the recorded day of death",
        "only 7 events for 1 model terms",
    ];
    let counted = StudyResult { warnings: warnings.map(str::to_owned).to_vec(), ..result.clone() };
    let mut told = plan();
    told.target.cohort.description = "5 patients, MRN 12345".to_owned();
    let (finding_of_counts, _) = draft(&told, &counted, &with);
    let text = serde_json::to_string(&finding_of_counts).unwrap();
    assert_eq!(paths(&text), Vec::<String>::new());
    assert!(finding_of_counts.limits[0].starts_with("fewer than 11 of 686 subjects"), "{:?}", finding_of_counts.limits);
    assert!(!text.contains("MRN"), "{text}");
    assert_eq!(paths(&serde_json::to_string(&finding).unwrap()), Vec::<String>::new());
    assert_eq!(finding.arms[1].n, Cell::Count(440));
    assert!(finding.arms[1].curve.len() > 10 && finding.summary.contains("0.70"), "{}", finding.summary);
}
