//! The person of a row: name, identity number, birth, sex, phones; and what of them can be used together.

use std::borrow::Cow;

use base::permits::IdentityDocument;
use base::phone::{PhoneFault, read_phones};
use base::resident_id::{ResidentId, ResidentIdFault};
use base::{Day, DayReading, Phone, Sex, mask};
use sheets::{CellKind, Row};

use super::codes::{RejectionCode, WarningCode};
use super::names::{self, NameFault, NameReading, Role};
use super::plan::At;
use super::row::{Content, Draft, RowReader, warn};
use super::words::{is_pending, without_brackets};

/// Age from which nobody is a child (民法典 art. 17).
const ADULT_YEARS: i32 = 18;
/// What is typed around a number and is no part of it.
const AROUND_NUMBERS: [char; 13] = [' ', '\n', '\t', '"', '\'', '“', '”', '‘', '’', '`', '。', ',', ';'];
/// Age beyond which a birth date is a slip of the pen.
const OLDEST_YEARS: i32 = 130;
/// Age beyond which a number of 15 digits is nobody's.
const OLDEST_SHORT_YEARS: i32 = 105;
/// Most characters of a word in place of a value that a message repeats.
pub(super) const LONGEST_WORD: usize = 24;

impl RowReader<'_> {
    /// Reads the person, or sets the row aside when there is none.
    pub(super) fn read_person(&self, row: &Row, draft: &mut Draft) {
        let (name, beside) = self.read_name(row, draft);
        let document = self.read_identity(row, self.plan.identity, draft).or(beside);
        let birth = self.read_birth(row, draft);
        let sex = self.read_sex(row, draft);
        let is_child = name.role == Some(Role::Child);
        self.settle(document, birth, sex, is_child, draft);
        draft.values.name.clone_from(&name.name);
        if let Some((role, guardian)) = name.guardian {
            draft.values.guardians.push(super::around::guardian(role, Some(guardian)));
        }
        let has_name =
            name.name.is_some() || matches!(name.fault, Some(NameFault::Partial | NameFault::Several));
        if !has_name && draft.values.document.is_none() {
            self.reject_person(row, draft);
        }
        draft.values.phones = self.read_phone_cell(row, self.plan.phone, draft);
    }

    /// The name, and a number that stands in its cell.
    fn read_name(&self, row: &Row, draft: &mut Draft) -> (NameReading, Option<(IdentityDocument, At)>) {
        let Some((text, _, at)) = self.value(row, self.plan.name, draft) else {
            return (NameReading::default(), None);
        };
        let (rest, beside) = match names::with_number(&text) {
            Some((rest, number)) => (Some(rest), self.usable_document(number, CellKind::Text).ok()),
            None => (None, None),
        };
        let beside = beside.map(|document| (document, at));
        let text = rest.map_or(text, Cow::Owned);
        let empty_home = self.words.is_empty_home(&text);
        let mut reading = if empty_home { NameReading::default() } else { names::read(&text) };
        // 儿童:无 names nobody.
        if reading.name.as_deref().is_some_and(|name| self.words.word(name).is_some()) {
            reading = NameReading { fault: Some(NameFault::Unreadable), ..reading };
            reading.name = None;
        }
        let code = match reading.fault {
            _ if reading.is_pending => Some(WarningCode::Pending),
            Some(NameFault::Partial) => Some(WarningCode::NamePartial),
            Some(NameFault::Several) => Some(WarningCode::NameSeveral),
            Some(NameFault::Unreadable) => Some(WarningCode::NameUnreadable),
            None => empty_home.then_some(WarningCode::NameUnreadable),
        };
        if let Some(code) = code {
            warn(draft, at, code, mask::name(&text));
        }
        draft.name_as_written = text.into_owned();
        (reading, beside)
    }

    /// Says what is wrong with a row that names nobody: at the name's cell, else at the number's.
    fn reject_person(&self, row: &Row, draft: &mut Draft) {
        let Some(at) = self.plan.name.or(self.plan.identity) else { return };
        let text = row.cell(at.file).text;
        let code = match self.content(row, at) {
            Content::Nothing => RejectionCode::PersonMissing,
            Content::Value(text, _) if self.plan.name.is_some() && self.words.is_empty_home(&text) => {
                RejectionCode::EmptyHome
            }
            _ => RejectionCode::PersonUnreadable,
        };
        let value = match self.content(row, at) {
            // A word in place of a name is nobody's, and says more than its mask.
            Content::Nothing => text.trim().chars().take(LONGEST_WORD).collect(),
            Content::Pending(word) | Content::FormulaError(word) => word.into_owned(),
            Content::Value(..) if self.plan.name.is_some() => mask::name(text),
            Content::Value(..) => mask::identity_number(text),
        };
        draft.reject(self.place(row), Some(at.column()), code, value);
    }

    /// The usable document of a cell of numbers.
    pub(super) fn read_identity(
        &self,
        row: &Row,
        at: Option<At>,
        draft: &mut Draft,
    ) -> Option<(IdentityDocument, At)> {
        let (text, kind, at) = self.value(row, at, draft)?;
        let (outside, notes) = without_brackets(&text);
        let text = if notes.is_empty() { text.as_ref() } else { outside.as_str() };
        // 身份证:4403…
        let text = text.rsplit_once(':').map_or(text, |(_, number)| number).trim_matches(AROUND_NUMBERS);
        let code = if notes.iter().any(|note| is_pending(note)) {
            WarningCode::Pending
        } else {
            match self.usable_document(text, kind) {
                Ok(document) => return Some((document, at)),
                Err(code) => code,
            }
        };
        // A number with a slip in it is still evidence for who somebody is; one that is rounded or no number is none.
        let is_evidence = matches!(
            code,
            WarningCode::IdCheck
                | WarningCode::IdLength
                | WarningCode::IdBirth
                | WarningCode::IdProvince
                | WarningCode::IdMasked
        );
        if is_evidence && self.plan.identity.is_some_and(|own| own.file == at.file) && text.len() <= 40 {
            draft.values.unusable_number = Some(text.to_owned());
        }
        warn(draft, at, code, mask::identity_number(text));
        None
    }

    fn usable_document(&self, text: &str, kind: CellKind) -> Result<IdentityDocument, WarningCode> {
        // A spreadsheet keeps 15 digits of a number: of a longer one the rest is lost.
        if kind == CellKind::Number && text.bytes().filter(u8::is_ascii_digit).count() > 15 {
            return Err(WarningCode::IdRounded);
        }
        let document = IdentityDocument::read(text).map_err(|fault| match fault {
            ResidentIdFault::Masked => WarningCode::IdMasked,
            ResidentIdFault::Rounded => WarningCode::IdRounded,
            ResidentIdFault::Empty | ResidentIdFault::WrongLength(_) => WarningCode::IdLength,
            ResidentIdFault::WrongCharacters => WarningCode::IdCharacters,
            ResidentIdFault::UnknownProvince => WarningCode::IdProvince,
            ResidentIdFault::ImpossibleBirth => WarningCode::IdBirth,
            ResidentIdFault::WrongCheck => WarningCode::IdCheck,
        })?;
        if let Some(id) = document.resident_id() {
            if self.has_rounded && id.looks_rounded() {
                return Err(WarningCode::IdRounded);
            }
            // Numbers of 15 digits name no century: one of somebody past a hundred is a child's that lost three digits.
            let is_short = text.bytes().filter(u8::is_ascii_digit).count() == 15;
            let oldest = if is_short { OLDEST_SHORT_YEARS } else { OLDEST_YEARS };
            if !(0..=oldest).contains(&id.birth().age_on(self.today)) {
                return Err(WarningCode::IdBirth);
            }
        }
        Ok(document)
    }

    fn read_birth(&self, row: &Row, draft: &mut Draft) -> Option<(Day, At)> {
        let (text, kind, at) = self.value(row, self.plan.birth, draft)?;
        let code = match self.day_of(&text, kind) {
            DayReading::Empty => return None,
            DayReading::Day(day) if day > self.today => WarningCode::BirthFuture,
            DayReading::Day(day) if day.age_on(self.today) > OLDEST_YEARS => WarningCode::BirthImpossible,
            DayReading::Day(day) => return Some((day, at)),
            DayReading::Month { .. } | DayReading::Year { .. } => WarningCode::BirthIncomplete,
            DayReading::Ambiguous => WarningCode::BirthAmbiguous,
            DayReading::Impossible => WarningCode::BirthImpossible,
            DayReading::Unreadable => WarningCode::BirthUnreadable,
        };
        let value = match code {
            // A day that does not exist, or is still to come, is nobody's.
            WarningCode::BirthImpossible | WarningCode::BirthFuture => text.into_owned(),
            _ => mask::birth(&text),
        };
        warn(draft, at, code, value);
        None
    }

    fn read_sex(&self, row: &Row, draft: &mut Draft) -> Option<(Sex, At)> {
        let (text, _, at) = self.value(row, self.plan.sex, draft)?;
        if let Some(sex) = Sex::read(&text) {
            return Some((sex, at));
        }
        // GB/T 2261.1: 0 and 9 say that it is not known.
        if !matches!(text.as_ref(), "0" | "9") {
            warn(draft, at, WarningCode::SexUnreadable, mask::text(&text));
        }
        None
    }

    /// Decides what of number, birth and sex can be used together. A number that is an adult's where a child stands, or
    /// that is far from the birth date, is somebody else's; a birth date near the number's, and a sex, are slips of the pen.
    fn settle(
        &self,
        document: Option<(IdentityDocument, At)>,
        birth: Option<(Day, At)>,
        sex: Option<(Sex, At)>,
        is_child: bool,
        draft: &mut Draft,
    ) {
        let mut document = document;
        let mut birth = birth;
        let mut sex = sex;
        if let Some((id, at)) =
            document.as_ref().and_then(|(document, at)| Some((document.resident_id()?, *at)))
        {
            if let Some(code) = self.somebody_elses(&id, birth.map(|(day, _)| day), is_child) {
                warn(draft, at, code, id.masked());
                document = None;
            } else {
                if let Some((day, at)) = birth
                    && day != id.birth()
                {
                    warn(draft, at, WarningCode::BirthAgainstId, mask::birth(&day.to_string()));
                    birth = None;
                }
                if let Some((said, at)) = sex
                    && said != id.sex()
                {
                    warn(draft, at, WarningCode::SexAgainstId, said.chinese().to_owned());
                    sex = None;
                }
                birth = birth.or(Some((id.birth(), at)));
                sex = sex.or(Some((id.sex(), at)));
            }
        }
        draft.values.document = document.map(|(document, _)| document);
        draft.values.birth = birth.map(|(day, _)| day);
        draft.values.sex = sex.map(|(sex, _)| sex);
    }

    /// Why a sound number is not this person's, if it is not.
    fn somebody_elses(&self, id: &ResidentId, birth: Option<Day>, is_child: bool) -> Option<WarningCode> {
        let age = id.birth().age_on(self.today);
        let oldest = match (self.feed.oldest_years, is_child) {
            (Some(years), _) => years,
            (None, true) => ADULT_YEARS - 1,
            (None, false) => i32::MAX,
        };
        let far = birth.is_some_and(|birth| !is_near(birth, id.birth()));
        let born_a_child = birth.is_some_and(|birth| birth.age_on(self.today) < ADULT_YEARS);
        if age > oldest || (far && age >= ADULT_YEARS && born_a_child) {
            return Some(WarningCode::IdAdult);
        }
        far.then_some(WarningCode::IdAgainstBirth)
    }

    /// The usable phones of a cell.
    pub(super) fn read_phone_cell(&self, row: &Row, at: Option<At>, draft: &mut Draft) -> Vec<Phone> {
        let Some((text, _, at)) = self.value(row, at, draft) else { return Vec::new() };
        let mut phones = read_phone_text(&text, at, draft);
        // A second 联系电话 is a second phone.
        if let Some(second) = at.second() {
            for phone in self.read_phone_cell(row, Some(second), draft) {
                if !phones.contains(&phone) {
                    phones.push(phone);
                }
            }
        }
        phones
    }
}

