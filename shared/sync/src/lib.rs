//! Replication of signed documents as a pure state machine.
