//! Once around the cycle at the `handle` boundary, on the data that the project ships.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support;

use model::cohort::{CohortDefinition, Condition, InclusionRule, Test};
use model::cohort::{Entry, EventQuery, Limit, Window};
use model::concept::{ConceptItem, ConceptRef, ConceptSet, Domain};
use model::covariate::Covariate;
use model::finding::{Author, Cell};
use model::results::{BalanceRow, Setting, StudyResult};
use model::study::{
    Adjustment, AnalysisSettings, Estimand, Outcome, Overlap, STUDY_SCHEMA_VERSION, StudyArm, StudyKind, StudyPlan,
    TimeAtRisk, TimeUnit,
};
use protocol::{
    DescribeDataset, DraftFinding, EvaluateCohort, ExportDataset, ExportFormat, ImportBegin, ImportFormat, LoadDataset,
    MakeSample, PoolFindings, ReadRounds, RiskTable, RunStudy, SampleFormat, SignFinding, StudyStage, UnloadDataset,
    VerifyDocument,
};
use support::{Host, assert_close, words};

fn arm(variable: &str, level: &str) -> StudyArm {
    let mut cohort = CohortDefinition::everyone(&format!("{variable} {level}"));
    cohort.inclusion_rules.push(InclusionRule {
        name: format!("{variable} is {level}"),
        condition: Condition::Variable { name: variable.into(), test: Test::OneOf { levels: vec![level.into()] } },
    });
    StudyArm { name: format!("{variable} = {level}"), cohort }
}

fn hormone_plan(adjustment: Adjustment) -> StudyPlan {
    let variable = |name: &str| Covariate::Variable { name: name.into(), as_category: false };
    StudyPlan {
        kind: StudyKind::Study,
        schema_version: STUDY_SCHEMA_VERSION,
        name: "Hormonal therapy".into(),
        question: "Does hormonal therapy lengthen recurrence-free survival?".into(),
        target: arm("hormon", "1"),
        comparator: arm("hormon", "0"),
        overlap: Overlap::default(),
        outcome: Outcome::Columns {
            name: "recurrence or death".into(),
            duration: "rfstime".into(),
            event: "status".into(),
            unit: TimeUnit::Days,
            or: None,
        },
        time_at_risk: TimeAtRisk::default(),
        covariates: ["age", "meno", "grade", "nodes", "pgr", "er"].map(variable).to_vec(),
        covariate_concept_sets: Vec::new(),
        adjustment,
        settings: AnalysisSettings { horizons: vec![1826.0], ..AnalysisSettings::default() },
    }
}

fn draft(plan: &StudyPlan, result: &StudyResult, site: &str) -> DraftFinding {
    DraftFinding {
        dataset_name: site.into(),
        plan: plan.clone(),
        result: result.clone(),
        author: Author { name: "Dr. Test".into(), site: site.into(), ..Author::default() },
        not_adjusted_for: vec!["tumour size".into()],
        limits: vec!["Observational.".into()],
        overrides: Vec::new(),
        replicates: None,
        made_on: "2026-11-23".into(),
        cell_threshold: 10,
    }
}

