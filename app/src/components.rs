//! Domain-free widgets.
