//! Surrogates: something made up in the place of a find, so that a text stays readable.
//!
//! The same find of the same person always gets the same surrogate, made from a secret of the person that the caller derives from the
//! device's own. Surrogates are marked as such: names are put together from `names/surrogates.txt` and are in no list of real names,
//! social security numbers begin with 000, cards with 0, American telephone numbers with 555, e-mail and web addresses are those
//! of example.org, IP addresses are reserved for documentation, ZIP codes begin with 000. Dates move by the person's own days and keep
//! their style.

mod date;
mod name;
mod shape;

use sha2::{Digest as _, Sha256};

use crate::Class;

/// What stands in the place of finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// A tag in brackets, such as `[NAME]`.
    #[default]
    Tags,
    /// Something made up of the same kind.
    Surrogates,
}

/// What happens to dates within a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateChange {
    /// Move by these days, in their own style.
    Shift(i32),
    /// Only the year stays, where there is one.
    Year,
}

/// Whose text it is, as far as surrogates are made from it.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Secret of the person, from which surrogates are made.
    pub secret: [u8; 32],
    /// What happens to dates.
    pub dates: DateChange,
}

impl std::fmt::Debug for Person {
    /// Leaves the secret out, so that it gets into no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").finish_non_exhaustive()
    }
}

/// Numbers that look random and are always the same for a person, a kind and a text.
pub(crate) type Noise = [u8; 32];

impl Person {
    /// The noise for a text of a kind: SHA-256 of the secret, the kind and the text.
    fn noise(&self, kind: &str, text: &str) -> Noise {
        let mut hash = Sha256::new();
        hash.update(self.secret);
        hash.update(kind.as_bytes());
        hash.update([0]);
        hash.update(text.as_bytes());
        hash.finalize().into()
    }

    /// What stands in the place of a find; nothing where only a tag can.
    pub(crate) fn surrogate(&self, class: Class, found: &str) -> Option<String> {
        // A number that is called a fax here and a telephone there stays one number.
        let kind = if class == Class::Fax { Class::Phone } else { class };
        let noise = || self.noise(kind.name(), &shape::bare(found));
        match class {
            Class::Name => Some(name::surrogate(self, found)),
            Class::Date => date::surrogate(found, self.dates),
            Class::Phone | Class::Fax => Some(shape::phone(found, &noise())),
            Class::Email => Some(shape::email(&noise())),
            Class::Url => Some(shape::url(&noise())),
            Class::Ip => Some(shape::ip(found, &noise())),
            Class::Ssn => Some(shape::ssn(found, &noise())),
            Class::RecordNumber | Class::Account if found.bytes().any(|b| b.is_ascii_digit()) => {
                Some(shape::number(found, &noise()))
            }
            Class::Zip => Some(shape::zip(found, &noise())),
            // What is known of the patient is looked for as a number, even if it is a town.
            Class::Address | Class::RecordNumber | Class::Account => Some(name::address(self, found)),
            Class::Age => Some("90".to_owned()),
            Class::Other => Some(name::surrogate(self, found)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{DateChange, KnownIdentifiers, Person, Screener, Style};

    fn screened(text: &str, secret: u8, days: i32) -> String {
        let person = Person { secret: [secret; 32], dates: DateChange::Shift(days) };
        Screener::new(Style::Surrogates, &[], &[]).screen(text, &KnownIdentifiers::default(), Some(&person)).text
    }

    #[test]
    fn a_person_keeps_a_surrogate_and_another_gets_another() {
        let text = "Robert Hernandez came. Mr. Hernandez and ROBERT HERNANDEZ left.";
        let one = screened(text, 1, 10);
        assert!(!one.to_lowercase().contains("hernandez") && !one.to_lowercase().contains("robert"), "{one}");
        let words: Vec<&str> = one.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
        assert_eq!((words[1], words[1].to_uppercase().as_str()), (words[4], words[7]), "{one}");
        assert_eq!(one, screened(text, 1, 10));
        assert_ne!(one, screened(text, 2, 10));
    }

    #[test]
    fn everything_has_its_shape_and_its_mark() {
        let text = "Call 617-555-0199 or a.b@mail.example.com, see https://example.com/x from 10.0.0.7. SSN 123-45-6789, MRN: \
                    AB-12345. Lives at 12 Elm Street, Springfield, MA 02139. A 93-year-old.";
        let out = screened(text, 7, 3);
        for gone in
            ["617", "a.b@", "example.com", "10.0.0.7", "123-45-6789", "AB-12345", "Elm", "Springfield", "02139", "93"]
        {
            assert!(!out.contains(gone), "{gone} in {out}");
        }
        for there in [
            "Call 555-",
            "@example.org",
            "https://example.org/",
            "192.0.2.",
            "SSN 000-",
            "Street",
            ", MA 000",
            "A 90-year-old",
        ] {
            assert!(out.contains(there), "{there} not in {out}");
        }
        assert_eq!(screened("from 2001:db8::ff00:42:8329", 7, 3).split("2001:db8::").count(), 2);
    }
}
