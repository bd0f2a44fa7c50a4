//! What stands around the person of a row: guardians, places, household.

use base::{AreaLevel, mask};
use sheets::Row;

use crate::rows::{Guardian, HouseholdClaim, Place, PlaceKind};

use super::codes::WarningCode;
use super::household::door;
use super::names::{self, NameFault, Role};
use super::person::LONGEST_WORD;
use super::plan::{AreaColumns, At, GuardianColumns};
use super::row::{Content, Draft, RowReader, warn};

/// Longest text of an address that is kept, in characters.
const LONGEST_ADDRESS: usize = 200;

/// A guardian of whom a name is known.
pub(super) fn guardian(role: Role, name: Option<String>) -> Guardian {
    Guardian { kind: kind_of(role).to_owned(), name, phones: Vec::new(), document: None }
}

fn kind_of(role: Role) -> &'static str {
    match role {
        Role::Father => "father",
        Role::Mother => "mother",
        Role::Grandparent => "grandparent",
        _ => "guardian",
    }
}

/// The kind of guardian that a word of kinship says: 父亲, 外婆.
fn kind_of_kinship(text: &str) -> Option<&'static str> {
    if ["祖", "爷", "奶", "外公", "外婆", "姥"].iter().any(|word| text.contains(word)) {
        return Some("grandparent");
    }
    match (text.contains('父') || text.contains("爸"), text.contains('母') || text.contains("妈")) {
        (true, false) => Some("father"),
        (false, true) => Some("mother"),
        _ => None,
    }
}

