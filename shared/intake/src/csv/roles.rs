//! The role proposed for a column, and why.

mod dates;

use model::dataset::ColumnRole;
use model::intake::ColumnPlan;

use super::ages::Ages;
use super::evidence::Seen;
use super::names;
use dates::{calendar_date, date_format};

/// Largest number that is taken for the code of a group of ages.
const LARGEST_CODE: f64 = 9.0;

/// Largest whole number that is taken for a level where there are few: above are measured ones.
const LARGEST_LEVEL: f64 = 20.0;

/// A proposal for one column.
pub(super) struct Proposal {
    pub(super) plan: ColumnPlan,
    pub(super) why: String,
    pub(super) possible: Vec<ColumnRole>,
    pub(super) warnings: Vec<String>,
    /// Day and month of its dates could be either way round.
    pub(super) date_order_unsure: bool,
}

/// Proposes what a column is.
pub(super) fn propose(name: &str, seen: &Seen) -> Proposal {
    let mut proposal = Proposal {
        plan: ColumnPlan::left_out(name),
        why: String::new(),
        possible: possible(seen),
        warnings: Vec::new(),
        date_order_unsure: false,
    };
    let p = &mut proposal;
    let _decided = nothing_to_keep(p, seen)
        || identifier(p, seen)
        || calendar_date(p, seen)
        || event(p, seen)
        || duration(p, seen)
        || numeric(p, seen)
        || words(p, seen);
    if !p.possible.contains(&p.plan.role) {
        p.possible.insert(0, p.plan.role);
    }
    proposal
}

fn possible(seen: &Seen) -> Vec<ColumnRole> {
    let mut out = Vec::new();
    let numeric = seen.n_numbers > 0 && seen.mostly(seen.n_numbers);
    if numeric {
        out.push(ColumnRole::Number);
        if seen.min.is_some_and(|m| m >= 0.0) {
            out.push(ColumnRole::Duration);
        }
    }
    if seen.n_present() > 0 && seen.values.len() <= 200 {
        out.push(ColumnRole::Category);
    }
    if (1..=4).contains(&seen.values.len()) {
        out.push(ColumnRole::Event);
    }
    if seen.n_dates.iter().any(|&n| n > 0 && seen.mostly(n))
        || (seen.n_short_dates > 0 && seen.mostly(seen.n_short_dates))
    {
        out.extend([ColumnRole::Date, ColumnRole::Death]);
    }
    if !numeric {
        out.push(ColumnRole::Text);
    }
    out.extend([ColumnRole::Identifier, ColumnRole::Drop]);
    out
}

fn decide(p: &mut Proposal, role: ColumnRole, why: impl Into<String>) -> bool {
    p.plan.role = role;
    p.why = why.into();
    true
}

fn nothing_to_keep(p: &mut Proposal, seen: &Seen) -> bool {
    if seen.n_present() == 0 {
        return decide(p, ColumnRole::Drop, "no value in the rows looked at");
    }
    if p.plan.name.is_empty() && seen.always_rising && seen.mostly(seen.n_whole) {
        return decide(p, ColumnRole::Drop, "a column without a name that counts the rows");
    }
    false
}

/// What the values of a column say of whom it names, and why.
fn by_content(p: &Proposal, seen: &Seen) -> Option<(&'static str, &'static str)> {
    let half = |n: u64| n * 2 >= seen.n_present() && n > 0;
    let many = seen.values.len() as u64 * 2 > seen.n_present() && seen.n > 4;
    if half(seen.n_emails) {
        Some(("email", "the values are e-mail addresses"))
    } else if half(seen.n_ssns) {
        Some(("ssn", "the values look like social security numbers"))
    } else if half(seen.n_urls) {
        Some(("url", "the values are web addresses"))
    } else if half(seen.n_ips) {
        Some(("ip", "the values are IP addresses"))
    } else if half(seen.n_phones) {
        Some(("phone", "the values look like telephone numbers"))
    } else if seen.n_full_names * 10 >= seen.n_present() * 9 && many {
        Some(("name", "the values look like people's names"))
    } else if names::is_of_staff(&p.plan.name) && half(seen.n_full_names + seen.n_staff) {
        Some(("name", "the values look like the names of those who treat"))
    } else {
        None
    }
}

