//! Documents people save and results they read: plain serde types, no computation.
