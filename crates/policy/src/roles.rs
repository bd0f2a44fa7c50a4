//! Roles as data: who may do what to which kinds of things, why they are seen, and which fields are seen whole.
//!
//! What the words mean is `access`'s to say (design §5); here they are read and checked against what there is to say.

use std::collections::BTreeMap;

use base::{AreaLevel, Label};
use rules::document::Fields;
use rules::{Dated, Fault, document};

/// What may be done: the verbs a right can name.
const VERBS: [(&str, ()); 9] = [
    ("read", ()),
    ("open", ()),
    ("dispatch", ()),
    ("handle", ()),
    ("approve", ()),
    ("decide", ()),
    ("upload", ()),
    ("apply", ()),
    ("manage", ()),
];

/// The kinds of things that every program has, beside the kinds of matter of its own workflow.
const KINDS: [&str; 17] = [
    "file",
    "person",
    "feed",
    "delivery",
    "review",
    "account",
    "post",
    "area",
    "organisation",
    "program",
    "notice",
    "journal",
    "reading",
    "job",
    "command",
    "attachment",
    "dictionary",
];

const TERMS: [(&str, &str); 5] = [
    ("area", "area"),
    ("held", "held"),
    ("referred", "referred"),
    ("named", "named"),
    ("anywhere", "anywhere"),
];

const SIGHTS: [(&str, &str); 4] =
    [("none", "none"), ("stub", "stub"), ("referral", "referral"), ("full", "full")];

const FIELD_CLASSES: [(&str, &str); 9] = [
    ("name", "name"),
    ("identity_number", "identity_number"),
    ("phone", "phone"),
    ("address", "address"),
    ("birth", "birth"),
    ("narrative", "narrative"),
    ("health", "health"),
    ("justice", "justice"),
    ("attachment", "attachment"),
];

/// Whether fields can be of this class.
pub(crate) fn is_field_class(word: &str) -> bool {
    FIELD_CLASSES.iter().any(|(class, _)| *class == word)
}

const CLEARANCES: [(&str, &str); 3] = [("none", "none"), ("masked", "masked"), ("full", "full")];

const LEVELS: [(&str, AreaLevel); 4] = [
    ("city", AreaLevel::City),
    ("district", AreaLevel::District),
    ("subdistrict", AreaLevel::Subdistrict),
    ("community", AreaLevel::Community),
];

/// All roles of one program, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles {
    /// The roles.
    pub roles: Vec<Role>,
}

/// One role. A post is a role × an organisation × an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name in data and code: `child_director`.
    pub key: String,
    /// Its name on screen: 社区儿童主任.
    pub label: Label,
    /// The level of the areas of its posts.
    pub level: AreaLevel,
    /// What it may do.
    pub rights: Vec<Right>,
    /// Class of field → `full`, `masked` or `none`; a class that is not named is masked.
    pub clearance: BTreeMap<&'static str, &'static str>,
    /// Whether it sees persons whose file is sealed.
    pub sees_sealed: bool,
    /// Since when, and who says so.
    pub dated: Dated,
}

/// Verbs on kinds of things by terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// What may be done: `read`, `dispatch`, `approve`.
    pub verbs: Vec<String>,
    /// The kinds of things: `lead`, `case`, `file`.
    pub kinds: Vec<String>,
    /// By which terms, and how much is seen by each.
    pub grants: Vec<Grant>,
}

/// One reason to see a thing, and how much of it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// `area`, `held`, `referred`, `named` or `anywhere`.
    pub term: &'static str,
    /// `none`, `stub`, `referral` or `full`.
    pub sight: &'static str,
}

impl Roles {
    /// Reads `roles.toml`. `matters` are the kinds of matter of the program's workflow; without them (when the workflow
    /// could not be read) a right may name any kind.
    ///
    /// # Errors
    /// Every fault of the file.
    pub fn parse(text: &str, matters: Option<&[&str]>) -> Result<Self, Vec<Fault>> {
        document::read(text, |fields| {
            let entries = fields.entries("role");
            let read: Vec<Option<Role>> = entries.iter().map(|entry| read_role(entry, matters)).collect();
            if entries.is_empty() {
                fields.fault_at(1, "there is no role", "Add a table [[role]]");
            }
            let roles: Vec<Role> = read.into_iter().collect::<Option<_>>()?;
            let keys =
                roles.iter().zip(&entries).map(|(role, entry)| (role.key.as_str(), entry.line_of("key")));
            fields.refuse_twins("role", keys);
            Some(Self { roles })
        })
    }

    /// The role with this key.
    pub fn role(&self, key: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.key == key)
    }
}

