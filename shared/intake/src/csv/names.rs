//! What the names of columns and the usual texts hint at.

mod abroad;
mod identifiers;

pub(crate) use identifiers::{identifier_class, is_person_id};
pub(super) use identifiers::{is_number_of_another, is_of_a_stay, is_of_staff, is_part_of_name};

/// Texts that usually mean that the event was observed.
pub(super) const OBSERVED: [&str; 20] = [
    "1",
    "true",
    "yes",
    "y",
    "t",
    "event",
    "observed",
    "dead",
    "died",
    "deceased",
    "death",
    "relapse",
    "ja",
    "oui",
    "si",
    "sí",
    "sim",
    "tot",
    "verstorben",
    "gestorben",
];
/// Texts that usually mean that it was not.
pub(super) const CENSORED: [&str; 18] = [
    "0",
    "false",
    "no",
    "n",
    "f",
    "censored",
    "censor",
    "alive",
    "living",
    "none",
    "no event",
    "event-free",
    "nein",
    "non",
    "nee",
    "nej",
    "lebend",
    "zensiert",
];
/// Those of both that answer any question, and speak of no event by themselves.
pub(super) const ANSWERS: [&str; 3] = ["true", "false", "nein"];

/// The words of a name: cut at other characters than letters and digits, at humps (`birthDate`) and before digits at the
/// end; lower case, letters without their accents.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    // Combining accents, as macOS and some exports write letters, are no letters of their own.
    for c in name.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)) {
        let hump = c.is_uppercase() && before.is_lowercase();
        if (!c.is_alphanumeric() || hump) && !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            c.to_lowercase().for_each(|c| plain(c, &mut word));
        }
        before = c;
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

/// A small letter without its accent: `é` is `e`, `ß` is `ss`.
fn plain(c: char, out: &mut String) {
    let folded = match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ç' => "c",
        'ñ' => "n",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'º' | 'ª' => "",
        other => return out.push(other),
    };
    out.push_str(folded);
}

fn any(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|w| list.contains(&w.as_str()))
}

/// The whole name without separators.
fn joined(words: &[String]) -> String {
    words.concat()
}

/// Whether a column is a year of birth, by its name.
pub(crate) fn is_birth_year(name: &str) -> bool {
    let words = words(name);
    any(&words, &["yob", "birthyear", "byear", "geburtsjahr", "gebjahr", "geboortejaar"])
        || (any(&words, &["birth", "born", "naissance", "nacimiento", "nascita", "nascimento"])
            && any(&words, &["year", "yr", "annee", "ano", "anno"]))
}

/// Whether a column of dates is the day of death, by its name. Dates that stand for something else where nobody died are none.
pub(super) fn is_death_date(name: &str) -> bool {
    let words = words(name);
    let other = [
        "or",
        "last",
        "alive",
        "censor",
        "censoring",
        "censored",
        "fu",
        "followup",
        "follow",
        "contact",
        "seen",
        "relapse",
        "progression",
        "event",
        "mother",
        "father",
        "donor",
        "report",
        "reported",
        "registered",
        "certificate",
    ];
    let joined = joined(&words);
    !any(&words, &other)
        && (any(
            &words,
            &["dod", "death", "died", "deceased", "deathdate", "dthdt", "dthdtc", "deathdt", "dateofdeath"],
        ) || any(
            &words,
            &["deces", "fallecimiento", "defuncion", "decesso", "todesdatum", "sterbedatum", "overlijdensdatum"],
        ) || [
            "deathdate",
            "deathtime",
            "deathdatetime",
            "deathdttm",
            "deceaseddttm",
            "deceaseddate",
            "datedeceased",
            "todestag",
            "verstorbenam",
            "gestorbenam",
            "fechaexitus",
        ]
        .iter()
        .any(|n| joined == *n))
}

/// Whether a column is the sex of a person, by its name.
pub(crate) fn is_sex(name: &str) -> bool {
    any(&words(name), &["sex", "gender", "geschlecht", "sexe", "sexo", "sesso", "geslacht", "kon", "kjonn", "koen"])
}

