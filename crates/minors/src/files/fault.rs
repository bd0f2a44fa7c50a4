//! How an error of matters or of a file is shown on a page.

use base::Label;
use matters::MatterError;
use web::WebError;

use super::service::FileError;

/// An error of matters.
pub(crate) fn shown(error: MatterError) -> WebError {
    error.into()
}

/// What a person who can mend it is told; `None` for what is an error of the page.
pub(super) fn message(error: &FileError) -> Option<Label> {
    Some(match error {
        FileError::NotFound | FileError::Store(_) => return None,
        FileError::Matter(error) => return error.message(),
        FileError::Conflict => Label::new(
            "别人刚刚改过这份档案，没有按你的填写改动。下面是现在的情况和你填写的内容，请核对后再提交",
            "Somebody else has just changed this file, so yours was not done. Below is how it stands and what you wrote; compare, then send again.",
        ),
        FileError::WrongState => Label::new(
            "档案的状态已经变化，没有改动。请核对后再办",
            "The file's state has changed; nothing was done. Compare, then decide again.",
        ),
        FileError::StillOpen => Label::new(
            "该儿童还有未办结的线索或个案，档案不能关闭。请先办结线索和个案",
            "A lead or a case of the child is open: the file cannot be closed. End the lead and the case first.",
        ),
        FileError::StillAChild => Label::new(
            "该儿童未满十八周岁，不能以成年为由关闭。请另选原因",
            "The child is under 18: the file cannot be closed for being of age. Choose another reason.",
        ),
        FileError::HoldsAlready => Label::new(
            "该儿童已在这一类别中。请另选类别",
            "The child is in this category already. Choose another.",
        ),
    })
}

impl From<FileError> for WebError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::NotFound => Self::NotFound,
            FileError::Conflict | FileError::WrongState => Self::Conflict,
            FileError::Matter(error) => error.into(),
            FileError::Store(error) => error.into(),
            FileError::StillOpen | FileError::StillAChild | FileError::HoldsAlready => {
                Self::internal("a refusal that its page should have shown")
            }
        }
    }
}
