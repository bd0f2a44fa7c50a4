//! Reading of the two files of a crate and comparing them: same keys, same variables, every reference there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluent_syntax::ast::{
    Attribute, CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, Variant,
    VariantKey,
};
use fluent_syntax::parser;

use crate::{Catalogue, Language};

/// A message that is the same in kind in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The key: `lead-dispatch`, or `lead-note.help` for an attribute.
    pub key: String,
    /// The variables, in the order in which the Chinese text first names them.
    pub variables: Vec<Variable>,
    /// The Chinese text: what is shown when there are no variables, else the source.
    pub chinese: String,
    /// The English text, likewise.
    pub english: String,
}

/// A variable of a message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Variable {
    /// The name after the `$`.
    pub name: String,
    /// What it holds.
    pub kind: VariableKind,
}

/// What a variable holds. A number is a variable that chooses a plural, stands in `NUMBER()`, or is told so by the
/// comment of its message: `# $count (number) how many`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VariableKind {
    /// Any text.
    Text,
    /// A number.
    Number,
}

/// A fault in the messages of a crate, with the file and the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFault {
    /// `locales/en/people.ftl`
    pub file: String,
    /// The key, or empty when the file cannot be read at all.
    pub key: String,
    /// What is wrong and the mend.
    pub message: String,
}

impl fmt::Display for TextFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(formatter, "{}: {}", self.file, self.message),
            key => write!(formatter, "{}: {key}: {}", self.file, self.message),
        }
    }
}

/// Reads the Chinese and the English source of the crate `name`. Messages come in the order of their keys.
pub fn read(name: &str, chinese: &str, english: &str) -> Result<Vec<Message>, Vec<TextFault>> {
    let mut faults = Vec::new();
    let chinese_file =
        File::read(format!("locales/{}/{name}.ftl", Language::Chinese.tag()), chinese, &mut faults);
    let english_file =
        File::read(format!("locales/{}/{name}.ftl", Language::English.tag()), english, &mut faults);
    compare(&chinese_file, &english_file, &mut faults);
    compare(&english_file, &chinese_file, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let catalogue = Catalogue::new(chinese, english);
    let messages = chinese_file.texts.iter().filter_map(|(key, text)| {
        let other = english_file.texts.get(key)?;
        let numbers: BTreeSet<&String> = text.numbers.union(&other.numbers).collect();
        let variables: Vec<Variable> = text
            .order
            .iter()
            .map(|name| Variable {
                name: name.clone(),
                kind: if numbers.contains(name) { VariableKind::Number } else { VariableKind::Text },
            })
            .collect();
        let say = |language, source: &String| {
            if variables.is_empty() { catalogue.format(language, key, &[]) } else { source.clone() }
        };
        Some(Message {
            key: key.clone(),
            chinese: say(Language::Chinese, &text.source),
            english: say(Language::English, &other.source),
            variables,
        })
    });
    Ok(messages.collect())
}

/// What is in `one` must be in `other`, with the same variables.
fn compare(one: &File, other: &File, faults: &mut Vec<TextFault>) {
    for (key, text) in &one.texts {
        let message = match other.texts.get(key) {
            None => format!("is missing here but stands in {}", one.name),
            Some(found) => {
                let missing: Vec<String> =
                    text.variables.difference(&found.variables).map(|name| format!("${name}")).collect();
                if missing.is_empty() {
                    continue;
                }
                format!("does not use {}, which {} does", missing.join(", "), one.name)
            }
        };
        faults.push(TextFault { file: other.name.clone(), key: key.clone(), message });
    }
}

/// The texts of one file by key; terms are resolved into what uses them.
struct File {
    name: String,
    texts: BTreeMap<String, Text>,
}

#[derive(Default)]
struct Text {
    source: String,
    /// In the order in which the text first names them.
    order: Vec<String>,
    variables: BTreeSet<String>,
    numbers: BTreeSet<String>,
    references: BTreeSet<String>,
}

impl File {
    fn read(name: String, source: &str, faults: &mut Vec<TextFault>) -> Self {
        let mut fault = |key: &str, message: String| {
            faults.push(TextFault { file: name.clone(), key: key.to_owned(), message });
        };
        let resource = match parser::parse(source) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                for error in errors {
                    let line = source.get(..error.pos.start).unwrap_or_default().lines().count().max(1);
                    fault("", format!("line {line}: {}", error.kind));
                }
                resource
            }
        };
        let (mut texts, mut terms) = (BTreeMap::new(), BTreeSet::new());
        let mut keep = |key: String, text: Text| {
            if texts.contains_key(&key) {
                fault(&key, "stands twice; take one away".to_owned());
            }
            texts.insert(key, text);
        };
        for entry in &resource.body {
            match entry {
                Entry::Message(message) => {
                    let id = message.id.name;
                    let comment = message.comment.as_ref().map(|comment| comment.content.join("\n"));
                    let hint = comment.unwrap_or_default();
                    if let Some(pattern) = &message.value {
                        keep(id.to_owned(), Text::of(pattern, &hint));
                    }
                    for Attribute { id: attribute, value } in &message.attributes {
                        keep(format!("{id}.{}", attribute.name), Text::of(value, &hint));
                    }
                }
                Entry::Term(term) => {
                    terms.insert(format!("-{}", term.id.name));
                }
                _ => {}
            }
        }
        let lost: Vec<(String, String)> = texts
            .iter()
            .flat_map(|(key, text)| {
                text.references.iter().map(move |reference| (key.clone(), reference.clone()))
            })
            .filter(|(_, reference)| !terms.contains(reference) && !texts.contains_key(reference))
            .collect();
        for (key, reference) in lost {
            fault(&key, format!("refers to {{ {reference} }}, which is not in this file"));
        }
        let hidden: Vec<(String, String)> = texts
            .iter()
            .flat_map(|(key, text)| {
                text.references.iter().map(move |reference| (key.clone(), reference.clone()))
            })
            .filter(|(_, reference)| texts.get(reference).is_some_and(|text| !text.variables.is_empty()))
            .collect();
        for (key, reference) in hidden {
            fault(
                &key,
                format!("refers to {{ {reference} }}, which has variables of its own; write it out here"),
            );
        }
        Self { name, texts }
    }
}

