//! The engine as a whole: on the shipped program, on generated ones, and on broken ones.

mod faults;
mod generated;
mod pauses;
mod shipped;
