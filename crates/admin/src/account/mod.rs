//! One's own account: a password of one's own, the post that one acts in, the language.

mod pages;

pub use pages::pages;
