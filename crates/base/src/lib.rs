//! Values that every crate shares, without input or output.
//!
//! What belongs here: a value with one meaning everywhere (an area, an identity number, a phone, an amount, a
//! day, a moment, an id), how it is read from what people write, how it is shown, and how it is masked.
//! What never belongs here: a clock that reads the machine's time by itself, a database, a file, a request.

pub mod area;
pub mod calendar;
pub mod clock;
pub mod day;
pub mod entropy;
pub mod hexadecimal;
pub mod ids;
pub mod label;
pub mod mask;
pub mod moment;
pub mod money;
pub mod notation;
pub mod permits;
pub mod phone;
pub mod resident_id;
pub mod severity;
pub mod sex;

pub use area::{Area, AreaId, AreaLevel, AreaPath, AreaTree};
pub use calendar::WorkCalendar;
pub use clock::{Clock, ManualClock, SharedClock};
pub use day::{Day, DayReading, read_day};
pub use entropy::Entropy;
pub use hexadecimal::hexadecimal;
pub use ids::*;
pub use label::Label;
pub use moment::Moment;
pub use money::Money;
pub use permits::{DocumentKind, IdentityDocument};
pub use phone::Phone;
pub use resident_id::ResidentId;
pub use severity::Severity;
pub use sex::Sex;
