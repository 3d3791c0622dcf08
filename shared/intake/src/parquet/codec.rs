//! Pages unpacked: snappy, gzip, zstd, or not packed at all.

use std::borrow::Cow;
use std::io::Read as _;

use super::thrift::Wrong;

/// Largest page taken. Writers make pages of a megabyte.
pub(super) const MAX_PAGE: usize = 256 << 20;

/// Why a column packed this way cannot be read; nothing for those that can.
pub(super) fn refused(codec: i64) -> Option<String> {
    let name = match codec {
        0 | 1 | 2 | 6 => return None,
        3 => "LZO",
        4 => "Brotli",
        5 | 7 => "LZ4",
        _ => return Some(format!("it is packed in a way that is not known ({codec})")),
    };
    Some(format!("it is packed with {name}, which is not read here: write the file again with zstd, snappy or gzip"))
}

/// The bytes of a page; `n` is how many there should be.
pub(super) fn unpack(codec: i64, packed: &[u8], n: usize) -> Result<Cow<'_, [u8]>, Wrong> {
    let damaged = || "its packed values are damaged: copy the file again".to_owned();
    if n > MAX_PAGE {
        return Err(format!("a page of it unpacks to {n} bytes, more than is taken"));
    }
    let bytes = match codec {
        0 => Cow::Borrowed(packed),
        1 => {
            if snap::raw::decompress_len(packed) != Ok(n) {
                return Err(damaged());
            }
            Cow::Owned(snap::raw::Decoder::new().decompress_vec(packed).map_err(|_cause| damaged())?)
        }
        2 => {
            let mut out = Vec::new();
            let limit = n as u64 + 1;
            flate2::read::MultiGzDecoder::new(packed).take(limit).read_to_end(&mut out).map_err(|_cause| damaged())?;
            Cow::Owned(out)
        }
        6 => {
            let mut out = vec![0; n];
            let got = ruzstd::decoding::FrameDecoder::new().decode_all(packed, &mut out).map_err(|_cause| damaged())?;
            out.truncate(got);
            Cow::Owned(out)
        }
        _ => return Err(refused(codec).unwrap_or_default()),
    };
    if bytes.len() == n { Ok(bytes) } else { Err(damaged()) }
}
