//! What is handed in: a record as named texts, and the record of a person with its fields spelled out.

use std::borrow::Cow;

use uuid::Uuid;

/// A record to be indexed or looked up: an id and cells, each a text under the name of a source that the model's
/// columns read from. Names that the model does not know are ignored; a name may stand more than once where its column
/// takes several values. Texts are taken as they were written: reading them is the engine's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The person (or whatever the model is about) in the index; for a look-up it is not used.
    pub id: Uuid,
    cells: Vec<(Cow<'static, str>, String)>,
}

impl Record {
    /// A record without cells.
    pub fn new(id: Uuid) -> Self {
        Self { id, cells: Vec::new() }
    }

    /// The record with one cell more. An empty text is no cell.
    #[must_use]
    pub fn with(mut self, source: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        self.add(source, text);
        self
    }

    /// Adds one cell. An empty text is no cell.
    pub fn add(&mut self, source: impl Into<Cow<'static, str>>, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() {
            self.cells.push((source.into(), text));
        }
    }

    /// The texts under `source`, in the order in which they were added.
    pub fn texts<'record>(&'record self, source: &'record str) -> impl Iterator<Item = &'record str> {
        self.cells.iter().filter(move |(name, _)| name == source).map(|(_, text)| text.as_str())
    }

    /// The first text under `source`, or the empty text.
    pub fn text(&self, source: &str) -> &str {
        self.cells.iter().find(|(name, _)| name == source).map_or("", |(_, text)| text.as_str())
    }
}

/// A person, with the sources of the shipped model `cn-person` as fields. What is not known stays empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The person's id.
    pub id: Uuid,
    /// Names: the one in use first, then others under which the person is on record.
    pub names: Vec<String>,
    /// The identity number as it was written, faults included: a number that fails its check is still evidence.
    pub identity_number: String,
    /// The birth date in any notation that [`base::read_day`] reads; a year or a month alone is welcome.
    pub birth: String,
    /// The sex in any wording that the model lists.
    pub sex: String,
    /// The person's own phones.
    pub phones: Vec<String>,
    /// Names of parents or other guardians.
    pub guardian_names: Vec<String>,
    /// Phones of parents or other guardians.
    pub guardian_phones: Vec<String>,
    /// Where the person lives, and other addresses on record.
    pub addresses: Vec<PersonAddress>,
}

/// An address: the whole text, or its parts where the source keeps them apart, or both. Parts that are missing are
/// read from the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonAddress {
    /// The address as one text.
    pub text: String,
    /// District by name.
    pub district: String,
    /// Sub-district by name.
    pub subdistrict: String,
    /// Community by name.
    pub community: String,
    /// Estate, village or street with its number.
    pub estate: String,
    /// Building.
    pub building: String,
    /// Room.
    pub room: String,
}

/// Between the parts of an address within one cell: a character that no address has.
pub(crate) const PART_SEPARATOR: char = '\u{1f}';

impl PersonAddress {
    /// The cell of a column of kind `address`: the parts in order, then the whole text.
    pub fn cell(&self) -> String {
        let parts = [
            &self.district,
            &self.subdistrict,
            &self.community,
            &self.estate,
            &self.building,
            &self.room,
            &self.text,
        ];
        if parts.iter().all(|part| part.trim().is_empty()) {
            return String::new();
        }
        let mut cell = String::new();
        for (place, part) in parts.into_iter().enumerate() {
            if place > 0 {
                cell.push(PART_SEPARATOR);
            }
            cell.extend(part.chars().filter(|character| *character != PART_SEPARATOR));
        }
        cell
    }
}

impl From<Person> for Record {
    fn from(person: Person) -> Self {
        let mut record = Self::new(person.id);
        let singles =
            [("identity_number", person.identity_number), ("birth", person.birth), ("sex", person.sex)];
        for (source, text) in singles {
            record.add(source, text);
        }
        let lists = [
            ("name", person.names),
            ("phone", person.phones),
            ("guardian_name", person.guardian_names),
            ("guardian_phone", person.guardian_phones),
        ];
        for (source, texts) in lists {
            for text in texts {
                record.add(source, text);
            }
        }
        for address in &person.addresses {
            record.add("address", address.cell());
        }
        record
    }
}
