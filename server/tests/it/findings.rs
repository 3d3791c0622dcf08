//! Signed findings for tests.

use ed25519_dalek::{Signer as _, SigningKey};
use knowledge::disclosure::{check, protect};
use knowledge::sign::sign;
use model::canonical::content_id_of_bytes;
use model::document::SignedDocument;
use model::finding::{ArmResult, Cell, Finding};

/// The findings that the crate `knowledge` is tested with.
#[path = "../../../shared/knowledge/tests/it/support/findings.rs"]
mod shared;

const SEED: [u8; 32] = [7; 32];

fn arm(name: &str, n: u64, n_events: u64) -> ArmResult {
    ArmResult {
        name: name.to_owned(),
        n: Cell::Count(n),
        n_events: Cell::Count(n_events),
        median: None,
        time_unit: "days".to_owned(),
        curve: Vec::new(),
    }
}

/// A finding that may leave.
pub fn finding(title: &str) -> Finding {
    let mut finding = Finding {
        title: title.to_owned(),
        estimates: vec![shared::hazard_ratio(-0.371, 0.125, false)],
        arms: vec![arm("hormonal therapy", 246, 94), arm("no hormonal therapy", 440, 205)],
        balance: Vec::new(),
        ..shared::finding(&[(246, 94), (440, 205)])
    };
    protect(&mut finding, 10);
    assert_eq!(check(&finding, 10), Vec::new());
    finding
}

/// That finding, signed.
pub fn document(title: &str) -> SignedDocument {
    sign(&finding(title), &SEED).unwrap()
}

/// A well signed finding that shows three events in an arm of twelve.
pub fn small_cell() -> SignedDocument {
    let mut finding = finding("small");
    finding.arms = vec![arm("hormonal therapy", 12, 3), arm("no hormonal therapy", 440, 205)];
    sign(&finding, &SEED).unwrap()
}

/// Any text, well signed, as somebody with a program of their own might send it.
pub fn signed(body: &str) -> SignedDocument {
    let key = SigningKey::from_bytes(&SEED);
    let id = content_id_of_bytes(body.as_bytes());
    let signature = key.sign(format!("rounds-document-v1\n{id}").as_bytes());
    SignedDocument {
        id,
        body: body.to_owned(),
        public_key: hex::encode(key.verifying_key().as_bytes()),
        signature: hex::encode(signature.to_bytes()),
    }
}