impl Text {
    fn of(pattern: &Pattern<&str>, hint: &str) -> Self {
        let mut text = Self::default();
        text.pattern(pattern);
        let told: Vec<String> = text
            .variables
            .iter()
            .filter(|name| hint.contains(&format!("${name} (number)")))
            .cloned()
            .collect();
        text.numbers.extend(told);
        text.source = plain(pattern);
        text
    }

    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline, false),
            Expression::Select { selector, variants } => {
                self.inline(selector, variants.iter().any(chooses_by_number));
                for variant in variants {
                    self.pattern(&variant.value);
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>, is_number: bool) {
        match inline {
            InlineExpression::VariableReference { id } => {
                if self.variables.insert(id.name.to_owned()) {
                    self.order.push(id.name.to_owned());
                }
                if is_number {
                    self.numbers.insert(id.name.to_owned());
                }
            }
            InlineExpression::MessageReference { id, attribute } => {
                let key = match attribute {
                    Some(attribute) => format!("{}.{}", id.name, attribute.name),
                    None => id.name.to_owned(),
                };
                self.references.insert(key);
            }
            InlineExpression::TermReference { id, arguments, .. } => {
                self.references.insert(format!("-{}", id.name));
                self.arguments(arguments.as_ref(), false);
            }
            InlineExpression::FunctionReference { id, arguments } => {
                self.arguments(Some(arguments), id.name == "NUMBER");
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }

    fn arguments(&mut self, arguments: Option<&CallArguments<&str>>, is_number: bool) {
        for argument in arguments.iter().flat_map(|arguments| &arguments.positional) {
            self.inline(argument, is_number);
        }
    }
}

/// Whether a variant is a number or a plural category (CLDR), so that the selector is a number.
fn chooses_by_number(variant: &Variant<&str>) -> bool {
    match variant.key {
        VariantKey::NumberLiteral { .. } => true,
        VariantKey::Identifier { name } => matches!(name, "zero" | "one" | "two" | "few" | "many"),
    }
}

/// A pattern for the eye of a programmer: the texts, and variables as they are written.
fn plain(pattern: &Pattern<&str>) -> String {
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => {
                text.push_str("{ $");
                text.push_str(id.name);
                text.push_str(" }");
            }
            PatternElement::Placeable { .. } => text.push_str("{ … }"),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(chinese: &str, english: &str) -> Vec<String> {
        read("people", chinese, english).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn equal_sets_give_messages_and_numbers_are_found_in_either_language() {
        let chinese = "b = 派发 { $count } 件给 { $name }\na = { -product }档案\n-product = 守望\n";
        let english = "a = { -product } file\n-product = Shouwang\nb = Dispatch { $count ->\n    [one] one\n   *[other] { $count }\n } to { $name }\n";
        let messages = read("people", chinese, english).unwrap();
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0].chinese, "守望档案");
        assert_eq!(messages[0].english, "Shouwang file");
        assert_eq!(
            messages[1].variables,
            [
                Variable { name: "count".to_owned(), kind: VariableKind::Number },
                Variable { name: "name".to_owned(), kind: VariableKind::Text },
            ]
        );
    }

    #[test]
    fn a_comment_tells_that_a_variable_is_a_number() {
        let messages =
            read("people", "# $rows (number) rows\na = { $rows } 行", "a = { $rows } rows").unwrap();
        assert_eq!(messages[0].variables[0].kind, VariableKind::Number);
    }

    #[test]
    fn every_difference_names_file_and_key() {
        assert_eq!(
            faults("a = 甲\nb = { $x } 乙", "b = B\nc = C"),
            [
                "locales/en/people.ftl: a: is missing here but stands in locales/zh-CN/people.ftl",
                "locales/en/people.ftl: b: does not use $x, which locales/zh-CN/people.ftl does",
                "locales/zh-CN/people.ftl: c: is missing here but stands in locales/en/people.ftl",
            ]
        );
        assert_eq!(
            faults("a = 甲\na = 乙", "a = { other }"),
            [
                "locales/zh-CN/people.ftl: a: stands twice; take one away",
                "locales/en/people.ftl: a: refers to { other }, which is not in this file",
            ]
        );
        let unreadable = faults("a = 甲\nb = { $x", "a = A");
        assert!(unreadable[0].starts_with("locales/zh-CN/people.ftl: line 2: "), "{unreadable:?}");
    }

    #[test]
    fn variables_come_in_the_order_of_the_chinese_text() {
        let messages = read("people", "a = { $who } 在 { $at }", "a = At { $at }, { $who }").unwrap();
        let names: Vec<&str> = messages[0].variables.iter().map(|variable| variable.name.as_str()).collect();
        assert_eq!(names, ["who", "at"]);
    }

    #[test]
    fn missing_files_are_an_empty_set() {
        assert_eq!(read("people", "", "").unwrap(), []);
    }
}
