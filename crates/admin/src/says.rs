//! What is said of the faults that `access` finds, in the language of the page.

use access::accounts::{MAXIMUM_LENGTH, MINIMUM_LENGTH, PasswordFault, SENTENCE_LENGTH};
use access::{AccessError, FieldFault};
use base::Label;
use web::{Language, Typed, WebError};

use crate::Texts;

/// What is wrong with a field.
pub fn field_fault(t: Texts, fault: FieldFault) -> String {
    match fault {
        FieldFault::Empty => t.fault_empty().to_owned(),
        FieldFault::TooLong { limit } => t.fault_too_long(limit),
        FieldFault::NotALogin => t.fault_not_a_login().to_owned(),
        FieldFault::NotAPhone => t.fault_not_a_phone().to_owned(),
        FieldFault::Taken => t.fault_taken().to_owned(),
        FieldFault::Unknown => t.fault_unknown().to_owned(),
        FieldFault::WrongLevel => t.fault_wrong_level().to_owned(),
        FieldFault::EndsBeforeItBegins => t.fault_ends_before().to_owned(),
        FieldFault::Overlaps => t.fault_overlaps().to_owned(),
        FieldFault::StillInUse => t.fault_still_in_use().to_owned(),
        FieldFault::Closed => t.fault_closed().to_owned(),
    }
}

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

/// The same message in both languages, for what is refused before a page is known.
pub fn both(message: impl Fn(Texts) -> String) -> Label {
    Label { zh: message(Texts(Language::Chinese)), en: message(Texts(Language::English)) }
}

/// Puts a fault that `access` found at the field that has it.
///
/// # Errors
/// The error itself when it is about no field.
pub fn blame(t: Texts, typed: &mut Typed, error: AccessError) -> Result<(), WebError> {
    match error {
        AccessError::Field { field, fault } => {
            typed.add_fault(field, field_fault(t, fault));
            Ok(())
        }
        other => Err(other.into()),
    }
}

/// As `blame`, for a button without fields: the refusal is a page of its own.
pub fn refusal(error: AccessError) -> WebError {
    match error {
        AccessError::Field { fault, .. } => {
            WebError::refused(both(|t| field_fault(t, fault)), both(|t| t.refused_next().to_owned()))
        }
        other => other.into(),
    }
}
