//! Matters: opening, looking up, acting, and what the clock brings.

mod act;
mod assign;
pub(crate) mod carry;
pub(crate) mod holders;
mod late;
mod look_up;
mod model;
mod numbers;
mod open;
pub(crate) mod repo;
mod tick;

pub use act::{Acted, Acting, Offer};
pub(crate) use act::{Surroundings, facts};
pub use assign::{Assigning, Pausing};
pub use late::{Arrived, HeldOnce, Late};
pub use look_up::TimeLeft;
pub use model::{COLUMNS, Matter, MatterThing, MatterToken, MatterWords, Phase};
pub(crate) use model::{TABLE, severity};
pub use open::NewMatter;
pub use repo::{OpenTasks, TaskKind, numbers_of, subject_of, subject_of_number, tasks_of_post};
pub use tick::Ticked;