/// Whether a column of two values answers a question only: an 'address known' of yes and no.
fn is_flag(seen: &Seen) -> bool {
    let is_answer = |v: &String| v.chars().count() <= 3 || names::ANSWERS.iter().any(|a| v.eq_ignore_ascii_case(a));
    seen.values.len() <= 2
        && seen.n > 4
        && seen
            .values
            .keys()
            .all(|v| is_answer(v) || matches!(v.as_str(), "Checked" | "Unchecked" | "checked" | "unchecked"))
}

fn identifier(p: &mut Proposal, seen: &Seen) -> bool {
    let words_only = seen.n_numbers == 0 && seen.n_dates.iter().all(|n| *n == 0);
    let part = (words_only && names::is_part_of_name(&p.plan.name)).then_some("name");
    // 'CP' is the code postal where its values are of five digits, and Child-Pugh where they are not.
    let is_digits = |v: &String| v.len() == 5 && v.bytes().all(|b| b.is_ascii_digit());
    let is_postal = p.plan.name.eq_ignore_ascii_case("cp") && seen.values.keys().all(is_digits);
    let by_name = names::identifier_class(&p.plan.name).or(part).or(is_postal.then_some("zip"));
    // A two-valued 'phone' says whether there is one; a place that is one of two, or the same for all, says where somebody lives.
    let has_dates = seen.n_partial + seen.n_short_dates + seen.n_dates.iter().sum::<u64>() > 0;
    let told = by_name.filter(|class| match *class {
        // Two persons have two numbers, and nobody answers by one.
        "name" | "record_number" | "ssn" => true,
        // A 'birth mode' of two values is no date.
        "birth_date" => has_dates || seen.values.len() > 2 || seen.n <= 4,
        _ => !is_flag(seen),
    });
    let is_numbered = names::is_of_a_stay(&p.plan.name) || names::is_number_of_another(&p.plan.name);
    if is_numbered {
        p.plan.identifier_class = Some("record_number".to_owned());
        return decide(p, ColumnRole::Drop, "the number of a stay, a visit or an order by its name: not stored");
    }
    if let Some(class) = told {
        return named_identifier(p, seen, class);
    }
    if let Some((class, why)) = by_content(p, seen) {
        p.plan.identifier_class = Some(class.to_owned());
        return decide(p, ColumnRole::Drop, format!("{why}: not stored"));
    }
    if names::is_person_id(&p.plan.name) {
        p.plan.identifier_class = Some("record_number".to_owned());
        return decide(p, ColumnRole::Identifier, "its name says that it names a person: replaced by a keyed hash");
    }
    let codes = seen.n_numbers == 0 && seen.n_spaces == 0 && seen.values.len() as u64 == seen.n_present();
    // Blood pressures, visual acuities.
    let is_pair = |v: &String| {
        let digits = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        v.split_once('/').is_some_and(|(a, b)| digits(a) && digits(b))
    };
    let codes = codes && !seen.values.keys().all(is_pair);
    let are_dates = seen.n_dates.iter().any(|&n| seen.mostly(n)) || seen.mostly(seen.n_partial + seen.n_short_dates);
    if codes && seen.n_present() >= 10 && !are_dates {
        p.plan.identifier_class = Some("record_number".to_owned());
        return decide(p, ColumnRole::Identifier, "every row has a code of its own: taken to name a person");
    }
    false
}

