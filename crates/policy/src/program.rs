//! One program: its files read together and checked against each other, under one version and one hash.

use std::collections::{BTreeMap, BTreeSet};

use base::Label;
use rules::document::{self, Fields};
use rules::{Dated, Fault, Ruleset};
use workflow::{Forms, Workflow};

use crate::{Dictionary, PolicyFault, Roles, Routing};

/// The files that every program has.
const REQUIRED: [&str; 7] = [
    "program.toml",
    "rules.toml",
    "roles.toml",
    "forms.toml",
    "workflow.toml",
    "routing.toml",
    "dictionary.toml",
];

/// The longest version, in bytes: it becomes a column and stands at the foot of pages.
const MAXIMUM_VERSION_BYTES: usize = 32;

/// A program as it is read from one version of its files. Leads, matters and answers keep its version and finish under
/// it (design §3).
#[derive(Debug, Clone)]
pub struct Program {
    /// Its name in data: `minors`, the name of its folder.
    pub key: String,
    /// Its name on screen.
    pub label: Label,
    /// The version that the files declare: `2024.11-7`.
    pub version: String,
    /// BLAKE3 of the names and texts of all its files, in hexadecimal.
    pub hash: String,
    /// The days on which this version is in force, and who decided it.
    pub dated: Dated,
    /// By which rules people are screened.
    pub rules: Ruleset,
    /// Who may do what.
    pub roles: Roles,
    /// How its matters run, with the forms that are filled on the way.
    pub workflow: Workflow,
    /// Where matters go.
    pub routing: Routing,
    /// Its words.
    pub dictionary: Dictionary,
    files: BTreeMap<String, String>,
}

/// One version of a program as the database keeps it: enough to read the program again, when a matter that was made
/// under it goes on after the files have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramVersion {
    /// The program.
    pub program: String,
    /// The declared version.
    pub version: String,
    /// The hash of its files.
    pub hash: String,
    /// The files by their names.
    pub files: BTreeMap<String, String>,
}

struct Head {
    version: String,
    label: Label,
    dated: Dated,
}

impl Program {
    /// Reads the program `key` from its files, by their names in its folder.
    ///
    /// # Errors
    /// Every fault of every file, those of files that are missing or that nothing reads among them.
    pub fn read(key: &str, files: BTreeMap<String, String>) -> Result<Self, Vec<PolicyFault>> {
        let mut faults = Vec::new();
        let mut reader = Reader { key, files: &files, faults: &mut faults };
        reader.check_names();
        let head = reader.parse("program.toml", |text| read_head(text, key));
        let rules = reader.parse("rules.toml", Ruleset::parse);
        let workflow = reader.workflow();
        let matters: Option<Vec<&str>> =
            workflow.as_ref().map(|workflow| workflow.kinds().map(|kind| kind.key.as_str()).collect());
        let roles = reader.parse("roles.toml", |text| Roles::parse(text, matters.as_deref()));
        let routing =
            reader.parse("routing.toml", |text| Routing::parse(text, roles.as_ref(), matters.as_deref()));
        let dictionary = reader.parse("dictionary.toml", Dictionary::parse);
        if let (Some(workflow), Some(roles)) = (&workflow, &roles) {
            reader.check_roles(workflow, roles);
            reader.check_classes(workflow);
        }
        if let (Some(workflow), Some(rules)) = (&workflow, &rules) {
            reader.check_grounds(workflow, rules);
        }
        match (head, rules, workflow, roles, routing, dictionary) {
            (Some(head), Some(rules), Some(workflow), Some(roles), Some(routing), Some(dictionary))
                if faults.is_empty() =>
            {
                Ok(Self {
                    key: key.to_owned(),
                    label: head.label,
                    version: head.version,
                    hash: hash_of(&files),
                    dated: head.dated,
                    rules,
                    roles,
                    workflow,
                    routing,
                    dictionary,
                    files,
                })
            }
            _ => Err(faults),
        }
    }

