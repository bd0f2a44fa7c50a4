//! Errors of matters as answers to a request, where no page of ours can show them better.

use base::Label;
use web::WebError;

use crate::MatterError;

impl From<MatterError> for WebError {
    fn from(error: MatterError) -> Self {
        let next = Label::new(
            "返回这件事项，看清现在的情况再办",
            "Go back to the matter and look at how it stands now.",
        );
        match error {
            MatterError::NotFound => Self::NotFound,
            MatterError::NotAllowed => Self::NotAllowed,
            MatterError::Store(error) => error.into(),
            MatterError::Conflict(_) => Self::Conflict,
            other => match other.message() {
                Some(message) => Self::refused(message, next),
                None => Self::internal(other),
            },
        }
    }
}
