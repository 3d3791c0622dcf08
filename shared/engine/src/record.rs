//! A dataset looked at closely: its quality, its course over time, its concepts, one person's record.

mod concept;
mod over_time;
mod persons;
mod quality;
mod timeline;

pub(crate) use concept::describe as concept;
pub(crate) use over_time::over_time;
pub(crate) use persons::list as list_persons;
pub(crate) use quality::quality;
pub(crate) use timeline::{note, timeline};