    /// Reads the program again from a version that was kept.
    ///
    /// # Errors
    /// As [`Program::read`]; and a kept version whose files are not those of its hash.
    pub fn read_version(kept: &ProgramVersion) -> Result<Self, Vec<PolicyFault>> {
        let program = Self::read(&kept.program, kept.files.clone())?;
        if program.version == kept.version && program.hash == kept.hash {
            return Ok(program);
        }
        let message = format!("the kept files of version {} are not those of its hash", kept.version);
        Err(vec![program.fault(message, "Restore the table `program_version` from a backup")])
    }

    /// What is to be kept of this version.
    pub fn as_version(&self) -> ProgramVersion {
        ProgramVersion {
            program: self.key.clone(),
            version: self.version.clone(),
            hash: self.hash.clone(),
            files: self.files.clone(),
        }
    }

    /// Whether the files may be used beside what was kept: the same declared version must have the same content, since
    /// matters that name it would otherwise change under way.
    ///
    /// # Errors
    /// The fault that stops the start, naming the files that differ.
    pub fn check_against(&self, kept: &[ProgramVersion]) -> Result<(), PolicyFault> {
        let same = kept.iter().find(|kept| kept.program == self.key && kept.version == self.version);
        let Some(same) = same.filter(|same| same.hash != self.hash) else { return Ok(()) };
        let names: BTreeSet<&String> = self.files.keys().chain(same.files.keys()).collect();
        let differing = names.into_iter().filter(|name| self.files.get(*name) != same.files.get(*name));
        let differing: Vec<String> = differing.map(|name| format!("`{name}`")).collect();
        let message = format!(
            "version {} was in use with other content ({} now, {} before; {})",
            self.version,
            short(&self.hash),
            short(&same.hash),
            differing.join(", ")
        );
        Err(self.fault(message, "Give the changed files a new `version`, or put the old ones back"))
    }

    fn fault(&self, message: impl Into<String>, mend: &str) -> PolicyFault {
        let text = self.files.get("program.toml").map_or("", String::as_str);
        let line =
            text.lines().position(|line| line.trim_start().starts_with("version")).map_or(1, |at| at + 1);
        PolicyFault {
            file: path_of(&self.key, "program.toml"),
            line: u32::try_from(line).unwrap_or(1),
            message: message.into(),
            mend: mend.to_owned(),
        }
    }
}

/// Reads the files of one program and gathers what is wrong with them.
struct Reader<'a> {
    key: &'a str,
    files: &'a BTreeMap<String, String>,
    faults: &'a mut Vec<PolicyFault>,
}

