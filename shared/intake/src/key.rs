//! Person keys and date shifts from the device's secret.

#[cfg(feature = "omop")]
use std::hash::Hasher as _;

/// Largest date shift in days.
pub(crate) const MAX_SHIFT: i32 = 365;

/// What a secret says about one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PersonKey {
    /// The re-keyed identifier.
    pub(crate) key: u64,
    /// Days all dates of the person move by: -365 to 365, never 0.
    pub(crate) shift: i16,
}

/// Makes person keys: keyed BLAKE3 under the device's secret.
#[derive(Clone)]
pub(crate) struct Keyer {
    secret: [u8; 32],
    /// Block number and digest of the row keys made last.
    rows: Option<(u64, [u8; 32])>,
}

impl Keyer {
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        Self { secret: *secret, rows: None }
    }

    fn digest(&self, domain: u8, message: &[u8]) -> [u8; 32] {
        // One block in most cases: put together on the stack, so that the hash needs no state of its own.
        let mut block = [0_u8; 64];
        block[0] = domain;
        if let Some(place) = block.get_mut(1..=message.len()) {
            place.copy_from_slice(message);
            return *blake3::keyed_hash(&self.secret, &block[..=message.len()]).as_bytes();
        }
        let mut hasher = blake3::Hasher::new_keyed(&self.secret);
        hasher.update(&[domain]).update(message);
        *hasher.finalize().as_bytes()
    }

    /// The key of a person named by an identifier of the file.
    pub(crate) fn person(&self, identifier: &[u8]) -> PersonKey {
        let digest = self.digest(b'p', identifier);
        PersonKey { key: word(&digest, 0), shift: shift_of(word(&digest, 1)) }
    }

    /// Tells one secret from another without telling it: eight hexadecimal digits.
    pub(crate) fn check(&self) -> String {
        let mut digits = [0u8; 16];
        hex(word(&self.digest(b'c', b"rounds"), 0), &mut digits);
        String::from_utf8_lossy(&digits[..8]).into_owned()
    }

    /// Makes keys of resources and rows.
    #[cfg(feature = "omop")]
    pub(crate) fn sources(&self) -> SourceKeyer {
        let digest = self.digest(b'e', b"source");
        SourceKeyer(siphasher::sip::SipHasher24::new_with_keys(word(&digest, 0), word(&digest, 1)))
    }

    /// The key of a person known by the row only. One digest is made for four rows.
    pub(crate) fn row(&mut self, row: u64) -> u64 {
        let block = row / 4;
        let digest = match self.rows {
            Some((b, digest)) if b == block => digest,
            _ => self.digest(b'r', &block.to_le_bytes()),
        };
        self.rows = Some((block, digest));
        word(&digest, usize::try_from(row % 4).unwrap_or(0))
    }

    /// The secret from which the surrogates in a person's texts are made.
    #[cfg(feature = "screen")]
    pub(crate) fn surrogates(&self, person: u64) -> [u8; 32] {
        self.digest(b'n', &person.to_le_bytes())
    }

    /// The date shift of a person known by the row only.
    pub(crate) fn row_shift(&self, row: u64) -> i16 {
        shift_of(word(&self.digest(b's', &row.to_le_bytes()), 0))
    }
}

/// Makes keys of resources and rows: SipHash-2-4 under a key made from the secret, cut to the 53 bits that a column of
/// numbers holds exactly. Only keys of one person are ever compared: among 10,000 of them two meet by chance once in
/// 180 million persons.
#[cfg(feature = "omop")]
#[derive(Clone, Copy)]
pub(crate) struct SourceKeyer(siphasher::sip::SipHasher24);

#[cfg(feature = "omop")]
impl SourceKeyer {
    /// The key of an id within a table or type.
    pub(crate) fn key(self, kind: &str, id: [u64; 2]) -> f64 {
        let mut hasher = self.0;
        hasher.write_u64(id[0]);
        hasher.write_u64(id[1]);
        hasher.write(kind.as_bytes());
        #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
        let key = (hasher.finish() >> 11) as f64;
        key
    }
}

fn word(digest: &[u8; 32], i: usize) -> u64 {
    digest.chunks_exact(8).nth(i).and_then(|c| c.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// 730 values without zero; the bias of the remainder is below 1e-16.
fn shift_of(word: u64) -> i16 {
    let step = i32::try_from(word % 730).unwrap_or(0);
    let shift = if step < MAX_SHIFT { step - MAX_SHIFT } else { step - MAX_SHIFT + 1 };
    i16::try_from(shift).unwrap_or(1)
}

/// Sixteen hexadecimal digits, as stored.
pub(crate) fn hex(key: u64, out: &mut [u8; 16]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (i, place) in out.iter_mut().enumerate() {
        *place = DIGITS[((key >> (60 - 4 * i)) & 15) as usize];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_are_never_zero_and_reach_both_ends() {
        let all: std::collections::BTreeSet<i16> = (0..730).map(shift_of).collect();
        assert_eq!(all.len(), 730);
        assert!(!all.contains(&0));
        assert_eq!((all.first(), all.last()), (Some(&-365), Some(&365)));
    }

    #[test]
    fn another_secret_is_another_person() {
        let (a, b) = (Keyer::new(&[1; 32]), Keyer::new(&[2; 32]));
        assert_eq!(a.person(b"17"), Keyer::new(&[1; 32]).person(b"17"));
        assert_ne!(a.person(b"17").key, b.person(b"17").key);
        assert_ne!(a.person(b"17").key, a.person(b"18").key);
    }

    #[test]
    fn a_long_identifier_is_hashed_as_a_short_one() {
        let keyer = Keyer::new(&[3; 32]);
        for n in [0, 1, 62, 63, 64, 65, 200] {
            let identifier = vec![b'7'; n];
            let whole = [b"p".as_slice(), &identifier].concat();
            let wanted = *blake3::keyed_hash(&[3; 32], &whole).as_bytes();
            assert_eq!(keyer.digest(b'p', &identifier), wanted, "{n} bytes");
        }
    }

    #[test]
    fn row_keys_differ_and_do_not_depend_on_the_order_asked() {
        let mut a = Keyer::new(&[1; 32]);
        let up: Vec<u64> = (0..1000).map(|r| a.row(r)).collect();
        let down: Vec<u64> = (0..1000).rev().map(|r| Keyer::new(&[1; 32]).row(r)).collect();
        assert!(up.iter().eq(down.iter().rev()));
        assert_eq!(up.iter().collect::<std::collections::BTreeSet<_>>().len(), 1000);
    }
}