/// Whether a name speaks of an event.
pub(crate) fn is_event(name: &str) -> bool {
    let list = [
        "verstorben",
        "gestorben",
        "tod",
        "deces",
        "decede",
        "exitus",
        "fallecido",
        "fallecimiento",
        "muerte",
        "overleden",
        "rezidiv",
        "status",
        "stat",
        "event",
        "events",
        "evt",
        "death",
        "dead",
        "died",
        "deceased",
        "recur",
        "recurrence",
        "relapse",
        "relapsed",
        "progression",
        "progressed",
        "fail",
        "failure",
        "cens",
        "censor",
        "censored",
        "outcome",
        "mortality",
        "pstat",
        "fustat",
        "endpoint",
        "delta",
        "cause",
        "fstat",
        "vitalstatus",
        "osevent",
        "pfsevent",
        "dfsevent",
        "deathind",
    ];
    let words = words(name);
    any(&words, &list[..list.len()])
        || words.iter().any(|w| w.len() > 5 && (w.ends_with("status") || w.ends_with("event") || w.ends_with("death")))
}

/// Whether a name speaks of censoring rather than of the event: 1 may then mean either.
pub(crate) fn is_censoring(name: &str) -> bool {
    words(name).iter().any(|w| w.starts_with("cens"))
}

/// The unit of a length of time that a name speaks of: `Some(None)` where the name says no unit.
pub(crate) fn duration(name: &str) -> Option<Option<&'static str>> {
    let words = words(name);
    let all = joined(&words);
    if words.first().is_some_and(|w| w.starts_with("diag") || w == "year" || w.starts_with("pro")) {
        return None;
    }
    for (list, unit) in [
        (["days", "day", "timedays", "survdays"], "days"),
        (["weeks", "week", "wks", "timeweeks"], "weeks"),
        (["months", "month", "mos", "timemonths"], "months"),
        (["years", "yrs", "timeyears", "survyears"], "years"),
    ] {
        let calendar = any(&words, &["birth", "admission", "diagnosis", "of", "sample"]);
        if any(&words, &list)
            && !calendar
            && (words.len() > 1 || unit != "months" || all != "month")
            && !any(&words, &["age", "smoking", "education"])
        {
            return Some(Some(unit));
        }
    }
    let list = [
        "time",
        "futime",
        "stime",
        "dtime",
        "rtime",
        "ptime",
        "rfstime",
        "ostime",
        "pfstime",
        "dfstime",
        "survtime",
        "survivaltime",
        "followup",
        "fu",
        "duration",
        "tte",
        "surv",
        "survival",
        "etime",
        "ttime",
        "tstop",
        "tstart",
        "start",
        "stop",
        "entry",
        "exit",
        "os",
        "pfs",
        "dfs",
        "efs",
        "los",
        "timetoevent",
    ];
    // `t1` behind something is a time at which that was measured.
    let is = any(&words, &list)
        || words.first().is_some_and(|w| w == "t1" || w == "t2")
        || all.contains("timeto")
        || all.contains("followup")
        || (all.len() > 4 && all.ends_with("time"));
    is.then_some(None)
}

/// Whether a name speaks of a calendar date.
pub(crate) fn is_date(name: &str) -> bool {
    words(name).iter().any(|w| {
        matches!(w.as_str(), "date" | "dt" | "datum" | "day" | "dat" | "dob")
            || w.ends_with("date")
            || w.ends_with("dt")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        assert_eq!(words("birthDate"), ["birth", "date"]);
        assert_eq!(words("pat.karno"), ["pat", "karno"]);
        assert_eq!(words("Patient ID (MRN)"), ["patient", "id", "mrn"]);
        assert!(words("").is_empty());
        assert_eq!(words("Größe (cm)"), ["grosse", "cm"]);
        assert_eq!(words("N° Pre\u{301}nom"), ["n", "prenom"]);
    }

    #[test]
    fn times_and_events_by_name() {
        for name in
            ["time", "futime", "rtime", "rfstime", "survival_months", "time_to_event", "days", "follow-up", "ptime"]
        {
            assert!(duration(name).is_some(), "{name}");
        }
        assert_eq!(duration("os_months"), Some(Some("months")));
        for name in ["diagtime", "year", "age", "sometimes", "birth_month", "estimate"] {
            assert_eq!(duration(name), None, "{name}");
        }
        for name in ["status", "death", "recur", "pstat", "os_event", "cens", "fustat", "dead"] {
            assert!(is_event(name), "{name}");
        }
        assert!(!is_event("statin") && !is_event("eventually"));
    }
}
