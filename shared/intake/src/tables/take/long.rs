//! A row a value: what was measured, its value and its unit stand in columns.

use model::concept::Domain;
use model::import_mapping::LongShape;
use model::intake::ColumnPlan;

use super::{Common, NO_DAY, No, On, Row};
use crate::csv::ages::{self, Ages};
use crate::csv::sink::readable;
use crate::date::Written;
use crate::interned::NO_TEXT;
use crate::number;
use crate::report::Flaw;
use crate::safe_harbor::OLDEST;
use crate::tables::dictionaries::Reference;
use crate::tables::store::{Concept, Event, SOURCE, Store};
use crate::tables::{quantity, systems, withdrawn};

/// Name, code and code system of a row, and what they are.
type Before = ([Vec<u8>; 3], (u32, Domain));

/// Where the columns are.
pub(super) struct Long {
    shape: LongShape,
    variable: Option<usize>,
    end: Option<(usize, Option<Written>)>,
    code: Option<usize>,
    /// The code system, or its version, of each row.
    system: Option<usize>,
    value: Option<usize>,
    unit: Option<usize>,
    /// The answer in words beside the value, where the table has both.
    words: Option<usize>,
    /// Whether a number is a limit.
    operator: Option<usize>,
    /// Whether the row was withdrawn.
    withdrawn: Option<usize>,
    /// Names of codes with their system before them (i2b2): a row without a value says that the code is there.
    prefixed: bool,
    /// The concept of the row before: rows of one kind often stand together.
    before: Option<Before>,
    /// Its code system is none that is known.
    is_unknown: bool,
}

/// The system and the code of `LOINC:2345-7`, `ICD10CM:E11.9`, and what events with it are.
fn with_system(code: &str) -> Option<(&'static str, &str, Domain)> {
    const SYSTEMS: [(&str, &str, Domain); 13] = [
        ("LOINC", "LOINC", Domain::Measurement),
        ("ICD10", "ICD10CM", Domain::Condition),
        ("ICD10CM", "ICD10CM", Domain::Condition),
        ("ICD9", "ICD9CM", Domain::Condition),
        ("ICD9CM", "ICD9CM", Domain::Condition),
        ("SNOMED", "SNOMED", Domain::Condition),
        ("ICD10PCS", "ICD10PCS", Domain::Procedure),
        ("CPT4", "CPT4", Domain::Procedure),
        ("CPT", "CPT4", Domain::Procedure),
        ("HCPCS", "HCPCS", Domain::Procedure),
        ("RXNORM", "RxNorm", Domain::Drug),
        ("NDC", "NDC", Domain::Drug),
        ("ATC", "ATC", Domain::Drug),
    ];
    let (prefix, code) = code.split_once(':')?;
    let (_, system, domain) = SYSTEMS.iter().find(|(name, ..)| prefix.eq_ignore_ascii_case(name))?;
    Some((*system, code, *domain)).filter(|_| !code.is_empty())
}

/// The value of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Answer {
    number: Option<f64>,
    /// Words, or the sign of a number that is a limit.
    text: u32,
}

/// What an operator says of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Equal,
    Is(&'static str),
    Not,
    Other,
}

/// The operators of i2b2 (`L`), of PCORnet and Sentinel (`LT`), and the signs themselves.
fn sign_of(text: &str) -> Sign {
    match text.to_ascii_uppercase().as_str() {
        "E" | "EQ" | "=" => Sign::Equal,
        "L" | "LT" | "<" => Sign::Is("<"),
        "LE" | "<=" | "≤" => Sign::Is("<="),
        "G" | "GT" | ">" => Sign::Is(">"),
        "GE" | ">=" | "≥" => Sign::Is(">="),
        "NE" | "!=" | "<>" | "≠" => Sign::Not,
        _ => Sign::Other,
    }
}

impl Long {
    pub(super) fn new(
        shape: &LongShape,
        columns: &[Option<ColumnPlan>],
        place: &dyn Fn(&str) -> Option<usize>,
        this_year: Option<i32>,
    ) -> Self {
        let of = |name: &Option<String>| name.as_deref().and_then(place);
        let written = |at: usize| columns.get(at).and_then(|c| Some(Written::of(c.as_ref()?, this_year)));
        Self {
            variable: place(&shape.variable),
            end: of(&shape.end).map(|at| (at, written(at))),
            code: of(&shape.code),
            system: of(&shape.system_column),
            value: of(&shape.value),
            unit: of(&shape.unit),
            words: of(&shape.words),
            operator: of(&shape.operator),
            withdrawn: of(&shape.withdrawn),
            prefixed: shape.variable.eq_ignore_ascii_case("concept_cd"),
            shape: shape.clone(),
            before: None,
            is_unknown: false,
        }
    }

