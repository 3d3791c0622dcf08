//! What the page knows of a sample before it is opened.

use serde::{Deserialize, Serialize};

/// A sample that can be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleInfo {
    /// Key: `rotterdam`, `gbsg`, `two-drugs`.
    pub key: String,
    /// Title.
    pub title: String,
    /// What it is, in two sentences.
    pub about: String,
    /// Persons.
    pub persons: u64,
    /// Where it comes from.
    pub source: String,
    /// Licence.
    pub licence: String,
    /// Real patients or synthetic.
    pub real: bool,
    /// File of a real sample below the page's own origin (`samples/rotterdam.csv`).
    pub file: Option<String>,
}

impl SampleInfo {
    /// The file that says how a real sample is read (`samples/rotterdam.mapping.json`), so that nobody's first visit waits for
    /// its columns to be guessed.
    #[must_use]
    pub fn mapping_file(&self) -> Option<String> {
        self.file.as_ref().map(|file| file.replace(".csv", ".mapping.json"))
    }
}

/// What a column of a real sample means, in words: name, label, unit.
pub type ColumnWords = (&'static str, &'static str, Option<&'static str>);

/// What the columns of the real samples mean. Same names mean the same in both.
#[must_use]
pub fn sample_columns() -> &'static [ColumnWords] {
    &[
        ("pid", "Patient number", None),
        ("year", "Year of surgery", None),
        ("age", "Age at surgery", Some("years")),
        ("meno", "Menopausal status (0 premenopausal, 1 postmenopausal)", None),
        ("size", "Tumour size", Some("mm")),
        ("grade", "Differentiation grade", None),
        ("nodes", "Positive lymph nodes", None),
        ("pgr", "Progesterone receptors", Some("fmol/l")),
        ("er", "Oestrogen receptors", Some("fmol/l")),
        ("hormon", "Hormonal therapy (0 no, 1 yes)", None),
        ("chemo", "Chemotherapy (0 no, 1 yes)", None),
        ("rtime", "Time to recurrence or last follow-up", Some("days")),
        ("recur", "Recurrence", None),
        ("dtime", "Time to death or last follow-up", Some("days")),
        ("death", "Death", None),
        ("rfstime", "Time to recurrence, death or last follow-up", Some("days")),
        ("status", "Recurrence or death", None),
    ]
}

/// The samples of this build, in the order they are shown.
#[must_use]
pub fn samples() -> Vec<SampleInfo> {
    vec![
        SampleInfo {
            key: "rotterdam".into(),
            title: "Rotterdam breast cancer cohort".into(),
            about: "2,982 women with primary breast cancer from the Rotterdam tumour bank, followed for recurrence and \
                    death. Treatment was chosen by doctors, so hormonal therapy went to older women with more \
                    positive nodes."
                .into(),
            persons: 2982,
            source: "R package survival, data set rotterdam (Royston and Altman 2013)".into(),
            licence: "LGPL-2.0-or-later (as part of the R package survival)".into(),
            real: true,
            file: Some("samples/rotterdam.csv".into()),
        },
        SampleInfo {
            key: "gbsg".into(),
            title: "German Breast Cancer Study Group trial".into(),
            about: "686 women with node-positive breast cancer in the GBSG trial 1984-1989, with recurrence-free \
                    survival. The same question as in Rotterdam can be asked again here."
                .into(),
            persons: 686,
            source: "R package survival, data set gbsg (Royston and Altman 2013)".into(),
            licence: "LGPL-2.0-or-later (as part of the R package survival)".into(),
            real: true,
            file: Some("samples/gbsg.csv".into()),
        },
        SampleInfo {
            key: "two-drugs".into(),
            title: "Two drugs, confounded by severity".into(),
            about: "5,000 synthetic persons with visits, diagnoses, laboratory values, drugs, deaths and clinic notes. \
                    Drug A truly lowers the hazard, but sicker persons get it more often: the crude comparison misleads."
                .into(),
            persons: 5000,
            source: "Made on this device by Rounds, deterministic by seed".into(),
            licence: "Public domain (CC0)".into(),
            real: false,
            file: None,
        },
    ]
}
