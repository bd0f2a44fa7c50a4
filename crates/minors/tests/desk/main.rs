//! The desk's pages as people meet them: a browser's requests, on both databases.

#![cfg(test)]

mod case;
mod lists;
mod office;
mod referral;
mod twice;
