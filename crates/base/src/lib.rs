//! Values that every crate shares, without input or output.
//!
//! What belongs here: a value with one meaning everywhere (an area, an identity number, a phone, an amount, a
//! day, a moment, an id), how it is read from what people write, how it is shown, and how it is masked.
//! What never belongs here: a clock that reads the machine's time by itself, a database, a file, a request.

pub mod area;
pub mod clock;
pub mod entropy;
pub mod ids;
pub mod moment;

pub use area::{AreaId, AreaLevel, AreaPath};
pub use clock::{Clock, ManualClock, SharedClock};
pub use entropy::Entropy;
pub use ids::*;
pub use moment::Moment;
