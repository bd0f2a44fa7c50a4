//! The synthetic city: simulated lives, the departments' files made from them with real-life errors, and the truth
//! that both are measured by. Every person, number and address here is made up.
//!
//! What belongs here: whatever makes a city that the product can be shown and measured on. It comes in by the front
//! door: it writes files that anybody could have sent, and acts through the same services as anybody's data. It knows
//! no database (a test over the arrows says so), and no rule of screening: who is at risk follows from how the child
//! lives, never from what a department wrote down.

pub mod chance;
pub mod deliver;
pub mod files;
pub mod lives;
pub mod names;
pub mod office;
pub mod past;
pub mod quality;
pub mod truth;

pub use lives::{City, Settings};