    pub(super) fn take(&mut self, row: Row<'_>, on: &On, common: &mut Common, store: &mut Store) -> Result<(), No> {
        let at = |place: Option<usize>| place.map_or(&[][..], |i| row.get(i));
        let (name, code) = (at(self.variable), at(self.code));
        if withdrawn::says(at(self.withdrawn)) {
            common.n_withdrawn += 1;
            return Err(No::NotUsed);
        }
        // 'NA' among what is measured is sodium, whatever it is among values.
        let is_missing = |text: &[u8]| text != b"NA" && common.missing.is(text);
        let (no_name, no_code) = (is_missing(name), is_missing(code));
        if no_name && no_code {
            let (field, reason) = (self.shape.variable.clone(), "it is not said what this is a value of".to_owned());
            return Err(No::Rejected(Flaw { field, reason }));
        }
        let system = Some(at(self.system)).filter(|system| !common.missing.is(system)).unwrap_or_default();
        let of = [if no_name { &[] } else { name }, if no_code { &[] } else { code }, system];
        let concept = self.concept(of, common, store)?;
        let (concept, domain) = concept;
        let mut event = Event::new(on.person, concept, on.start, on.place, domain);
        if let Some((at, written)) = self.end {
            // What waits for its encounter may have begun long before it.
            let end = self.end(row.get(at), written, on.start, common);
            event.set_end(end.filter(|_| on.start != NO_DAY));
        }
        let unit = readable(at(self.unit)).ok().filter(|unit| !common.missing.is(unit.as_bytes()));
        let answer = self.answer(row, (name, unit), common, store)?;
        // A value that was not given is no event (the test was ordered, and nothing came of it), but a code of i2b2 says that it is there.
        if answer == Answer::default() && self.value.is_some() && !self.prefixed {
            return Err(No::NotUsed);
        }
        event.set_value(answer.number);
        event.text = answer.text;
        let column = self.shape.unit.as_deref().unwrap_or_default();
        let beside =
            std::str::from_utf8(at(self.value)).ok().and_then(|text| quantity::read(text, common.decimal)?.unit);
        if let Some(unit) = beside.filter(|_| answer.number.is_some()) {
            event.unit = store.texts.intern(crate::units::ucum_of_any(unit).unwrap_or(unit));
        }
        if at(self.value).ends_with(b"%") && answer.number.is_some() {
            event.unit = store.texts.intern("%");
        }
        if let Some(unit) = common.words(at(self.unit), column) {
            // Values of quantities that are known come to their unit when all is read, by the unit as it was written.
            event.unit = store.texts.intern(crate::units::ucum_of_any(unit).unwrap_or(unit));
        }
        on.keep(event, store);
        Ok(())
    }

    /// The value of a row: its number, its words, and the sign of a number that is a limit.
    fn answer(
        &self,
        row: Row<'_>,
        of: (&[u8], Option<&str>),
        common: &mut Common,
        store: &mut Store,
    ) -> Result<Answer, No> {
        let at = |place: Option<usize>| place.map_or(&[][..], |i| row.get(i));
        let column = |name: &Option<String>| name.clone().unwrap_or_default();
        let field = at(self.value);
        let number = if common.missing.is(field) { None } else { number::parse(field, common.decimal) };
        let more = std::str::from_utf8(field).ok().filter(|_| number.is_none() && !common.missing.is(field));
        let more = more.and_then(|text| quantity::read(text, common.decimal));
        common.n_behind += u64::from(more.is_some());
        let number = number.or(more.map(|q| q.value));
        if number.is_none() && !common.missing.is(field) {
            let text = self.spoken(field, &column(&self.shape.value), of, common, store);
            return Ok(Answer { number: None, text });
        }
        let sign = common.words(at(self.operator), &column(&self.shape.operator)).map(sign_of);
        let Some(number) = number else {
            // Without a number an operator (E: equal, L: less) is no answer.
            let is_one = self.words == self.operator && matches!(sign, Some(Sign::Equal | Sign::Is(_) | Sign::Not));
            if is_one {
                common.n_lone_signs += 1;
                return Ok(Answer::default());
            }
            return Ok(Answer {
                number,
                text: self.spoken(at(self.words), &column(&self.shape.words), of, common, store),
            });
        };
        let Some(number) = self.settled(number, of, common, store) else { return Err(No::NotUsed) };
        let text = match sign {
            Some(Sign::Is(sign)) => {
                common.n_signs += 1;
                store.texts.intern(sign)
            }
            Some(Sign::Not) => {
                // The number is what it is not: nobody may count it as the value.
                common.n_not_equal += 1;
                let text = store.texts.intern(&format!("!= {number}"));
                return Ok(Answer { number: None, text });
            }
            Some(Sign::Other) if self.words == self.operator => {
                self.spoken(at(self.operator), &column(&self.shape.operator), of, common, store)
            }
            // What a number is beside the question is not said by it ('NI': no information).
            _ => NO_TEXT,
        };
        Ok(Answer { number: Some(number), text })
    }