fn named_identifier(p: &mut Proposal, seen: &Seen, class: &str) -> bool {
    p.plan.identifier_class = Some(class.to_owned());
    match class {
        "birth_date" => {
            let format = date_format(p, seen);
            p.plan.date_format = format;
            if format.is_some() {
                decide(p, ColumnRole::Date, "a date of birth by its name: reduced to the year")
            } else {
                decide(p, ColumnRole::Drop, "a date of birth by its name: not stored")
            }
        }
        "zip" => decide(p, ColumnRole::Category, "a ZIP or post code by its name: reduced to three digits"),
        "record_number" => decide(p, ColumnRole::Identifier, "a record number by its name: replaced by a keyed hash"),
        _ => {
            let words = crate::safe_harbor::class_words(class);
            decide(p, ColumnRole::Drop, format!("{words} by its name: not stored"))
        }
    }
}

fn event(p: &mut Proposal, seen: &Seen) -> bool {
    let mut levels: Vec<&str> = seen.values.keys().map(String::as_str).collect();
    levels.sort_unstable();
    let hinted = names::is_event(&p.plan.name);
    let name = p.plan.name.clone();
    let set = |p: &mut Proposal, observed: &[&str], censored: &[&str]| {
        p.plan.event_observed = observed.iter().map(|s| (*s).to_owned()).collect();
        p.plan.event_censored = censored.iter().map(|s| (*s).to_owned()).collect();
    };
    match levels.as_slice() {
        ["0", "1"] if hinted => {
            set(p, &["1"], &["0"]);
            if names::is_censoring(&name) {
                p.warnings.push(format!(
                    "'{name}' speaks of censoring: 1 is taken to mean that the event was observed. Check it: in some files 1 \
                     means censored."
                ));
            }
            decide(p, ColumnRole::Event, "0 and 1, and a name that speaks of an event: 1 is taken as observed")
        }
        ["0"] if hinted => {
            set(p, &["1"], &["0"]);
            decide(p, ColumnRole::Event, "0 only, and a name that speaks of an event: nobody had it, 1 would be one")
        }
        ["1", "2"] if hinted => {
            set(p, &["2"], &["1"]);
            p.warnings.push(format!(
                "'{name}' holds 1 and 2: 2 is taken to mean that the event was observed, 1 that it was not. Check it."
            ));
            decide(p, ColumnRole::Event, "1 and 2, and a name that speaks of an event: 2 is taken as observed")
        }
        ["0", "1", "2"] | ["0", "1", "2", "3"] if hinted => {
            let (censored, observed) = levels.split_at(1);
            set(p, observed, censored);
            let all = observed.join(", ");
            p.warnings.push(format!(
                "'{name}' holds {} different values above 0, maybe different causes: each of {all} is taken as the event. Take \
                 the ones that are not out, or they count as events.",
                observed.len()
            ));
            decide(
                p,
                ColumnRole::Event,
                format!("0 and {all}, and a name that speaks of an event: 0 is taken as not observed"),
            )
        }
        [_, _] | [_] => {
            let known = |list: &[&str], l: &str| list.iter().any(|t| t.eq_ignore_ascii_case(l));
            let observed: Vec<&str> = levels.iter().copied().filter(|l| known(&names::OBSERVED, l)).collect();
            let censored: Vec<&str> = levels.iter().copied().filter(|l| known(&names::CENSORED, l)).collect();
            let numbers = seen.n_numbers > 0;
            let speaks = |l: &&str| l.len() > 3 && !known(&names::ANSWERS, l);
            let spoken = censored.iter().any(speaks) || observed.iter().any(speaks);
            let understood =
                observed.len() + censored.len() == levels.len() && observed.len() < 2 && censored.len() < 2;
            let speaks_for_itself = spoken && !numbers;
            if !understood || (!hinted && !speaks_for_itself) {
                return false;
            }
            set(p, &observed, &censored);
            let what = observed.first().map_or("nothing", |o| o);
            decide(p, ColumnRole::Event, format!("two values of an event: '{what}' is taken as observed"))
        }
        _ => false,
    }
}