#[test]
fn gbsg_agrees_with_r_and_its_finding_pools_with_rotterdam() {
    let mut host = Host::new();
    let plan = hormone_plan(Adjustment::Regression);
    let mut documents = Vec::new();
    for (name, n) in [("rotterdam", 2982), ("gbsg", 686)] {
        let (dataset, imported) = host.shipped(name);
        assert_eq!(imported.report.rows_kept, n, "{:?}", imported.report.rejected.first());
        let run = |stage| RunStudy { dataset: dataset.clone(), plan: plan.clone(), stage };
        let design = host.ask(run(StudyStage::Design)).unwrap();
        assert!(design.hazard_ratio_unadjusted.is_none(), "no outcome before balance was looked at");
        assert!(design.unadjusted.groups.is_empty());
        for covariate in ["age", "meno", "grade", "nodes", "pgr", "er"] {
            let has = |row: &BalanceRow| row.covariate.split('=').next() == Some(covariate);
            assert!(design.balance.rows.iter().any(has), "{covariate} is missing in the balance table");
        }
        let unadjusted = host.ask(run(StudyStage::Unadjusted)).unwrap();
        assert!(unadjusted.hazard_ratio_adjusted.is_none());
        let full = host.ask(run(StudyStage::Full)).unwrap();
        let hr = full.hazard_ratio_unadjusted.clone().unwrap();
        if name == "gbsg" {
            // R 4.2.2, survival 3.5-3: coxph(Surv(rfstime, status) ~ hormon, gbsg)
            assert_close(hr.log_estimate, -0.364_009_883_263_396_56, 1e-8);
            // survdiff(Surv(rfstime, status) ~ hormon, gbsg)
            assert_close(full.unadjusted.log_rank.unwrap().chi2, 8.564_780_853_538_956, 1e-8);
        }
        let adjusted = full.hazard_ratio_adjusted.clone().unwrap();
        assert!(adjusted.lower < adjusted.estimate && adjusted.estimate < adjusted.upper);
        assert!(!full.settings.is_empty());
        let table = RiskTable { plan_id: full.plan_id.clone(), weighted: false, times: vec![0.0, 365.0, 1e9] };
        let rows = host.ask(table).unwrap();
        assert_eq!(rows.len(), 2);
        let n_at_start: f64 = rows.iter().map(|r| r.n_at_risk[0]).sum();
        assert_close(n_at_start, n as f64, 1e-12);
        assert_close(rows[0].n_at_risk[2], 0.0, 0.0);

        let drafted = host.ask(draft(&plan, &full, name)).unwrap();
        assert_eq!(drafted.check.discloses, Vec::new());
        assert!(matches!(drafted.finding.population.n, Cell::Count(found) if found == n));
        assert!(drafted.finding.summary.len() > 40);
        let key = "11".repeat(32);
        let signed = host.ask(SignFinding { finding: drafted.finding.clone(), secret_key: key }).unwrap();
        let read = host.ask(VerifyDocument { document: signed.clone() }).unwrap();
        let mut with_key = drafted.finding.clone();
        with_key.author.public_key.clone_from(&signed.public_key);
        assert_eq!(read.finding, with_key);
        let mut tampered = signed.clone();
        tampered.body = tampered.body.replacen("hazard_ratio", "risk_ratio", 1);
        assert!(words(host.ask(VerifyDocument { document: tampered })).contains("changed"));
        documents.push(drafted.finding);
    }
    let pooled = host.ask(PoolFindings { findings: documents, adjusted: true }).unwrap();
    assert_eq!(pooled.rows.len(), 2);
    assert!(pooled.fixed.lower < pooled.fixed.estimate && pooled.fixed.estimate < pooled.fixed.upper);
    let random = pooled.random.unwrap();
    assert!(random.knapp_hartung);
    assert!(random.upper - random.lower > pooled.fixed.upper - pooled.fixed.lower, "two findings: a wide interval");
}

fn two_drugs_plan(adjustment: Adjustment) -> StudyPlan {
    let set = |id: &str, code: &str, system: &str, omop_id: i64| ConceptSet {
        id: id.into(),
        name: id.into(),
        items: vec![ConceptItem {
            concept: ConceptRef {
                system: system.into(),
                code: code.into(),
                display: id.into(),
                omop_id: Some(omop_id),
            },
            include_descendants: false,
            exclude: false,
        }],
    };
    let query =
        |id: &str, domain| EventQuery { domain: Some(domain), concept_set: Some(id.into()), ..EventQuery::default() };
    let drug_arm = |id: &str, omop_id| {
        let mut cohort = CohortDefinition::everyone(id);
        cohort.concept_sets = vec![set(id, id, "Rounds sample", omop_id)];
        cohort.entry = Entry::Event {
            event: query(id, Domain::Drug),
            limit: Limit::First,
            prior_observation_days: 365,
            washout_days: 0,
        };
        StudyArm { name: id.into(), cohort }
    };
    let before = Window { start_days: Some(-365), end_days: Some(0) };
    StudyPlan {
        target: drug_arm("A", 2_000_000_001),
        comparator: drug_arm("B", 2_000_000_002),
        outcome: Outcome::Event {
            name: "death".into(),
            concept_sets: Vec::new(),
            event: EventQuery { domain: Some(Domain::Death), ..EventQuery::default() },
            washout_days: None,
            or_death: false,
        },
        covariates: vec![
            Covariate::AgeAtIndex,
            Covariate::Sex,
            Covariate::LastValue {
                name: "ejection fraction".into(),
                event: query("LVEF", Domain::Measurement),
                window: before,
            },
            Covariate::HasEvent {
                name: "diabetes".into(),
                event: query("diabetes", Domain::Condition),
                window: Window { start_days: None, end_days: Some(0) },
            },
        ],
        covariate_concept_sets: vec![
            set("LVEF", "LVEF", "Rounds sample", 2_000_000_003),
            set("diabetes", "44054006", "SNOMED", 201_826),
        ],
        ..hormone_plan(adjustment)
    }
}