    /// An answer in words, counted; ages above 89 among groups of ages become 90.
    fn spoken(
        &self,
        field: &[u8],
        column: &str,
        (name, unit): (&[u8], Option<&str>),
        common: &mut Common,
        store: &mut Store,
    ) -> u32 {
        let Some(words) = common.words(field, column) else { return NO_TEXT };
        let is_old = common.safe_harbor && ages::is_old(words) && words != ages::OLD;
        let is_old = is_old && ages::are_levels(&String::from_utf8_lossy(name), "", unit);
        store.n_ages += u64::from(is_old);
        common.n_words += 1;
        store.texts.intern(if is_old { ages::OLD } else { words })
    }

    fn end(&self, field: &[u8], written: Option<Written>, start: i32, common: &mut Common) -> Option<i32> {
        let column = || self.shape.end.clone().unwrap_or_default();
        if common.missing.is(field) {
            return None;
        }
        match common.day(field, written) {
            Ok(day) if day >= start => Some(day),
            Ok(_) => {
                let reason = "the end is before the start; set to missing".to_owned();
                common.flaws.push(Flaw { field: column(), reason });
                None
            }
            Err(reason) => {
                common.flaws.push(Flaw { field: column(), reason: format!("{reason}; set to missing") });
                None
            }
        }
    }

    fn concept(&mut self, of: [&[u8]; 3], common: &mut Common, store: &mut Store) -> Result<(u32, Domain), No> {
        if let Some((before, concept)) = &self.before
            && before.iter().zip(of).all(|(before, now)| before.as_slice() == now)
        {
            common.n_unknown_systems += u64::from(self.is_unknown);
            return Ok(*concept);
        }
        let text = |bytes: &[u8], column: &str| {
            readable(bytes).map(str::to_owned).map_err(|reason| {
                let reason = reason.replace("; set to missing", "");
                No::Rejected(Flaw { field: column.to_owned(), reason })
            })
        };
        let [name, code, system] = of;
        let display = text(name, &self.shape.variable)?;
        self.is_unknown = false;
        let found = if let Some((system, code, domain)) = self.prefixed.then(|| with_system(&display)).flatten() {
            let of = self.reference(self.shape.variable.clone(), "", store);
            // Words for it stand under the whole of it.
            let named = Concept { system: system.to_owned(), code: code.to_owned(), display: display.clone(), of };
            (store.concept(named), domain)
        } else {
            let column = self.shape.code.as_deref().unwrap_or_default();
            let code_text = text(code, column)?;
            let of_code = if code_text.is_empty() { &self.shape.variable } else { column };
            let code_text = if code_text.is_empty() { display.clone() } else { code_text };
            // A system is for codes; where a row has none, its name is the file's own.
            let is_code = self.code.is_none() || !code.is_empty();
            let version = text(system, self.shape.system_column.as_deref().unwrap_or_default())?;
            let said = systems::of_row(&version, self.shape.domain).filter(|_| is_code);
            // Codes of HCPCS begin with a letter; both are named in one.
            let is_letter = code_text.starts_with(|c: char| c.is_ascii_uppercase()) && code_text.len() == 5;
            let said = said.map(|system| if system == "CPT4" && is_letter { "HCPCS" } else { system });
            self.is_unknown = is_code && said.is_none() && !version.is_empty();
            let system = self.shape.system.as_deref().filter(|s| !s.is_empty() && is_code);
            let system = said.or(system).unwrap_or(SOURCE).to_owned();
            let display = if display.is_empty() { code_text.clone() } else { display };
            let of = self.reference(of_code.to_owned(), &version, store);
            (store.concept(Concept { system, code: code_text, display, of }), self.shape.domain)
        };
        common.n_unknown_systems += u64::from(self.is_unknown);
        self.before = Some((of.map(<[u8]>::to_vec), found));
        Ok(found)
    }

    /// The column that a code stands in, as dictionaries know it.
    fn reference(&self, column: String, version: &str, store: &mut Store) -> u32 {
        let version = systems::version(version);
        store.refer(Reference { file: store.file, column, version, are_answers: false })
    }

    /// Ages above 89 become 90, in their unit; what is nobody's age is no value.
    fn settled(
        &self,
        value: f64,
        (name, unit): (&[u8], Option<&str>),
        common: &mut Common,
        store: &mut Store,
    ) -> Option<f64> {
        // No age above 89 is a smaller number, in any unit.
        if !common.safe_harbor || value <= OLDEST {
            return Some(value);
        }
        let ages = Ages::of(&String::from_utf8_lossy(name), "", unit);
        common.age(value, ages, self.shape.value.as_deref().unwrap_or_default(), store)
    }
}
