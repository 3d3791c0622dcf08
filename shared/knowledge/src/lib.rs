//! Findings: disclosure control, signing, pooling across sites.
