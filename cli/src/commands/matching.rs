//! Matching and weighting by a propensity score.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use model::study::Estimand;
use protocol::{MatchPersons, MatchWith};

use super::Words;
use crate::output::print;
use crate::session::{Session, Wanted};

/// What makes the groups alike.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MethodArg {
    /// Nearest neighbours on the logit.
    Nearest,
    /// Nobody is matched: weights.
    None,
}

/// Whose effect is estimated.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EstimandArg {
    /// In the treated.
    Att,
    /// In everybody.
    Ate,
    /// In the overlap.
    Ato,
}

/// `rounds match`.
#[derive(Args)]
pub struct MatchArgs {
    /// A delimited file with a header, a row a subject.
    file: PathBuf,
    /// Column of the treatment (1: treated, 0: control).
    #[arg(long)]
    treatment: String,
    /// Columns of the propensity score.
    #[arg(long, value_delimiter = ',', required = true)]
    covariates: Vec<String>,
    /// Column of the outcome (0/1, or a number).
    #[arg(long)]
    outcome: Option<String>,
    /// What makes the groups alike.
    #[arg(long, value_enum, default_value = "nearest")]
    method: MethodArg,
    /// Whose effect is estimated.
    #[arg(long, value_enum, default_value = "att")]
    estimand: EstimandArg,
    /// Largest difference of a match, in standard deviations of the logit [default: 0.2].
    #[arg(long)]
    caliper: Option<f64>,
    /// Most controls for each treated [default: 1].
    #[arg(long)]
    ratio: Option<u32>,
    /// List the matched sets as data rows, from 0.
    #[arg(long)]
    pairs: bool,
}

/// Propensity score, matching or weighting, balance, effect.
pub fn match_persons(args: &MatchArgs) -> anyhow::Result<()> {
    let with = with(args)?;
    let mut wanted: Vec<(&str, Wanted)> = vec![(args.treatment.as_str(), Wanted::Any)];
    for name in args.outcome.iter().chain(&args.covariates) {
        if wanted.iter().any(|(known, _)| known == name) {
            return Err(Words::error(format!(
                "'{name}' is named twice: treatment, outcome and covariates are different columns."
            )));
        }
        wanted.push((name, Wanted::Any));
    }
    let mut session = Session::new();
    let (dataset, notes) = session.analyse(&args.file, &wanted)?;
    let mut report = session.ask(MatchPersons {
        dataset,
        treatment: args.treatment.clone(),
        covariates: args.covariates.clone(),
        outcome: args.outcome.clone(),
        with,
        pairs: args.pairs,
    })?;
    report.warnings.extend(notes);
    print(&report)
}

/// The method, with options that do not go with it refused.
fn with(args: &MatchArgs) -> anyhow::Result<MatchWith> {
    if args.method == MethodArg::Nearest {
        if args.estimand != EstimandArg::Att {
            return Err(Words::error(
                "Nearest-neighbour matching estimates the effect in the treated: --estimand att, or --method none.",
            ));
        }
        let (ratio, caliper) = (args.ratio.unwrap_or(1), args.caliper.unwrap_or(0.2));
        if ratio == 0 {
            return Err(Words::error("--ratio 0: give the number of controls for each treated, 1 or more."));
        }
        if !(caliper.is_finite() && caliper > 0.0) {
            return Err(Words::error(format!("--caliper {caliper}: give a number of standard deviations above 0.")));
        }
        return Ok(MatchWith::Nearest { ratio, caliper });
    }
    let unused = [("--caliper", args.caliper.is_some()), ("--ratio", args.ratio.is_some()), ("--pairs", args.pairs)];
    if let Some((option, _)) = unused.iter().find(|(_, given)| *given) {
        return Err(Words::error(format!("{option} is for matching and means nothing with --method none.")));
    }
    let estimand = match args.estimand {
        EstimandArg::Att => Estimand::Att,
        EstimandArg::Ate => Estimand::Ate,
        EstimandArg::Ato => Estimand::Ato,
    };
    Ok(MatchWith::Weights { estimand })
}
