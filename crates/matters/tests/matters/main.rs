//! Matters on both databases, through the services that pages and phones use.

#![cfg(test)]

mod clock;
mod generated;
mod inbox;
mod life;
mod office;
mod papers;
mod sight;
mod versions;