#[test]
fn the_synthetic_sample_gives_its_truth_back_when_adjusted_and_not_before() {
    let mut host = Host::new();
    let request = MakeSample { name: "two-drugs".into(), persons: 5000, seed: 1, format: SampleFormat::Omop };
    let (made, bulk) = host.ask_with(request, Vec::new()).unwrap();
    assert!(made.truth.iter().any(|Setting { name, value }| name.contains("hazard ratio") && value == "0.7"));
    let files: Vec<(String, Vec<u8>)> = made.names.into_iter().zip(bulk).collect();
    let (imported, _) = host.import(ImportFormat::Omop, true, &files).unwrap();
    assert_eq!(imported.report.persons, 5000);
    assert_eq!(imported.report.notes, 5000);
    assert_eq!(imported.report.rows_rejected, 0, "{:?}", imported.report.rejected.first());
    let report = &imported.report;
    assert_eq!(report.rows_read, report.rows_kept + report.rows_rejected + report.rows_not_used);
    let dataset = imported.header.id;
    let contents = host.ask(DescribeDataset { dataset: dataset.clone() }).unwrap();
    assert!(contents.has_ancestors);
    assert!(contents.domains.iter().any(|d| d.domain == "death" && d.events > 500));

    let truth = 0.7_f64;
    for adjustment in [Adjustment::Regression, Adjustment::Weighting { estimand: Estimand::Ato }] {
        let plan = two_drugs_plan(adjustment);
        let result = host.ask(RunStudy { dataset: dataset.clone(), plan, stage: StudyStage::Full }).unwrap();
        let crude = result.hazard_ratio_unadjusted.unwrap();
        assert!(crude.lower > truth, "the crude interval {}-{} must miss the truth", crude.lower, crude.upper);
        let adjusted = result.hazard_ratio_adjusted.unwrap();
        assert!(
            adjusted.lower < truth && truth < adjusted.upper,
            "{adjustment:?}: {} ({}-{}) must hold 0.7",
            adjusted.estimate,
            adjusted.lower,
            adjusted.upper
        );
        if let Adjustment::Weighting { .. } = adjustment {
            let balance = &result.balance;
            assert!(balance.rows.iter().any(|r| r.smd_before.unwrap().abs() > 0.3));
            for row in &balance.rows {
                assert!(row.smd_after.unwrap().abs() < 0.01, "overlap weights balance exactly: {row:?}");
            }
        }
    }
}

#[test]
fn a_dataset_goes_out_as_one_file_and_comes_back_identical() {
    let mut host = Host::new();
    let (dataset, imported) = host.shipped("gbsg");
    let export = ExportDataset { dataset: dataset.clone(), format: ExportFormat::Rounds };
    let (_, file) = host.ask_with(export.clone(), Vec::new()).unwrap();
    host.ask(UnloadDataset { dataset: dataset.clone() }).unwrap();
    assert!(words(host.ask(DescribeDataset { dataset: dataset.clone() })).contains("not open"));
    let (again, chunks) = host.ask_with(ReadRounds { header_only: false }, file.clone()).unwrap();
    assert_eq!(again.header, imported.header);
    host.ask(UnloadDataset { dataset: dataset.clone() }).unwrap();
    host.ask_with(LoadDataset { header: again.header }, chunks).unwrap();
    let (_, second) = host.ask_with(export, Vec::new()).unwrap();
    assert_eq!(file, second, "the same bytes");

    let csv = ExportDataset { dataset, format: ExportFormat::Csv };
    let (names, bytes) = host.ask_with(csv, Vec::new()).unwrap();
    let at = names.names.iter().position(|n| n.ends_with("variable.csv")).unwrap();
    assert_eq!(String::from_utf8(bytes[at].clone()).unwrap().lines().count(), 687);

    let mut cut = file[0].clone();
    cut.truncate(cut.len() / 2);
    assert!(!words(host.ask_with(ReadRounds { header_only: false }, vec![cut])).is_empty());
    let mut damaged = file[0].clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    assert!(!words(host.ask_with(ReadRounds { header_only: false }, vec![damaged])).is_empty());
}

