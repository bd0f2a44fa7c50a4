//! How an error of matters or of a file is shown on a page.

use access::AccessError;
use base::Label;
use matters::MatterError;
use web::WebError;

use super::service::FileError;

/// An error of matters.
pub(crate) fn shown(error: MatterError) -> WebError {
    match error {
        MatterError::NotFound => WebError::NotFound,
        MatterError::NotAllowed => WebError::NotAllowed,
        MatterError::Conflict(_) => WebError::Conflict,
        MatterError::Store(error) => error.into(),
        other => match other.message() {
            Some(message) => WebError::refused(message, back()),
            None => WebError::internal(other),
        },
    }
}

fn back() -> Label {
    Label::new("返回档案，看清现在的情况再办", "Go back to the file, look at it, and try again.")
}

/// An error of a file.
pub(super) fn shown_of_file(error: FileError) -> WebError {
    match error {
        FileError::NotFound => AccessError::NotFound.into(),
        FileError::Conflict => WebError::Conflict,
        FileError::StillOpen => WebError::refused(
            Label::new(
                "该儿童还有未办结的线索或个案，档案不能关闭",
                "A lead or a case of the child is open: the file cannot be closed",
            ),
            Label::new(
                "先办结线索和个案，再关闭档案",
                "End the lead and the case first, then close the file.",
            ),
        ),
        FileError::HoldsAlready => WebError::refused(
            Label::new("该儿童已在这一类别中", "The child is in this category already"),
            back(),
        ),
        FileError::WrongState => WebError::overtaken(
            Label::new("档案的状态已经变化，没有改动", "The file's state has changed; nothing was done"),
            back(),
        ),
        FileError::Matter(error) => shown(error),
        FileError::Store(error) => error.into(),
    }
}