impl Reader<'_> {
    fn check_names(&mut self) {
        for name in REQUIRED.into_iter().filter(|name| !self.files.contains_key(*name)) {
            let mend = "Add it, taking the file of the same name in `programs/minors` as a pattern";
            self.faults.push(PolicyFault::of_file(&path_of(self.key, name), "the file is missing", mend));
        }
        for name in self.files.keys().filter(|name| !REQUIRED.contains(&name.as_str())) {
            let mend = format!("Remove it, or give it one of the names {}", REQUIRED.join(", "));
            self.faults.push(PolicyFault::of_file(&path_of(self.key, name), "nothing reads this file", mend));
        }
    }

    /// The workflow over its forms. A workflow is not read while its forms are wrong: every form that it names would
    /// be told as missing.
    fn workflow(&mut self) -> Option<Workflow> {
        let forms = self.parse_as("forms.toml", Forms::parse, PolicyFault::of_workflow)?;
        self.parse_as("workflow.toml", |text| Workflow::parse(text, forms), PolicyFault::of_workflow)
    }

    /// Every role that the workflow names exists, and those of the ladder have their posts on its level.
    fn check_roles(&mut self, workflow: &Workflow, roles: &Roles) {
        let missing: BTreeSet<&str> = workflow.roles().filter(|key| roles.role(key).is_none()).collect();
        for key in missing {
            let mend = "Name a role of roles.toml, or add it there";
            self.fault_near("workflow.toml", key, format!("there is no role `{key}`"), mend);
        }
        for rung in &workflow.ladder {
            if roles.role(&rung.role).is_some_and(|role| role.level != rung.level) {
                let message = format!("the posts of `{}` are not on the level of its rung", rung.role);
                self.fault_near("workflow.toml", &rung.role, message, "Give rung and role the same level");
            }
        }
    }

    /// Every ground that a condition names is a rule: one that is none would never hold, and nobody would be asked.
    fn check_grounds(&mut self, workflow: &Workflow, rules: &Ruleset) {
        let is_rule = |key: &&str| rules.rules.iter().any(|rule| rule.key == **key);
        let unknown: BTreeSet<&str> = workflow.grounds().filter(|key| !is_rule(key)).collect();
        for key in unknown {
            let mend = "Name a rule of rules.toml, or add it there";
            self.fault_near("workflow.toml", key, format!("no rule gives the ground `{key}`"), mend);
        }
    }

    /// Every class that a field of a form names is one by which roles see fields.
    fn check_classes(&mut self, workflow: &Workflow) {
        let fields = workflow.forms.iter().flat_map(workflow::Form::fields);
        let classes = fields.filter_map(|field| field.class.as_deref());
        let unknown: BTreeSet<&str> = classes.filter(|class| !crate::roles::is_field_class(class)).collect();
        for class in unknown {
            let mend = "Name a class of the `clearance` in roles.toml: name, phone, address, health";
            self.fault_near("forms.toml", class, format!("there is no class of field `{class}`"), mend);
        }
    }

    /// Notes a fault at the first line of the file `name` on which `word` stands in quotes.
    fn fault_near(&mut self, name: &str, word: &str, message: String, mend: &str) {
        let quoted = format!("\"{word}\"");
        let text = self.files.get(name).map_or("", String::as_str);
        let line = text.lines().position(|line| line.contains(&quoted)).map_or(1, |place| place + 1);
        self.faults.push(PolicyFault {
            file: path_of(self.key, name),
            line: u32::try_from(line).unwrap_or(1),
            message,
            mend: mend.to_owned(),
        });
    }

    /// What `parse` makes of the file `name`; `None` when it is missing or wrong.
    fn parse<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Vec<Fault>>) -> Option<T> {
        self.parse_as(name, parse, PolicyFault::of)
    }

    fn parse_as<T, F>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Vec<F>>,
        told_as: impl Fn(&str, F) -> PolicyFault,
    ) -> Option<T> {
        let text = self.files.get(name)?;
        let path = path_of(self.key, name);
        match parse(text) {
            Ok(value) => Some(value),
            Err(faults) => {
                self.faults.extend(faults.into_iter().map(|fault| told_as(&path, fault)));
                None
            }
        }
    }
}

fn read_head(text: &str, folder: &str) -> Result<Head, Vec<Fault>> {
    document::read(text, |fields: &Fields<'_>| {
        let (key, version) = (fields.key("key"), fields.text("version"));
        let (label, dated) = (fields.label("label"), fields.dated());
        if let Some(key) = key.as_deref().filter(|key| *key != folder) {
            let message = format!("the program is called `{key}` and lies in the folder `{folder}`");
            fields.fault("key", message, "Give both the same name");
        }
        let sound = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
        if let Some(version) = &version
            && (version.len() > MAXIMUM_VERSION_BYTES || !version.chars().all(sound))
        {
            let mend =
                format!("Use letters, digits, `.`, `-` and `_`, {MAXIMUM_VERSION_BYTES} at most: 2024.11-7");
            fields.fault("version", format!("`{version}` is no version"), mend);
        }
        Some(Head { version: version?, label: label?, dated: dated? })
    })
}

/// The hash of files: each name and each text with its length before it, so that no two sets of files run together.
fn hash_of(files: &BTreeMap<String, String>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in files.iter().flat_map(|(name, text)| [name, text]) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

fn path_of(program: &str, name: &str) -> String {
    format!("programs/{program}/{name}")
}

#[cfg(test)]
mod tests;
