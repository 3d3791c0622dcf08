//! Numbers, sizes, counts and dates as people read them.
