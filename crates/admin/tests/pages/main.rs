//! The pages of administration as a browser meets them: every test on both databases.

#![cfg(test)]

mod entrance;
mod office;
mod oversight;
mod readings;
mod records;
