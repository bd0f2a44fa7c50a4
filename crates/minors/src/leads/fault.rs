//! What matters refuse, as an answer to a request.

use base::Label;
use matters::MatterError;
use web::WebError;

/// The answer. Where a page can show it beside what was typed, it does; this is for the rest.
pub(super) fn shown(error: MatterError) -> WebError {
    let next =
        Label::new("返回这条线索，看清现在的情况再办", "Go back to the lead and look at how it stands now.");
    match error {
        MatterError::NotFound => WebError::NotFound,
        MatterError::NotAllowed => WebError::NotAllowed,
        MatterError::Store(error) => error.into(),
        MatterError::Conflict(_) => WebError::Conflict,
        other => match other.message() {
            Some(message) => WebError::refused(message, next),
            None => WebError::internal(other.key()),
        },
    }
}
