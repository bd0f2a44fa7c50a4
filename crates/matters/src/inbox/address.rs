//! A filter as the query of an address, and back: so that a number on any page can lead to the list that it counts.

use base::{AreaId, AreaTree, OrganisationId, PostId, Severity};
use uuid::Uuid;

use super::filter::{Filter, HeldBy, Standing, Whose};

/// Words of one kind that are read from an address at most.
const WORDS_AT_MOST: usize = 40;
/// Letters of a word of an address at most.
const LETTERS_AT_MOST: usize = 40;

/// The word for what holds.
const YES: &str = "yes";

impl Filter {
    /// The query that says this filter, without a question mark: `whose=area&standing=late&kind=lead`. What stands as
    /// by default is left out; spans of time, a parent, a person and what was searched for are no part of addresses.
    pub fn query(&self) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if self.whose != Whose::default() {
            pairs.push(("whose", self.whose.word().to_owned()));
        }
        if self.standing != Standing::default() {
            pairs.push(("standing", self.standing.word().to_owned()));
        }
        if let Some(area) = &self.within {
            pairs.push(("within", area.area().0.to_string()));
        }
        if self.unplaced {
            pairs.push(("unplaced", YES.to_owned()));
        }
        pairs.extend(self.kinds.iter().map(|kind| ("kind", kind.clone())));
        pairs.extend(self.stages.iter().map(|stage| ("stage", stage.clone())));
        pairs.extend(self.severities.iter().map(|severity| ("severity", severity.key().to_owned())));
        pairs.extend(self.outcomes.iter().map(|outcome| ("outcome", outcome.clone())));
        if let Some(post) = self.holder {
            pairs.push(("holder", post.0.to_string()));
        }
        if let Some(held) = self.held_by {
            pairs.push(("holder", held.word().to_owned()));
        }
        if let Some(organisation) = self.organisation {
            pairs.push(("organisation", organisation.0.to_string()));
        }
        if let Some(number) = self.number.as_ref().filter(|number| is_word(number)) {
            pairs.push(("number", number.clone()));
        }
        let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        pairs.join("&")
    }

    /// The filter that a query says. What it does not understand is passed over: an old address still opens.
    pub fn of_query(query: &str, areas: &AreaTree) -> Self {
        let mut filter = Self::default();
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            if !is_word(value) {
                continue;
            }
            let word = |list: &mut Vec<String>| {
                if list.len() < WORDS_AT_MOST && !list.iter().any(|known| known == value) {
                    list.push(value.to_owned());
                }
            };
            match key {
                "whose" => filter.whose = Whose::from_word(value).unwrap_or(filter.whose),
                "standing" => filter.standing = Standing::from_word(value).unwrap_or(filter.standing),
                "within" => filter.within = value.parse().ok().and_then(|id| areas.path_of(AreaId(id))),
                "kind" => word(&mut filter.kinds),
                "stage" => word(&mut filter.stages),
                "outcome" => word(&mut filter.outcomes),
                "severity" => {
                    let severity = Severity::ALL.into_iter().find(|severity| severity.key() == value);
                    filter.severities.extend(severity.filter(|one| !filter.severities.contains(one)));
                }
                "unplaced" => filter.unplaced = value == YES,
                "organisation" => filter.organisation = value.parse::<Uuid>().ok().map(OrganisationId),
                "holder" => {
                    filter.held_by = HeldBy::from_word(value);
                    filter.holder = value.parse::<Uuid>().ok().map(PostId);
                }
                "number" => filter.number = Some(value.to_owned()),
                _ => {}
            }
        }
        filter
    }
}

/// Whether a value is what words, numbers of matters and ids are made of. Nothing else has to be escaped or read.
fn is_word(value: &str) -> bool {
    let sound = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    !value.is_empty() && value.len() <= LETTERS_AT_MOST && value.chars().all(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_back_from_its_address() {
        let areas = AreaTree::shipped();
        let place = areas.path_of(areas.city().area()).expect("the city has a path");
        let filter = Filter {
            whose: Whose::Area,
            standing: Standing::Late,
            within: Some(place),
            kinds: vec!["lead".to_owned(), "case".to_owned()],
            severities: vec![Severity::Urgent, Severity::High],
            outcomes: vec!["no_risk".to_owned()],
            unplaced: true,
            organisation: Some(OrganisationId(Uuid::from_u128(8))),
            holder: Some(PostId(Uuid::from_u128(7))),
            number: Some("XS-261124".to_owned()),
            ..Filter::default()
        };
        assert_eq!(Filter::of_query(&filter.query(), &areas), filter);
        for held in HeldBy::ALL {
            let filter = Filter { held_by: Some(held), ..Filter::default() };
            assert_eq!(Filter::of_query(&filter.query(), &areas), filter);
        }
        assert_eq!(Filter::of_query(&Filter::default().query(), &areas), Filter::default());
    }

    #[test]
    fn what_was_searched_for_is_no_part_of_an_address() {
        let person = base::PersonId(Uuid::from_u128(9));
        let sought = super::super::filter::Sought { persons: vec![person], number: Some("2014".to_owned()) };
        let filter = Filter { sought: Some(sought), subject: Some(person), ..Filter::default() };
        assert_eq!(filter.query(), "");
    }

    #[test]
    fn what_is_not_understood_is_passed_over() {
        let read = Filter::of_query(
            "kind=lead&kind=%27%3B&whose=nobody&colour=red&holder=7&within=x",
            &AreaTree::shipped(),
        );
        assert_eq!(read, Filter { kinds: vec!["lead".to_owned()], ..Filter::default() });
    }
}
