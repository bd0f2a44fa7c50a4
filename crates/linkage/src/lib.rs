//! Engine: record linkage. Scores a record against a live index of persons (or of anything else that a model
//! describes), explains each weight, and searches.
//!
//! A [`Model`] (TOML) says what is compared and what each outcome weighs; a [`LiveIndex`] holds the records; a
//! [`Record`] goes in, [`Candidate`]s come out, and [`Zone`] says whether the best of them is linked without asking,
//! reviewed by a person, or passed over. The mathematics, their sources and how to write a model: docs/linkage.md.
//!
//! What this crate never knows: a database, a clock, who asks, and what becomes of a decision. It proposes; `people`
//! decides, keeps and undoes.
//!
//! The files in the order in which a look-up passes them: `record` (texts) → `read` (values) → `keys` (whom to compare) →
//! `index` (where they stand) → `compare` (what can be said of two values) → `score` (what it weighs). Whole files go
//! another way to the same comparisons: `table` (values as numbers) → `batch` (keys, learning, weights, choice).

mod batch;
mod compare;
mod evaluate;
mod index;
mod keys;
mod markup;
mod mixing;
mod model;
mod read;
mod record;
mod report;
mod score;
mod sound;
mod table;

pub use batch::{
    ClusterBy, ClustersBefore, Explanation, ExplanationLine, FileFault, Files, FilesFault, Labels,
    LinkOptions, Linked, Pair, PassedOver, Source, Stage, TrainOptions, Watch,
};
pub use evaluate::{AtThreshold, Evaluation, Tenth, evaluate};
pub use index::{LiveIndex, ReadRecord, Searcher, SnapshotFault};
pub use model::{Key, Model, ModelFault, Prior, Zone, Zones};
pub use record::{Person, PersonAddress, Record};
pub use report::{Block, BlockingRule, LevelShare, Report, Shares, Unlinkable, ZoneLine};
pub use score::{Candidate, FieldWeight};