fn read_role(entry: &Fields<'_>, matters: Option<&[&str]>) -> Option<Role> {
    let (key, label, level) = (entry.key("key"), entry.label("label"), entry.choice("level", &LEVELS));
    let rights: Vec<Option<Right>> =
        entry.entries("right").iter().map(|right| read_right(right, matters)).collect();
    let clearance = entry.optional_table("clearance").map(|table| read_clearance(&table)).unwrap_or_default();
    let (sees_sealed, dated) = (entry.flag("sees_sealed"), entry.dated());
    entry.finish();
    Some(Role {
        key: key?,
        label: label?,
        level: level?,
        rights: rights.into_iter().collect::<Option<_>>()?,
        clearance,
        sees_sealed,
        dated: dated?,
    })
}

fn read_right(entry: &Fields<'_>, matters: Option<&[&str]>) -> Option<Right> {
    let known =
        matters.map(|matters| matters.iter().chain(&KINDS).map(|kind| (*kind, ())).collect::<Vec<_>>());
    let verbs = words(entry, "verbs", Some(&VERBS));
    let kinds = words(entry, "kinds", known.as_deref());
    let by = entry.table("by");
    entry.finish();
    let by = by?;
    let mut grants = Vec::new();
    for name in by.names() {
        let term = by.chosen(name.line, &name.value, &TERMS);
        let sight = by.choice_at(&name, &SIGHTS);
        if let (Some(term), Some(sight)) = (term, sight) {
            grants.push(Grant { term, sight });
        }
    }
    if grants.is_empty() {
        entry.fault(
            "by",
            "the right names no term",
            "Write why a thing is seen, such as by = { area = \"full\" }",
        );
    }
    Some(Right { verbs, kinds, grants })
}

/// A list of words, each of which is one of `known` if they are; an empty list is a fault.
fn words(entry: &Fields<'_>, name: &'static str, known: Option<&[(&str, ())]>) -> Vec<String> {
    let words = entry.keys(name);
    if words.is_empty() {
        entry.fault(
            name,
            format!("the right has no `{name}`"),
            format!("Add a list `{name}` of one word at least"),
        );
    }
    for word in &words {
        known.and_then(|known| entry.chosen(word.line, &word.value, known));
    }
    words.into_iter().map(|word| word.value).collect()
}

fn read_clearance(table: &Fields<'_>) -> BTreeMap<&'static str, &'static str> {
    table
        .names()
        .iter()
        .filter_map(|name| {
            let class = table.chosen(name.line, &name.value, &FIELD_CLASSES);
            let clearance = table.choice_at(name, &CLEARANCES);
            Some((class?, clearance?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = r#"
[[role]]
key = "child_director"
label = { zh = "社区儿童主任", en = "Community child director" }
level = "community"
clearance = { phone = "full", justice = "none" }
from = 2019-05-27
source = "民发〔2019〕34号"

[[role.right]]
verbs = ["read", "handle"]
kinds = ["lead", "file"]
by = { area = "full", anywhere = "stub" }
"#;

    #[test]
    fn a_role_is_read_with_its_rights_and_clearance() {
        let roles = Roles::parse(ROLE, Some(&["lead"])).unwrap();
        let role = roles.role("child_director").unwrap();
        assert_eq!(role.level, AreaLevel::Community);
        assert_eq!(role.clearance.get("justice"), Some(&"none"));
        let right = role.rights.first().unwrap();
        assert_eq!((right.verbs.len(), right.kinds.len()), (2, 2));
        assert!(right.grants.contains(&Grant { term: "anywhere", sight: "stub" }));
    }

    #[test]
    fn a_word_that_nobody_would_ever_ask_for_is_refused_with_its_line() {
        let wrong = ROLE
            .replace("\"handle\"", "\"handel\"")
            .replace("area = \"full\"", "aria = \"full\"")
            .replace("phone = \"full\"", "phone = \"whole\"")
            .replace("level = \"community\"", "level = \"village\"");
        let faults = Roles::parse(&wrong, Some(&["case"])).unwrap_err();
        let told: Vec<_> = faults.iter().map(|fault| (fault.line, fault.message.as_str())).collect();
        assert_eq!(
            told,
            [
                (5, "`village` is not known here"),
                (6, "`whole` is not known here"),
                (11, "`handel` is not known here"),
                (12, "`lead` is not known here"),
                (13, "`aria` is not known here"),
            ]
        );
    }

    #[test]
    fn the_same_role_twice_is_refused() {
        let faults = Roles::parse(&format!("{ROLE}{ROLE}"), Some(&["lead"])).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [16]);
    }
}
