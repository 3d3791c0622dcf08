//! The screen: every scanner's finds, joined and replaced.

use std::ops::Range;

use crate::{KnownIdentifiers, scan};

/// What an identifier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// A person's name.
    Name,
    /// A date more exact than its year.
    Date,
    /// A telephone or fax number.
    Phone,
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
}

impl Class {
    /// What stands in the text instead.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Class::Name => "[NAME]",
            Class::Date => "[DATE]",
            Class::Phone => "[PHONE]",
            Class::Email => "[EMAIL]",
            Class::Url => "[URL]",
            Class::Ip => "[IP]",
            Class::Ssn => "[SSN]",
            Class::RecordNumber => "[ID]",
            Class::Account => "[ACCOUNT]",
            Class::Zip => "[ZIP]",
            Class::Address => "[ADDRESS]",
            Class::Age => "[AGE OVER 89]",
        }
    }

    /// Short name, as the command line prints it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Class::Name => "name",
            Class::Date => "date",
            Class::Phone => "phone",
            Class::Email => "email",
            Class::Url => "url",
            Class::Ip => "ip",
            Class::Ssn => "ssn",
            Class::RecordNumber => "record_number",
            Class::Account => "account",
            Class::Zip => "zip",
            Class::Address => "address",
            Class::Age => "age",
        }
    }

    /// The class of HIPAA's Safe Harbor rule.
    #[must_use]
    pub fn safe_harbor(self) -> &'static str {
        match self {
            Class::Name => "names",
            Class::Date => "dates",
            Class::Phone => "telephone and fax numbers",
            Class::Email => "e-mail addresses",
            Class::Url => "web addresses",
            Class::Ip => "IP addresses",
            Class::Ssn => "social security numbers",
            Class::RecordNumber => "medical record numbers",
            Class::Account => "account numbers",
            Class::Zip | Class::Address => "geographic subdivisions smaller than a state",
            Class::Age => "ages over 89",
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
    /// The text with tags in place of identifiers.
    pub text: String,
    /// What was found, by position in the text given; spans do not overlap.
    pub identifiers: Vec<Identifier>,
}

/// Finds identifiers and puts tags in their place. Time and memory are linear in the text.
///
/// Where finds overlap, the one that begins first is taken, of these the longest: what remains of the others is taken too,
/// so that no part of a find stays in the text.
#[must_use]
pub fn screen(text: &str, known: &KnownIdentifiers) -> Screened {
    let mut finds = scan::all(text, known);
    finds.sort_by(|a, b| {
        let key = |f: &Identifier| (f.span.start, std::cmp::Reverse(f.span.end), f.class);
        key(a).cmp(&key(b))
    });
    let mut out = Screened { text: String::with_capacity(text.len()), identifiers: Vec::new() };
    let mut done = 0;
    for find in finds {
        let start = find.span.start.max(done);
        let end = find.span.end;
        if start >= end {
            continue;
        }
        let (Some(before), true) = (text.get(done..start), text.is_char_boundary(end)) else { continue };
        if start > find.span.start && before.is_empty() {
            // The tail of a find that overlaps the one before: goes with it.
            if let Some(last) = out.identifiers.last_mut() {
                last.span.end = end;
            }
        } else {
            out.text.push_str(before);
            out.text.push_str(find.class.tag());
            out.identifiers.push(Identifier { class: find.class, span: start..end });
        }
        done = end;
    }
    out.text.push_str(text.get(done..).unwrap_or_default());
    out
}
