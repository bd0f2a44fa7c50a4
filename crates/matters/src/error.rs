//! What can go wrong with a matter, by what the person can do about it.

use access::AccessError;
use base::Label;
use store::StoreError;
use workflow::Refusal;

use crate::Matter;

/// An error of this crate. Every variant but `Store` is something that a person can cause and mend.
#[derive(Debug, thiserror::Error)]
pub enum MatterError {
    /// There is no such matter, or none that this person may see: the two are not told apart.
    #[error("there is no such matter")]
    NotFound,
    /// The post does not include this.
    #[error("the role does not allow this")]
    NotAllowed,
    /// Somebody else moved the matter on since it was read. What it is now comes along, so that both can be shown.
    #[error("the matter was changed by somebody else in the meantime")]
    Conflict(Box<Matter>),
    /// The workflow says no, and why.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No post answers for the place, at any level: users and posts are still to be made.
    #[error("no post answers for the place")]
    NobodyToHold,
    /// The post that was named cannot hold the matter: it is closed, of another role, or for another place.
    #[error("the post that was named cannot hold the matter")]
    UnfitHolder,
    /// Nothing can be referred from this stage.
    #[error("nothing can be referred from this stage")]
    NoReferralsNow,
    /// The organisation has no post that answers referrals, or nobody holds it.
    #[error("nobody holds a post of the organisation that answers referrals")]
    NobodyAtOrganisation,
    /// The file is larger than is taken.
    #[error("the file is larger than {limit_bytes} bytes")]
    FileTooLarge {
        /// The bound, in bytes.
        limit_bytes: u64,
    },
    /// The file is no picture that can be read.
    #[error("the file is no picture that can be read")]
    NotAPicture,
    /// The matter has as many attachments as it may have.
    #[error("the matter has {most} attachments, as many as it may have")]
    TooManyAttachments {
        /// The bound.
        most: u64,
    },
    /// An answer names an attachment that is not the matter's.
    #[error("an answer names an attachment that is not the matter's")]
    ForeignAttachment,
    /// The database's own.
    #[error(transparent)]
    Store(StoreError),
}

impl MatterError {
    /// An error that nobody can mend by acting otherwise. Nothing personal may be in it.
    pub(crate) fn internal(message: impl std::fmt::Display) -> Self {
        Self::Store(StoreError::internal(message))
    }

    /// The word for it in answers to phones and tests.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotAllowed => "not_allowed",
            Self::Conflict(_) => "conflict",
            Self::Refused(refusal) => refusal.key(),
            Self::NobodyToHold => "nobody_to_hold",
            Self::UnfitHolder => "unfit_holder",
            Self::NoReferralsNow => "no_referrals_now",
            Self::NobodyAtOrganisation => "nobody_at_organisation",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::NotAPicture => "not_a_picture",
            Self::TooManyAttachments { .. } => "too_many_attachments",
            Self::ForeignAttachment => "foreign_attachment",
            Self::Store(_) => "internal",
        }
    }

    /// What happened and what to do next, in both languages; `None` where that is the page kit's to say.
    pub fn message(&self) -> Option<Label> {
        Some(match self {
            Self::NotFound | Self::NotAllowed | Self::Store(_) => return None,
            Self::Refused(refusal) => refusal.message(),
            Self::Conflict(_) => Label::new(
                "别人刚刚办理过这件事项。下面是现在的情况和你填写的内容，请核对后再提交",
                "Somebody else has just moved this matter on. Below is how it stands and what you wrote; compare, then send again.",
            ),
            Self::NobodyToHold => Label::new(
                "这个地方还没有能办下一步的岗位。请管理员先设岗位、任命人员",
                "No post that could take the next step answers for this place yet. Ask the administrator to add posts and people.",
            ),
            Self::UnfitHolder => Label::new(
                "所选岗位不能持有这件事项：岗位已撤、不管这个地方，或办不了下一步（如申请人不能审批自己的申请）。请另选",
                "The chosen post cannot hold this matter: it is closed, for another place, or cannot take the next step (whoever asked may not approve). Choose another.",
            ),
            Self::NoReferralsNow => Label::new(
                "这一环节不能转介。请先办到评估或研判",
                "Nothing can be referred at this stage. Move on to assessment or triage first.",
            ),
            Self::NobodyAtOrganisation => Label::new(
                "该单位没有在任的联络员，收不到转介。请转给别的单位，或请管理员先设联络岗位、任命人员",
                "Nobody holds a contact post there, so nobody would get the referral. Choose another organisation, or ask the administrator to appoint a contact.",
            ),
            Self::FileTooLarge { limit_bytes } => {
                let megabytes = limit_bytes >> 20;
                Label::new(
                    format!("文件太大，最多 {megabytes} MB。请压缩或重拍"),
                    format!(
                        "The file is too large; {megabytes} MB at most. Make it smaller or take it again."
                    ),
                )
            }
            Self::NotAPicture => Label::new(
                "这个文件读不出图片。请用 JPEG、PNG 或 WebP",
                "The file cannot be read as a picture. Use JPEG, PNG or WebP.",
            ),
            Self::TooManyAttachments { most } => Label::new(
                format!("附件最多 {most} 个，不能再加"),
                format!("{most} attachments at most; no more can be added."),
            ),
            Self::ForeignAttachment => Label::new(
                "所附照片不属于这件事项。请重新拍照或上传",
                "A photograph does not belong to this matter. Take or upload it again.",
            ),
        })
    }
}

impl From<StoreError> for MatterError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            other => Self::Store(other),
        }
    }
}

impl From<sea_orm::DbErr> for MatterError {
    fn from(error: sea_orm::DbErr) -> Self {
        StoreError::from(error).into()
    }
}

impl From<AccessError> for MatterError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NotFound => Self::NotFound,
            AccessError::NotAllowed => Self::NotAllowed,
            AccessError::Store(error) => Self::Store(error),
            other => Self::internal(other),
        }
    }
}