#[test]
fn a_cohort_is_counted_with_its_attrition_and_can_be_stopped() {
    let mut host = Host::new();
    let (dataset, _) = host.shipped("rotterdam");
    let mut definition = arm("hormon", "1").cohort;
    definition.inclusion_rules.push(InclusionRule {
        name: "nobody is younger than 0".into(),
        condition: Condition::Not {
            of: Box::new(Condition::Variable { name: "chemo".into(), test: Test::OneOf { levels: vec!["1".into()] } }),
        },
    });
    let ask = EvaluateCohort { dataset: dataset.clone(), definition: definition.clone(), with_subjects: true };
    let report = host.ask(ask.clone()).unwrap();
    assert_eq!(report.attrition.first().unwrap().persons, 2982);
    assert_eq!(report.attrition.last().unwrap().persons, report.persons);
    assert_eq!(report.subjects.unwrap().len() as u64, report.events);
    // awk over the shipped file: hormon == 1 && chemo == 0
    let text =
        std::fs::read_to_string(format!("{}/../../public/samples/rotterdam.csv", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let by_hand = text.lines().skip(1).filter(|l| {
        let f: Vec<&str> = l.split(',').collect();
        f[9] == "1" && f[10] == "0"
    });
    assert_eq!(report.persons, by_hand.count() as u64);

    let protocol::Work::Engine(request) = protocol::Call::into_work(ask) else { panic!() };
    let stopped = engine::handle(&mut host.0, request, Vec::new(), &mut |_, _| false);
    assert_eq!(stopped.unwrap_err(), protocol::EngineError::Cancelled);

    definition.inclusion_rules[0].condition =
        Condition::Variable { name: "hormone".into(), test: Test::OneOf { levels: vec!["yes".into()] } };
    let refused = words(host.ask(EvaluateCohort { dataset, definition, with_subjects: false }));
    assert!(refused.contains("hormone"), "{refused}");
}

/// An import that waits for the user's word holds what one that is opened holds, and is not open.
#[test]
fn what_waits_for_a_word_is_in_its_chunks_alone() {
    let mut host = Host::new();
    let flat = b"id,time,status,arm,born\na,5,1,x,1950-02-01\nb,6,0,y,1960-03-02\nc,7,1,x,1970-04-03\n".to_vec();
    let mapping = host.inspect("flat.csv", &flat).unwrap();
    let omop = [
        ("person.csv", "person_id,gender_concept_id,year_of_birth\n1,8507,1940\n2,8532,1950\n"),
        ("measurement.csv", "measurement_id,person_id,measurement_concept_id,measurement_date\n1,1,5,2020-01-01\n"),
    ];
    let omop = omop.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).to_vec();
    let formats = [(ImportFormat::Csv { mapping }, vec![("flat.csv".to_owned(), flat)]), (ImportFormat::Omop, omop)];
    for (format, files) in formats {
        let begin = support::begin(format, false);
        let (opened, of_opened) = host.import_as(begin.clone(), &files).unwrap();
        host.ask(UnloadDataset { dataset: opened.header.id.clone() }).unwrap();
        let (waits, chunks) = host.import_as(ImportBegin { review: true, ..begin }, &files).unwrap();
        assert_eq!((&waits.header, &chunks), (&opened.header, &of_opened));
        assert!(!host.0.is_open(&waits.header.id));
        host.ask_with(LoadDataset { header: waits.header.clone() }, chunks).unwrap();
        let about = host.ask(DescribeDataset { dataset: waits.header.id.clone() }).unwrap();
        assert_eq!(about.header.n_persons, opened.header.n_persons);
    }
}
