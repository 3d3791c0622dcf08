//! Store: findings.