/// The usable phones of a text.
fn read_phone_text(text: &str, at: At, draft: &mut Draft) -> Vec<Phone> {
    let reading = read_phones(text);
    if let Some(fault) = reading.fault {
        let code = match fault {
            PhoneFault::Masked => WarningCode::PhoneMasked,
            PhoneFault::Rounded => WarningCode::PhoneRounded,
            PhoneFault::WrongLength(_)
            | PhoneFault::NotInUse
            | PhoneFault::Filler
            | PhoneFault::NotANumber => WarningCode::PhoneWrong,
        };
        warn(draft, at, code, mask::phone(text));
    }
    reading.phones
}

/// Whether two birth dates differ as slips of the pen do: day and month swapped, one digit wrong, or the day that
/// registers put where they know the year only.
fn is_near(birth: Day, other: Day) -> bool {
    let swapped = birth.year() == other.year()
        && birth.month() == other.day_of_month()
        && birth.day_of_month() == other.month();
    let (one, two) = (birth.to_string(), other.to_string());
    let different = one.bytes().zip(two.bytes()).filter(|(one, two)| one != two).count();
    let is_filler = birth.year() <= 1900
        || (birth.month(), birth.day_of_month()) == (1, 1) && birth.year() == other.year();
    swapped || different <= 1 || is_filler
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_near() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        for (one, other, near) in [
            ("2013-03-06", "2013-03-06", true),
            ("2013-06-03", "2013-03-06", true),
            ("2014-03-06", "2013-03-06", true),
            ("1900-01-01", "2013-03-06", true),
            ("2013-01-01", "2013-03-06", true),
            ("1985-03-06", "2013-03-06", false),
            ("2013-11-28", "2013-03-06", false),
        ] {
            assert_eq!(is_near(day(one), day(other)), near, "{one}");
        }
    }
}
