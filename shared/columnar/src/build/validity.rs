//! Which rows have a value; costs nothing as long as all have.

use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};

/// A growing bit a row, made only when the first missing value comes.
#[derive(Clone, Debug, Default)]
pub(super) struct Validity {
    len: usize,
    words: Option<Vec<u64>>,
}

impl Validity {
    #[inline]
    pub(super) fn push(&mut self, has_value: bool) {
        if let Some(words) = &mut self.words {
            let bit = self.len % 64;
            if bit == 0 {
                words.push(0);
            }
            if let Some(word) = words.last_mut() {
                *word |= u64::from(has_value) << bit;
            }
            self.len += 1;
        } else if has_value {
            self.len += 1;
        } else {
            self.begin();
            self.push(false);
        }
    }

    #[cold]
    fn begin(&mut self) {
        let mut words = vec![u64::MAX; self.len.div_ceil(64)];
        mask_tail(&mut words, self.len);
        self.words = Some(words);
    }

    pub(super) fn truncate(&mut self, len: usize) {
        if len < self.len {
            self.len = len;
            if let Some(words) = &mut self.words {
                words.truncate(len.div_ceil(64));
                mask_tail(words, len);
            }
        }
    }

    pub(super) fn get(&self, row: usize) -> bool {
        match &self.words {
            None => row < self.len,
            Some(words) => row < self.len && words.get(row / 64).is_some_and(|w| w >> (row % 64) & 1 == 1),
        }
    }

    pub(super) fn n_missing(&self) -> usize {
        let valid = |words: &Vec<u64>| words.iter().map(|w| w.count_ones() as usize).sum::<usize>();
        self.words.as_ref().map_or(0, |words| self.len - valid(words))
    }

    pub(super) fn finish(self) -> Option<NullBuffer> {
        let words = self.words?;
        let nulls = NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(words), 0, self.len));
        (nulls.null_count() > 0).then_some(nulls)
    }
}

fn mask_tail(words: &mut [u64], len: usize) {
    let used = len % 64;
    if used > 0
        && let Some(last) = words.last_mut()
    {
        *last &= (1u64 << used) - 1;
    }
}
