//! Synthetic cohorts with a known truth, written as text that intake reads.