fn duration(p: &mut Proposal, seen: &Seen) -> bool {
    let Some(unit) = names::duration(&p.plan.name) else { return false };
    if !seen.mostly(seen.n_numbers) || seen.n_numbers == 0 || seen.values.len() <= 2 {
        return false;
    }
    p.plan.unit = unit.map(str::to_owned);
    if seen.min.is_some_and(|m| m < 0.0) {
        if seen.min.is_some_and(|m| m < -0.1 * seen.max.unwrap_or(0.0)) {
            return false;
        }
        p.warnings.push(format!(
            "'{}' holds negative values: as a length of time their rows will be rejected, each named in the report.",
            p.plan.name
        ));
    }
    let unit = unit.map_or("its unit is not said: give it".to_owned(), |u| format!("in {u}"));
    decide(p, ColumnRole::Duration, format!("numbers, and a name that speaks of a length of time ({unit})"))
}

/// A column of ages: in the unit that its name says, else in years, unless its values are more than anybody's.
fn age(p: &mut Proposal, seen: &Seen, by_name: Ages) -> bool {
    let name = p.plan.name.clone();
    let values = || seen.values.keys().filter_map(|v| crate::number::parse(v.as_bytes(), b'.'));
    let n_over = values().filter(|v| *v > by_name.most()).count();
    let mut ages = by_name;
    if n_over > 0 && n_over * 10 >= seen.values.len() && n_over > 2 && by_name.are_years() {
        let largest = seen.max.unwrap_or_default();
        let Some(guessed) = Ages::guessed(largest) else {
            p.warnings.push(format!("'{name}' holds values up to {largest}: no ages in years, months or days. It is left out unless you say what it is."));
            return decide(p, ColumnRole::Drop, "ages by its name, in no unit that could be told");
        };
        ages = guessed;
        let unit = ages.unit;
        p.warnings.push(format!(
            "'{name}' holds values up to {largest}, which are more than anybody's years: they are taken for {unit}, and more than 90 \
             years are set to 90. If they are no {unit}, say the unit of the column."
        ));
    } else if n_over > 0 {
        p.warnings.push(format!(
            "'{name}' holds {}, which nobody is: such a value counts as missing.",
            crate::report::counted(n_over as u64, "value above 130 years", "different values above 130 years"),
        ));
    }
    p.plan.unit = Some(ages.unit.to_owned());
    let over = if values().any(|v| !ages.keeps(v)) { ": ages over 89 become 90 years" } else { "" };
    decide(p, ColumnRole::Number, format!("numbers, an age in {}{over}", ages.unit))
}

/// Says that a number may stand for 'no value': a negative one (-9, -99) where no other value is below 0, or 999 and the like where all
/// others are far below.
fn code_for_no_value(p: &mut Proposal, seen: &Seen) {
    let mut values: Vec<(f64, u64)> =
        seen.values.iter().filter_map(|(v, n)| Some((crate::number::parse(v.as_bytes(), b'.')?, *n))).collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ([(low, n_low), second, ..], [.., before, (high, n_high)]) = (values.as_slice(), values.as_slice()) else {
        return;
    };
    let nines = |v: f64| {
        let digits = v.abs().to_string();
        digits.len() > 1 && (digits.bytes().all(|b| b == b'9') || digits.bytes().all(|b| b == b'8'))
    };
    let (code, n) = if (nines(*low) || *low == -9.0) && *low < 0.0 && second.0 >= 0.0 && values.len() > 3 {
        (*low, *n_low)
    } else if nines(*high) && *high >= 99.0 && *high > before.0 * 3.0 && values.len() > 5 {
        (*high, *n_high)
    } else {
        return;
    };
    p.warnings.push(format!(
        "'{}' holds {code} in {}, far from all other values: if it stands for 'no value', add it to the texts that do; it is taken as a \
         number now.",
        p.plan.name,
        crate::report::counted(n, "row", "rows"),
    ));
}