impl RowReader<'_> {
    pub(super) fn read_guardians(&self, row: &Row, draft: &mut Draft) {
        let kinship =
            self.value(row, self.plan.kinship, draft).and_then(|(text, _, _)| kind_of_kinship(&text));
        for columns in &self.plan.guardians {
            if let Some(mut guardian) = self.read_guardian(row, columns, draft) {
                if columns.role == Role::Guardian
                    && guardian.kind == "guardian"
                    && let Some(kind) = kinship
                {
                    kind.clone_into(&mut guardian.kind);
                }
                add_guardian(&mut draft.values.guardians, guardian);
            }
        }
        // A number that stands with the guardian too is the guardian's, and was copied to the child.
        let own = draft.values.document.clone();
        if let (Some(own), Some(at)) = (own, self.plan.identity)
            && draft.values.guardians.iter().any(|guardian| guardian.document.as_ref() == Some(&own))
        {
            let is_adults = own.resident_id().is_some_and(|id| id.birth().age_on(self.today) >= 18);
            if is_adults && self.feed.oldest_years.is_some() {
                warn(draft, at, WarningCode::IdAdult, own.masked());
                draft.values.document = None;
            }
        }
    }

    fn read_guardian(&self, row: &Row, columns: &GuardianColumns, draft: &mut Draft) -> Option<Guardian> {
        let mut found = guardian(columns.role, None);
        if let Some((text, _, at)) = self.value(row, columns.name, draft) {
            let reading = names::read(&text);
            let code = match reading.fault {
                _ if reading.is_pending => Some(WarningCode::Pending),
                Some(NameFault::Partial) => Some(WarningCode::NamePartial),
                // 父:李四 母:王五 in one cell: the first is taken.
                Some(NameFault::Several) => Some(WarningCode::NameSeveral),
                Some(NameFault::Unreadable) => Some(WarningCode::NameUnreadable),
                None => None,
            };
            if let Some(code) = code {
                warn(draft, at, code, mask::name(&text));
            }
            if let Some(role) =
                reading.role.filter(|role| role.is_guardian() && columns.role == Role::Guardian)
            {
                kind_of(role).clone_into(&mut found.kind);
            }
            if let Some(phone) = reading.digits.and_then(|digits| base::Phone::read(&digits).ok()) {
                found.phones.push(phone);
            }
            found.name = reading.name.filter(|name| self.words.word(name).is_none());
        }
        for phone in self.read_phone_cell(row, columns.phone, draft) {
            if !found.phones.contains(&phone) {
                found.phones.push(phone);
            }
        }
        found.document = self.read_identity(row, columns.identity, draft).map(|(document, _)| document);
        (found.name.is_some() || !found.phones.is_empty() || found.document.is_some()).then_some(found)
    }

    pub(super) fn read_places(&self, index: usize, row: &Row, draft: &mut Draft) {
        let plan = &self.plan;
        let present = self.read_place(PlaceKind::Present, index, row, plan.address, &plan.areas, draft);
        draft.add_place(present);
        if !plan.school_areas.is_empty() {
            let school = self.read_place(PlaceKind::School, index, row, None, &plan.school_areas, draft);
            draft.add_place(school);
        }
        let registration = self.read_place(
            PlaceKind::Registration,
            index,
            row,
            plan.registration_address,
            &plan.registration_areas,
            draft,
        );
        draft.add_place(registration);
    }

    /// An address and its area: by the columns of areas, and deeper by the address where these leave it open.
    fn read_place(
        &self,
        kind: PlaceKind,
        index: usize,
        row: &Row,
        address: Option<At>,
        areas: &AreaColumns,
        draft: &mut Draft,
    ) -> Place {
        let address = self.value_or_above(index, row, address, draft).map(|(text, _)| text);
        let mut path = None;
        if !areas.is_empty() {
            let mut texts = [String::new(), String::new(), String::new()];
            let mut deepest = None;
            let columns = [areas.district, areas.subdistrict, areas.community];
            let levels = [AreaLevel::District, AreaLevel::Subdistrict, AreaLevel::Community];
            for ((text, at), level) in texts.iter_mut().zip(columns).zip(levels) {
                if let Some((found, at)) = self.value_or_above(index, row, at, draft) {
                    *text = found.into_owned();
                    deepest = Some((at, level, text.clone()));
                }
            }
            let [district, subdistrict, community] = &texts;
            path = self.area_of(district, subdistrict, community);
            // Someone registered elsewhere, or at a school elsewhere, is no fault of the list.
            if let Some((at, level, text)) = deepest
                && kind == PlaceKind::Present
                && path.is_none_or(|path| path.level() < level)
            {
                warn(draft, at, WarningCode::AreaUnknown, mask::address(&text));
            }
        }
        if let Some(address) = &address
            && path.is_none_or(|path| path.level() < AreaLevel::Community)
        {
            let located = self.tree.locate(address);
            path = match (path, located) {
                (Some(path), Some(located)) if located.is_within(&path) => Some(located),
                (path, located) => path.or(located),
            };
        }
        let address = address.map(|text| text.chars().take(LONGEST_ADDRESS).collect());
        Place { kind, address, area: path }
    }

    /// Which household the row belongs to, as far as the row alone says so.
    pub(super) fn read_household(&self, index: usize, row: &Row, draft: &mut Draft) {
        let plan = &self.plan;
        let number = self.value_or_above(index, row, plan.household, draft).map(|(text, _)| text);
        let written = plan.household.map(|at| row.cell(at.file).text.trim()).unwrap_or_default();
        draft.household.is_blank = written.is_empty();
        if number.is_none() {
            draft.household.word = written.chars().take(LONGEST_WORD).collect();
        }
        draft.household.number =
            number.map(|text| text.chars().filter(|c| !c.is_whitespace()).take(64).collect());
        let relation = self.value(row, plan.relation, draft).map(|(text, _, _)| text.into_owned());
        let is_head = relation
            .as_deref()
            .is_some_and(|text| matches!(text, "户主" | "本人" | "本人(户主)" | "户主本人" | "01" | "0"));
        draft.household.is_head = is_head || relation.is_none() && draft.name_as_written.starts_with("户主");
        draft.household.is_member =
            relation.is_some() && !is_head || draft.name_as_written.starts_with("成员");
        if draft.household.number.is_none() {
            draft.household.head = self.read_head(row, draft);
            let present = draft.values.place(PlaceKind::Present).and_then(|place| place.address.as_deref());
            draft.household.door = present.and_then(door);
        }
        if let Some(key) = draft.household.key() {
            draft.values.household = Some(HouseholdClaim { key, role: relation });
        } else if relation.is_some() {
            // The role is kept for the case that the household is told by the line above.
            draft.values.household = Some(HouseholdClaim { key: String::new(), role: relation });
        }
    }

    /// The head of the household: by the number of the document, else by name.
    fn read_head(&self, row: &Row, draft: &mut Draft) -> Option<String> {
        if let Some((document, _)) = self.read_identity(row, self.plan.head_identity, draft) {
            return Some(document.number().to_owned());
        }
        if draft.household.is_head && self.plan.head_name.is_some() {
            return draft.values.name.clone();
        }
        let at = self.plan.head_name?;
        match self.content(row, at) {
            Content::Value(text, _) => names::read(&text).name,
            _ => None,
        }
    }
}

/// Adds a guardian, or completes the one of the same name.
fn add_guardian(guardians: &mut Vec<Guardian>, guardian: Guardian) {
    let same = guardians.iter_mut().find(|known| known.name.is_some() && known.name == guardian.name);
    let Some(known) = same else {
        guardians.push(guardian);
        return;
    };
    if known.kind == "guardian" {
        known.kind = guardian.kind;
    }
    for phone in guardian.phones {
        if !known.phones.contains(&phone) {
            known.phones.push(phone);
        }
    }
    known.document = known.document.take().or(guardian.document);
}
