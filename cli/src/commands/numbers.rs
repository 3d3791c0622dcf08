//! Commands that need no dataset.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use protocol::{MakeSample, Pool, PoolMethod, SampleFormat, TwoByTwo};
use serde_json::json;

use super::{Words, not_built};
use crate::output::{print, read, write_all};
use crate::session::{Session, file_name};

/// `rounds two-by-two`.
pub fn two_by_two(a: u64, b: u64, c: u64, d: u64) -> anyhow::Result<()> {
    let report = Session::new().ask(TwoByTwo { a, b, c, d }).map_err(|error| Words::error(format!("{error:#}")))?;
    print(&report)
}

/// Estimator of the variance between studies.
#[derive(Clone, Copy, ValueEnum)]
enum MethodArg {
    /// Restricted maximum likelihood.
    Reml,
    /// DerSimonian-Laird.
    Dl,
    /// Paule-Mandel.
    Pm,
    /// Fixed effect.
    Fixed,
}

/// `rounds pool`.
#[derive(Args)]
pub struct PoolArgs {
    /// A CSV file with a header, a row an estimate.
    file: PathBuf,
    /// Column of the estimates (ratios as logarithms).
    #[arg(long)]
    estimate: String,
    /// Column of the standard errors.
    #[arg(long)]
    std_err: String,
    /// Estimator of the variance between studies.
    #[arg(long, value_enum, default_value = "reml")]
    method: MethodArg,
    /// Knapp-Hartung interval.
    #[arg(long)]
    knapp_hartung: bool,
}

/// Pools estimates.
pub fn pool(args: &PoolArgs) -> anyhow::Result<()> {
    if args.knapp_hartung && matches!(args.method, MethodArg::Fixed) {
        let words = "--knapp-hartung belongs to random effects: choose --method reml, dl or pm, or leave it off.";
        return Err(Words::error(words));
    }
    let (estimates, std_errs) = columns(args)?;
    let method = match args.method {
        MethodArg::Reml => PoolMethod::Reml,
        MethodArg::Dl => PoolMethod::Dl,
        MethodArg::Pm => PoolMethod::Pm,
        MethodArg::Fixed => PoolMethod::Fixed,
    };
    print(&Session::new().ask(Pool { estimates, std_errs, method, knapp_hartung: args.knapp_hartung })?)
}

/// The two columns; a row without one of them is an error, not a study fewer.
fn columns(args: &PoolArgs) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
    let name = file_name(&args.file);
    let bytes = read(&args.file)?;
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes.as_slice());
    let header = reader.headers().with_context(|| format!("{name}, line 1"))?.clone();
    let position = |column: &str| {
        header.iter().position(|h| h.trim() == column).with_context(|| {
            format!("{name} has no column '{column}'. Its columns: {}", header.iter().collect::<Vec<_>>().join(", "))
        })
    };
    let (at_estimate, at_std_err) = (position(&args.estimate)?, position(&args.std_err)?);
    let mut estimates = Vec::new();
    let mut std_errs = Vec::new();
    for record in reader.records() {
        let record = record.with_context(|| name.clone())?;
        let line = record.position().map_or(0, csv::Position::line);
        let number = |at: usize, column: &str| -> anyhow::Result<f64> {
            let text = record.get(at).unwrap_or_default().trim();
            text.parse::<f64>().ok().filter(|x| x.is_finite()).with_context(|| {
                format!("{name}, line {line}, field '{column}': '{text}' is not a number. Correct or remove the row.")
            })
        };
        estimates.push(number(at_estimate, &args.estimate)?);
        std_errs.push(number(at_std_err, &args.std_err)?);
    }
    if estimates.is_empty() {
        bail!("{name} has a header and no rows below it.");
    }
    Ok((estimates, std_errs))
}

/// As what a sample is written.
#[derive(Clone, Copy, ValueEnum)]
enum SampleFormatArg {
    /// FHIR.
    Fhir,
    /// OMOP CDM tables.
    Omop,
    /// One flat file.
    Csv,
}

/// `rounds sample`.
#[derive(Args)]
pub struct SampleArgs {
    /// Name: two-drugs.
    name: String,
    /// Persons.
    #[arg(long, default_value_t = 5000)]
    persons: u32,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// As what.
    #[arg(long, value_enum, default_value = "omop")]
    format: SampleFormatArg,
    /// Folder to write into.
    #[arg(long)]
    out: PathBuf,
}

/// Makes a synthetic sample.
pub fn sample(args: &SampleArgs) -> anyhow::Result<()> {
    let format = match args.format {
        SampleFormatArg::Fhir => return Err(not_built("--format fhir")),
        SampleFormatArg::Omop => SampleFormat::Omop,
        SampleFormatArg::Csv => SampleFormat::Csv,
    };
    let request = MakeSample { name: args.name.clone(), persons: args.persons, seed: args.seed, format };
    // nothing but the call's words goes in
    let (made, bulk) =
        Session::new().ask_with(request, Vec::new()).map_err(|error| Words::error(format!("{error:#}")))?;
    let files = write_all(&args.out, &made.names, &bulk)?;
    let truth: serde_json::Map<String, serde_json::Value> =
        made.truth.into_iter().map(|s| (s.name, json!(s.value))).collect();
    print(&json!({"name": args.name, "files": files, "truth": truth}))
}
