//! The dictionary of names: `names/names.txt`, made by `names/make.py` out of census and other public lists.

use std::sync::LazyLock;

const FILE: &str = include_str!("../../names/names.txt");

/// What the dictionary knows of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// A given name.
    pub(crate) given: bool,
    /// A surname.
    pub(crate) surname: bool,
    /// An everyday word too.
    pub(crate) everyday: bool,
}

impl Known {
    /// A name at all.
    pub(crate) fn name(self) -> bool {
        self.given || self.surname
    }

    /// A name, and nothing else.
    pub(crate) fn only_name(self) -> bool {
        self.name() && !self.everyday
    }
}

/// The names, one behind the other, in the order of their bytes.
#[derive(Debug, Default)]
struct Dictionary {
    text: String,
    /// Where each ends, and its digit.
    ends: Vec<(u32, u8)>,
    /// By hash: a name's position from 1 in its place or the next free one; 0 is free. Its length is a power of two, and more
    /// than half of it is free.
    places: Vec<u32>,
}

/// FNV-1a.
pub(super) fn hash(bytes: impl Iterator<Item = u8>) -> u32 {
    let mixed = bytes.fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
    mixed ^ mixed >> 15
}

static NAMES: LazyLock<Dictionary> = LazyLock::new(|| Dictionary::read(FILE));

impl Dictionary {
    /// Lines that cannot be read are left out; a test holds that there are none.
    fn read(file: &str) -> Self {
        let mut out = Dictionary {
            text: String::with_capacity(file.len() * 2),
            ends: Vec::with_capacity(30_000),
            ..Dictionary::default()
        };
        let mut last = String::new();
        for line in file.lines() {
            let mut letters = line.chars();
            let (Some(same), Some(flags)) = (letters.next(), letters.next().and_then(|c| c.to_digit(10))) else {
                continue;
            };
            let same = (same as usize).saturating_sub('a' as usize);
            let keep = last.char_indices().nth(same).map_or(last.len(), |(at, _)| at);
            last.truncate(keep);
            last.push_str(letters.as_str());
            out.text.push_str(&last);
            let (Ok(end), Ok(flags)) = (u32::try_from(out.text.len()), u8::try_from(flags)) else { break };
            out.ends.push((end, flags));
        }
        out.places = out.hashed();
        out
    }

    fn hashed(&self) -> Vec<u32> {
        let mut places = vec![0; (self.ends.len() * 2 + 1).next_power_of_two()];
        let mask = places.len() - 1;
        for (i, number) in (0..self.ends.len()).zip(1..) {
            let mut at = hash(self.name(i).bytes()) as usize & mask;
            while places.get(at).is_some_and(|there| *there != 0) {
                at = (at + 1) & mask;
            }
            if let Some(free) = places.get_mut(at) {
                *free = number;
            }
        }
        places
    }

    fn name(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|b| self.ends.get(b)).map_or(0, |e| e.0 as usize);
        let end = self.ends.get(at).map_or(start, |e| e.0 as usize);
        self.text.get(start..end).unwrap_or_default()
    }

    fn get(&self, word: &str) -> u8 {
        let mask = self.places.len().saturating_sub(1);
        let mut at = hash(word.bytes()) as usize & mask;
        while let Some(i) = self.places.get(at).and_then(|there| there.checked_sub(1)) {
            if self.name(i as usize) == word {
                return self.ends.get(i as usize).map_or(0, |e| e.1);
            }
            at = (at + 1) & mask;
        }
        0
    }
}

/// Looks a word in lower case up.
pub(crate) fn look_up(word: &str) -> Known {
    let flags = NAMES.get(word);
    Known { given: flags & 1 != 0, surname: flags & 2 != 0, everyday: flags & 4 != 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_can_be_read() {
        let names = &*NAMES;
        assert_eq!(names.ends.len(), FILE.lines().count());
        assert!((1..names.ends.len()).all(|i| names.name(i - 1) < names.name(i)), "in order");
        assert_eq!(look_up("maria"), Known { given: true, surname: false, everyday: true });
        assert_eq!(look_up("robert"), Known { given: true, surname: true, everyday: false });
        assert_eq!(look_up("hernandez"), Known { given: false, surname: true, everyday: false });
        assert_eq!(look_up("young"), Known { given: true, surname: true, everyday: true });
        assert!((0..names.ends.len()).all(|i| names.get(names.name(i)) == names.ends[i].1), "each is found");
        assert!(!look_up("pneumonia").name() && !look_up("").name() && !look_up("zzz").name());
    }
}
