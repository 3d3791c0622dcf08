//! Clinic notes: the identifier screen.
