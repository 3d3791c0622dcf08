//! Flat files analysed as they are: survival, Table 1.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use model::covariate::Covariate;
use model::study::{AnalysisSettings, CiType, Ties};
use protocol::{Summarize, SummaryGroups, Survival, SurvivalDepth};

use super::{TiesArg, Words, not_built};
use crate::output::print;
use crate::session::{Session, Wanted};

/// Interval of the Kaplan-Meier curve.
#[derive(Clone, Copy, ValueEnum)]
enum CiArg {
    /// On log(-log S).
    LogLog,
    /// On log S.
    Log,
    /// On S.
    Plain,
}

/// `rounds survival`.
#[derive(Args)]
pub struct SurvivalArgs {
    /// A delimited file with a header, a row a subject.
    file: PathBuf,
    /// Column of the duration.
    #[arg(long)]
    time: String,
    /// Column of the event (0/1, 1/2, false/true).
    #[arg(long)]
    event: String,
    /// Column of the entry time (left truncation).
    #[arg(long)]
    entry: Option<String>,
    /// Column of the group.
    #[arg(long)]
    group: Option<String>,
    /// Columns of the Cox model; without, the group.
    #[arg(long, value_delimiter = ',')]
    covariates: Vec<String>,
    /// Column of the strata, of log-rank and Cox.
    #[arg(long)]
    strata: Option<String>,
    /// Column of case weights.
    #[arg(long)]
    weights: Option<String>,
    /// Column of clusters, for robust standard errors.
    #[arg(long)]
    cluster: Option<String>,
    /// Ties in Cox regression.
    #[arg(long, value_enum, default_value = "efron")]
    ties: TiesArg,
    /// Interval of the curve.
    #[arg(long, value_enum, default_value = "log-log")]
    ci: CiArg,
    /// Restriction time of the mean.
    #[arg(long)]
    tau: Option<f64>,
    /// The event column holds causes 0, 1, 2 ...
    #[arg(long)]
    causes: bool,
}

/// Kaplan-Meier, log-rank and Cox regression.
pub fn survival(args: &SurvivalArgs) -> anyhow::Result<()> {
    if args.causes && (args.entry.is_some() || args.weights.is_some()) {
        return Err(not_built("--causes with --entry or --weights"));
    }
    if args.time == args.event {
        return Err(Words::error(format!("'{}' cannot be both the duration and the event.", args.time)));
    }
    if let Some(tau) = args.tau.filter(|tau| !(tau.is_finite() && *tau > 0.0)) {
        return Err(Words::error(format!("--tau {tau}: a restriction time is a number above 0.")));
    }
    let mut wanted: Vec<(&str, Wanted)> = vec![
        (args.time.as_str(), Wanted::Duration),
        (args.event.as_str(), if args.causes { Wanted::Any } else { Wanted::Event }),
    ];
    let others = [&args.entry, &args.group, &args.strata, &args.weights, &args.cluster];
    for name in others.into_iter().flatten().chain(&args.covariates) {
        if *name == args.time || *name == args.event {
            let words = format!("'{name}' is the duration or the event and cannot be used for something else as well.");
            return Err(Words::error(words));
        }
        if !wanted.iter().any(|(known, _)| known == name) {
            wanted.push((name, Wanted::Any));
        }
    }
    let mut session = Session::new();
    let (dataset, notes) = session.analyse(&args.file, &wanted)?;
    let mut report = session.ask(Survival {
        dataset,
        time: args.time.clone(),
        event: args.event.clone(),
        entry: args.entry.clone(),
        group: args.group.clone(),
        covariates: args.covariates.clone(),
        strata: args.strata.clone(),
        weights: args.weights.clone(),
        cluster: args.cluster.clone(),
        causes: args.causes,
        settings: AnalysisSettings {
            ties: match args.ties {
                TiesArg::Efron => Ties::Efron,
                TiesArg::Breslow => Ties::Breslow,
            },
            ci: match args.ci {
                CiArg::LogLog => CiType::LogLog,
                CiArg::Log => CiType::Log,
                CiArg::Plain => CiType::Plain,
            },
            tau: args.tau,
            ..AnalysisSettings::default()
        },
        thin: false,
        depth: SurvivalDepth::Diagnostics,
    })?;
    report.warnings.extend(notes);
    print(&report)
}

/// `rounds table`.
#[derive(Args)]
pub struct TableArgs {
    /// A delimited file with a header, a row a subject.
    file: PathBuf,
    /// Column of the groups.
    #[arg(long)]
    by: Option<String>,
    /// Columns to summarize; without, all but identifiers and texts.
    #[arg(long, value_delimiter = ',')]
    variables: Vec<String>,
}

/// Table 1.
pub fn table(args: &TableArgs) -> anyhow::Result<()> {
    let mut session = Session::new();
    let columns: Vec<String> = if args.variables.is_empty() {
        session.inspect(&args.file)?.mapping.columns.into_iter().map(|c| c.name).collect()
    } else {
        args.variables.clone()
    };
    let mut wanted: Vec<(&str, Wanted)> = columns.iter().map(|name| (name.as_str(), Wanted::Proposed)).collect();
    if let Some(by) = &args.by {
        wanted.retain(|(name, _)| name != by);
        wanted.push((by, Wanted::Category));
    }
    let (dataset, notes) = session.analyse(&args.file, &wanted)?;
    let variables = (!args.variables.is_empty()).then(|| {
        let variable = |name: &String| Covariate::Variable { name: name.clone(), as_category: false };
        args.variables.iter().map(variable).collect()
    });
    let mut table =
        session.ask(Summarize { dataset, groups: SummaryGroups::By { variable: args.by.clone() }, variables })?;
    table.warnings.extend(notes);
    print(&table)
}
