//! What is said of the faults that `access` finds, in the language of the page.

use access::accounts::{MAXIMUM_LENGTH, MINIMUM_LENGTH, PasswordFault, SENTENCE_LENGTH};

use crate::Texts;

/// All that is wrong with a new password.
pub fn password_faults(t: Texts, faults: &[PasswordFault]) -> String {
    let one = |fault: &PasswordFault| match fault {
        PasswordFault::TooShort => t.password_too_short(MINIMUM_LENGTH),
        PasswordFault::TooLong => t.password_too_long(MAXIMUM_LENGTH),
        PasswordFault::TooFewKinds => t.password_too_few_kinds(SENTENCE_LENGTH),
        PasswordFault::HoldsLogin => t.password_holds_login().to_owned(),
        PasswordFault::Guessable => t.password_guessable().to_owned(),
        PasswordFault::Unchanged => t.password_unchanged().to_owned(),
    };
    faults.iter().map(one).collect::<Vec<_>>().join(" ")
}
