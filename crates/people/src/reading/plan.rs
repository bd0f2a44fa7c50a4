//! Which column of the file holds what, worked out once for all rows.

use base::AreaLevel;
use policy::feeds::{Feed, Meaning, Subject};

use super::header::Header;
use super::names::Role;

/// A column of the file that the feed describes.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    /// Its place in its row.
    pub(super) file: usize,
    /// Its place in the feed.
    pub(super) feed: usize,
    /// Its place among the columns of the delivery.
    pub(super) delivery: usize,
    /// The places, in the row and in the delivery, of a second column with the same heading.
    pub(super) second: Option<(usize, usize)>,
}

impl At {
    /// The second column with the same heading, if there is one.
    pub(super) fn second(self) -> Option<Self> {
        let (file, delivery) = self.second?;
        Some(Self { file, delivery, second: None, ..self })
    }

    /// The delivery's column, as warnings and rejections name it.
    pub(super) fn column(self) -> u32 {
        u32::try_from(self.delivery).unwrap_or(u32::MAX)
    }
}

/// The columns about one who looks after the person.
#[derive(Debug, Clone, Copy)]
pub(super) struct GuardianColumns {
    pub(super) role: Role,
    pub(super) name: Option<At>,
    pub(super) phone: Option<At>,
    pub(super) identity: Option<At>,
}

/// The columns of an area's levels.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AreaColumns {
    pub(super) district: Option<At>,
    pub(super) subdistrict: Option<At>,
    pub(super) community: Option<At>,
}

impl AreaColumns {
    pub(super) fn is_empty(&self) -> bool {
        self.district.is_none() && self.subdistrict.is_none() && self.community.is_none()
    }
}

/// Where everything stands.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) name: Option<At>,
    pub(super) identity: Option<At>,
    pub(super) birth: Option<At>,
    pub(super) sex: Option<At>,
    pub(super) phone: Option<At>,
    pub(super) guardians: Vec<GuardianColumns>,
    pub(super) kinship: Option<At>,
    pub(super) address: Option<At>,
    pub(super) areas: AreaColumns,
    pub(super) registration_address: Option<At>,
    pub(super) registration_areas: AreaColumns,
    pub(super) school_areas: AreaColumns,
    pub(super) school: Option<At>,
    pub(super) school_and_class: Option<At>,
    pub(super) grade: Option<At>,
    pub(super) class: Option<At>,
    pub(super) household: Option<At>,
    pub(super) head_name: Option<At>,
    pub(super) head_identity: Option<At>,
    pub(super) relation: Option<At>,
    pub(super) starred: Option<At>,
    /// Columns without a field of the person: days, numbers, flags, choices, texts.
    pub(super) plain: Vec<At>,
    /// Columns that must be filled.
    pub(super) required: Vec<At>,
    /// Columns of which the content consists, sorted by name: all but those that number the lines.
    pub(super) content: Vec<(usize, String)>,
}

impl Plan {
    pub(super) fn of(feed: &Feed, header: &Header, columns: &[usize]) -> Self {
        let all: Vec<At> = (0..feed.columns.len())
            .filter_map(|index| {
                let file = header.place_of(index)?;
                let second = header.second_of(index);
                let second = second.and_then(|file| Some((file, columns.get(file).copied()?)));
                Some(At { file, feed: index, delivery: columns.get(file).copied()?, second })
            })
            .collect();
        let find = |subject: Subject, meaning: Meaning| {
            let index = feed.find(subject, &meaning)?;
            all.iter().copied().find(|at| at.feed == index)
        };
        let person = |meaning| find(Subject::Person, meaning);
        let areas = |subject| AreaColumns {
            district: find(subject, Meaning::Area(AreaLevel::District)),
            subdistrict: find(subject, Meaning::Area(AreaLevel::Subdistrict)),
            community: find(subject, Meaning::Area(AreaLevel::Community)),
        };
        let guardian = |subject, role| GuardianColumns {
            role,
            name: find(subject, Meaning::Name),
            phone: find(subject, Meaning::Phone),
            identity: find(subject, Meaning::IdentityNumber),
        };
        let with = |wanted: &dyn Fn(&policy::feeds::Column) -> bool| -> Vec<At> {
            all.iter().copied().filter(|at| feed.columns.get(at.feed).is_some_and(wanted)).collect()
        };
        let guardians = [
            guardian(Subject::Father, Role::Father),
            guardian(Subject::Mother, Role::Mother),
            guardian(Subject::Guardian, Role::Guardian),
        ];
        Self {
            name: person(Meaning::Name),
            identity: person(Meaning::IdentityNumber),
            birth: person(Meaning::Birth),
            sex: person(Meaning::Sex),
            phone: person(Meaning::Phone),
            guardians: guardians
                .into_iter()
                .filter(|columns| {
                    columns.name.is_some() || columns.phone.is_some() || columns.identity.is_some()
                })
                .collect(),
            kinship: find(Subject::Guardian, Meaning::Kinship),
            address: person(Meaning::Address),
            areas: areas(Subject::Person),
            registration_address: find(Subject::Registration, Meaning::Address),
            registration_areas: areas(Subject::Registration),
            school_areas: areas(Subject::School),
            school: person(Meaning::School),
            school_and_class: person(Meaning::SchoolAndClass),
            grade: person(Meaning::Grade),
            class: person(Meaning::Class),
            household: person(Meaning::Household),
            head_name: find(Subject::Head, Meaning::Name),
            head_identity: find(Subject::Head, Meaning::IdentityNumber),
            relation: person(Meaning::Relation),
            starred: with(&|column| column.starred).first().copied(),
            plain: with(&|column| is_plain(&column.meaning)),
            required: with(&|column| column.required),
            content: content_columns(feed, header),
        }
    }
}

/// Whether a meaning fills no field of the person.
fn is_plain(meaning: &Meaning) -> bool {
    matches!(
        meaning,
        Meaning::EventDay
            | Meaning::Day
            | Meaning::Number { .. }
            | Meaning::Flag
            | Meaning::Choice(_)
            | Meaning::Text
    )
}

/// The columns of which a row's content consists, by names that do not depend on the file's order: a column that has
/// moved changes no row, and a line's number is no content.
fn content_columns(feed: &Feed, header: &Header) -> Vec<(usize, String)> {
    let mut columns: Vec<(usize, String)> = Vec::with_capacity(header.columns.len());
    for (place, column) in header.columns.iter().enumerate() {
        if header.is_serial(place) {
            continue;
        }
        let name = match column.column.and_then(|index| feed.columns.get(index)) {
            Some(known) => known.key.clone(),
            None => format!("#{}", column.text),
        };
        columns.push((place, name));
    }
    columns.sort_by(|(_, one), (_, other)| one.cmp(other));
    columns
}
