//! Reading what was typed into a field, and area columns.

use base::{AreaId, AreaPath};

use crate::{AccessError, FieldFault};

/// The most characters of a name of a person, an area or an organisation, or of a title.
pub const NAME_LIMIT: usize = 60;

/// What was typed, without spaces at its ends; it must hold something and at most `limit` characters.
pub(crate) fn required(field: &'static str, typed: &str, limit: usize) -> Result<String, AccessError> {
    let text = optional(field, typed, limit)?;
    if text.is_empty() { Err(AccessError::field(field, FieldFault::Empty)) } else { Ok(text) }
}

/// What was typed, without spaces at its ends, at most `limit` characters; may be empty.
pub(crate) fn optional(field: &'static str, typed: &str, limit: usize) -> Result<String, AccessError> {
    let text = typed.trim();
    if text.chars().count() > limit {
        return Err(AccessError::field(field, FieldFault::TooLong { limit }));
    }
    Ok(text.to_owned())
}

/// The four area columns of a row as a path.
pub(crate) fn path(
    city: i32,
    district: Option<i32>,
    subdistrict: Option<i32>,
    community: Option<i32>,
) -> AreaPath {
    AreaPath {
        city: AreaId(city),
        district: district.map(AreaId),
        subdistrict: subdistrict.map(AreaId),
        community: community.map(AreaId),
    }
}
