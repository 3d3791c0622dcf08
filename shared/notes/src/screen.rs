//! The screen: every scanner's finds, joined and replaced.

use std::ops::Range;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::surrogate::{Person, Style};
use crate::{KnownIdentifiers, scan};

/// What an identifier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Class {
    /// A person's name.
    Name,
    /// A date more exact than its year.
    Date,
    /// A telephone number.
    Phone,
    /// A fax number: a number that the text calls so.
    Fax,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// An IP address.
    Ip,
    /// A social security number.
    Ssn,
    /// A record, account or other number of the patient.
    RecordNumber,
    /// A bank card, an account or another long number.
    Account,
    /// A ZIP code.
    Zip,
    /// A street address.
    Address,
    /// An age above 89.
    Age,
    /// What the user said must go too.
    Other,
}

impl Class {
    /// What stands in the text instead.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Class::Name => "[NAME]",
            Class::Date => "[DATE]",
            Class::Phone => "[PHONE]",
            Class::Fax => "[FAX]",
            Class::Email => "[EMAIL]",
            Class::Url => "[URL]",
            Class::Ip => "[IP]",
            Class::Ssn => "[SSN]",
            Class::RecordNumber => "[ID]",
            Class::Account => "[ACCOUNT]",
            Class::Zip => "[ZIP]",
            Class::Address => "[ADDRESS]",
            Class::Age => "[AGE OVER 89]",
            Class::Other => "[REMOVED]",
        }
    }

    /// Short name, as the command line prints it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Class::Name => "name",
            Class::Date => "date",
            Class::Phone => "phone",
            Class::Fax => "fax",
            Class::Email => "email",
            Class::Url => "url",
            Class::Ip => "ip",
            Class::Ssn => "ssn",
            Class::RecordNumber => "record_number",
            Class::Account => "account",
            Class::Zip => "zip",
            Class::Address => "address",
            Class::Age => "age",
            Class::Other => "other",
        }
    }

    /// The class of HIPAA's Safe Harbor rule.
    #[must_use]
    pub fn safe_harbor(self) -> &'static str {
        match self {
            Class::Name => "names",
            Class::Date => "dates",
            Class::Phone => "telephone numbers",
            Class::Fax => "fax numbers",
            Class::Email => "e-mail addresses",
            Class::Url => "web addresses",
            Class::Ip => "IP addresses",
            Class::Ssn => "social security numbers",
            Class::RecordNumber => "medical record numbers",
            Class::Account => "account numbers",
            Class::Zip | Class::Address => "geographic subdivisions smaller than a state",
            Class::Age => "ages over 89",
            Class::Other => "other unique identifying numbers or codes",
        }
    }
}

/// An identifier found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// What it is.
    pub class: Class,
    /// Its bytes in the text given.
    pub span: Range<usize>,
}

/// A screened text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Screened {
    /// The text with something else in place of identifiers.
    pub text: String,
    /// What was found, by position in the text given; spans do not overlap.
    pub identifiers: Vec<Identifier>,
    /// Where in `text` stands what replaces each of `identifiers`.
    pub places: Vec<Range<usize>>,
}

/// The screen with what a user decided: how finds are replaced, words that must go too, terms that stay.
#[derive(Clone, Debug, Default)]
pub struct Screener {
    style: Style,
    /// Words or phrases, as typed.
    remove: Vec<String>,
    /// Words in small letters.
    keep: FxHashSet<String>,
}

/// The words of a text in small letters.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

impl Screener {
    /// A screen that replaces by `style`, takes `remove` (words or phrases, in any case) out too, and lets finds stand whose every
    /// word is in a term of `keep`. What is known of the patient goes whatever `keep` says.
    #[must_use]
    pub fn new(style: Style, remove: &[String], keep: &[String]) -> Self {
        let remove: Vec<String> = remove.iter().map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
        Self { style, remove, keep: keep.iter().flat_map(|term| words(term)).collect() }
    }

    /// How finds are replaced.
    #[must_use]
    pub fn style(&self) -> Style {
        self.style
    }

    /// Finds identifiers and puts something else in their place. `person` makes the surrogates; without one, and where no surrogate can
    /// be made, tags stand in the text. Time and memory are linear in the text.
    ///
    /// Where finds overlap, the one that begins first is taken, of these the longest: what remains of the others is taken too,
    /// so that no part of a find stays in the text.
    #[must_use]
    pub fn screen(&self, text: &str, known: &KnownIdentifiers, person: Option<&Person>) -> Screened {
        let mut finds = scan::all(text);
        if !self.keep.is_empty() {
            finds.retain(|f| !self.is_kept(text.get(f.span.clone()).unwrap_or_default()));
        }
        scan::known(text, known, &mut finds);
        scan::added(text, &self.remove, &mut finds);
        let identifiers = merged(text, finds);
        let mut out = Screened { text: String::with_capacity(text.len()), ..Screened::default() };
        let surrogates = person.filter(|_| self.style == Style::Surrogates);
        let mut done = 0;
        for find in &identifiers {
            out.text.push_str(text.get(done..find.span.start).unwrap_or_default());
            let start = out.text.len();
            let found = text.get(find.span.clone()).unwrap_or_default();
            match surrogates.and_then(|person| person.surrogate(find.class, found)) {
                Some(surrogate) => out.text.push_str(&surrogate),
                None => out.text.push_str(find.class.tag()),
            }
            out.places.push(start..out.text.len());
            done = find.span.end;
        }
        out.text.push_str(text.get(done..).unwrap_or_default());
        out.identifiers = identifiers;
        out
    }

    fn is_kept(&self, found: &str) -> bool {
        let mut any = false;
        words(found).all(|word| {
            any = true;
            self.keep.contains(&word)
        }) && any
    }
}

/// Finds in order, without overlaps.
fn merged(text: &str, mut finds: Vec<Identifier>) -> Vec<Identifier> {
    finds.sort_by(|a, b| {
        let key = |f: &Identifier| (f.span.start, std::cmp::Reverse(f.span.end), f.class);
        key(a).cmp(&key(b))
    });
    let mut out: Vec<Identifier> = Vec::with_capacity(finds.len());
    let mut done = 0;
    for find in finds {
        let start = find.span.start.max(done);
        let end = find.span.end;
        if start >= end {
            continue;
        }
        let (Some(before), true) = (text.get(done..start), text.is_char_boundary(end)) else { continue };
        match out.last_mut() {
            // The tail of a find that overlaps the one before: goes with it.
            Some(last) if start > find.span.start && before.is_empty() => last.span.end = end,
            _ => out.push(Identifier { class: find.class, span: start..end }),
        }
        done = end;
    }
    out
}

/// Finds identifiers and puts tags in their place, as [`Screener::screen`] does.
#[must_use]
pub fn screen(text: &str, known: &KnownIdentifiers) -> Screened {
    Screener::default().screen(text, known, None)
}