/// Days or seconds counted from a first day, in a column that is a date by its name: somebody's day in clear, and not to be read.
fn counts_from_a_day(p: &mut Proposal, seen: &Seen) -> bool {
    // Days since 1960 (SAS) and 1900 (Excel), seconds since 1970 and 1960, since 1582 (SPSS): of the years 1990 to 2035.
    const RANGES: [(f64, f64); 5] =
        [(10_950.0, 27_400.0), (32_800.0, 49_400.0), (6.3e8, 2.1e9), (9.4e8, 2.4e9), (1.28e10, 1.43e10)];
    let (Some(low), Some(high)) = (seen.min, seen.max) else { return false };
    let is_in = |(first, last): &(f64, f64)| low >= *first && high <= *last;
    if !names::is_date(&p.plan.name) || seen.n_whole != seen.n_numbers || !RANGES.iter().any(is_in) {
        return false;
    }
    p.warnings.push(format!(
        "'{}' is a date by its name and holds numbers, which seem to be counted from a first day (SAS, Excel, SPSS). It is left out: write \
         its dates as 2020-01-31 in the file.",
        p.plan.name
    ));
    p.plan.identifier_class = Some("date".to_owned());
    decide(p, ColumnRole::Drop, "a date by its name, as numbers counted from a first day: not stored")
}

fn numeric(p: &mut Proposal, seen: &Seen) -> bool {
    if seen.n_numbers == 0 || !seen.mostly(seen.n_numbers) {
        return false;
    }
    // Before it is asked whether few whole numbers are levels: ages and years of birth above 89 years are found among numbers. Numbers
    // up to 9 are codes of groups.
    if let Some(ages) = Ages::of(&p.plan.name, "", None)
        && seen.max.is_some_and(|m| m > LARGEST_CODE)
    {
        return age(p, seen, ages);
    }
    if names::is_birth_year(&p.plan.name) {
        return decide(
            p,
            ColumnRole::Number,
            "numbers, a year of birth by its name: that of people above 89 is set as for 90",
        );
    }
    #[cfg(feature = "tables")]
    {
        p.plan.unit = super::apart::unit_in_name(&p.plan.name).map(str::to_owned);
    }
    if seen.n_percents * 2 > seen.n_numbers {
        p.plan.unit.get_or_insert_with(|| "%".to_owned());
    }
    if counts_from_a_day(p, seen) {
        return true;
    }
    code_for_no_value(p, seen);
    let n = seen.values.len();
    let whole = seen.n_whole == seen.n_numbers;
    // Zeros before numbers of one length are of codes: `03` is no 3, and `02108` no number.
    let mut lengths = seen.values.keys().map(String::len);
    let length = lengths.next().filter(|length| *length > 1 && lengths.all(|l| l == *length)).is_some();
    if length
        && seen.values.keys().any(|v| v.starts_with('0'))
        && seen.values.keys().all(|v| v.bytes().all(|b| b.is_ascii_digit()))
    {
        return decide(
            p,
            ColumnRole::Category,
            format!("codes of one length with zeros before them, {n} different ones: taken as levels"),
        );
    }
    if whole && n <= 5 && seen.n >= 20 && seen.max.is_none_or(|max| max <= LARGEST_LEVEL) {
        return decide(p, ColumnRole::Category, format!("whole numbers of {n} different values only: taken as levels"));
    }
    decide(p, ColumnRole::Number, "numbers")
}

fn words(p: &mut Proposal, seen: &Seen) -> bool {
    let n = seen.values.len() as u64;
    let present = seen.n_present();
    let length = seen.n_letters / present.max(1);
    if length > 40 || (seen.n_spaces * 2 > present && n * 2 > present && present >= 10) {
        return decide(p, ColumnRole::Text, "free text: goes through the identifier screen, which is no proof");
    }
    if n > 200 && n * 2 > present {
        p.warnings.push(format!(
            "'{}' has {n} different texts in {present} rows: too many for levels, so it is left out unless you say what it is.",
            p.plan.name
        ));
        return decide(p, ColumnRole::Drop, "texts, nearly every one different");
    }
    let most = if seen.n_numbers * 2 > present { "some of the values are no numbers" } else { "texts" };
    decide(p, ColumnRole::Category, format!("{most}, of {n} different values"))
}
