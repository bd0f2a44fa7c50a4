//! Fields in which an area or an organisation is named: typed with help from a list, since a city has hundreds.

use access::organisations::{self, Organisation, OrganisationFilter};
use base::{AreaLevel, AreaPath, AreaTree};
use store::Read;
use web::{Choice, WebError};

/// Organisations that are offered for a field: more than a city of this size has.
const ORGANISATIONS_AT_MOST: usize = 2_000;

/// The names of all areas in `within`, for the list behind a field.
pub fn area_names(areas: &AreaTree, within: &AreaPath) -> Vec<String> {
    let inside = areas.all().iter().filter(|area| area.path.is_within(within));
    inside.map(|area| areas.name_of(&area.path)).collect()
}

/// The area that was typed: as the list names it, by its code, or as people write it.
pub fn read_area(areas: &AreaTree, text: &str) -> Option<AreaPath> {
    let text = text.trim();
    let named = areas.all().iter().find(|area| areas.name_of(&area.path) == text || area.name == text);
    named
        .or_else(|| areas.by_code(text))
        .map(|area| area.path)
        .or_else(|| areas.locate(text).filter(|found| found.district.is_some()))
}

/// The city, its districts and sub-districts in `within`, for a filter.
pub fn area_choices(areas: &AreaTree, within: &AreaPath) -> Vec<Choice> {
    let high = areas.all().iter().filter(|area| area.level != AreaLevel::Community);
    let mut inside: Vec<_> = high.filter(|area| area.path.is_within(within)).collect();
    // Each district with its sub-districts behind it.
    inside.sort_by_key(|area| (area.path.district, area.path.subdistrict));
    inside.into_iter().map(|area| Choice::new(area.id.0.to_string(), areas.name_of(&area.path))).collect()
}

/// The open organisations in `within` and those that serve an area around it.
pub async fn organisations_for(read: &Read, within: &AreaPath) -> Result<Vec<Organisation>, WebError> {
    let filter = OrganisationFilter::default();
    let mut found: Vec<Organisation> = Vec::new();
    let mut after = None;
    loop {
        let page =
            organisations::list(read.connection(), &filter, after, organisations::PAGE_AT_MOST).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = Some(last.id);
        let near = |organisation: &Organisation| {
            organisation.area.is_within(within) || within.is_within(&organisation.area)
        };
        found.extend(page.into_iter().filter(near));
        if found.len() >= ORGANISATIONS_AT_MOST {
            return Ok(found);
        }
    }
}

/// The organisation of this name that serves `area` or an area around it: the nearest of them.
pub fn read_organisation<'a>(
    known: &'a [Organisation],
    name: &str,
    area: &AreaPath,
) -> Option<&'a Organisation> {
    let name = name.trim();
    let serving = known.iter().filter(|one| one.name == name && area.is_within(&one.area));
    serving.max_by_key(|one| one.area.level())
}

/// The names of organisations, each once, for the list behind a field.
pub fn organisation_names(known: &[Organisation]) -> Vec<String> {
    let mut names: Vec<String> = known.iter().map(|organisation| organisation.name.clone()).collect();
    names.sort();
    names.dedup();
    names
}
