//! The Rust code of a crate's messages.

use std::fmt::Write as _;

use crate::{Message, Variable, VariableKind};

/// What stands above the methods of a crate that has a message with variables.
const CATALOGUE: &str = "
static CATALOGUE: std::sync::LazyLock<texts::Catalogue> =
    std::sync::LazyLock::new(|| texts::Catalogue::new(CHINESE, ENGLISH));
";

/// How messages can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// By the method of each.
    Methods,
    /// By their key too.
    Dictionary,
}

/// The code for `messages`, whose sources are `chinese` and `english`.
pub fn write(messages: &[Message], chinese: &str, english: &str, look: Look) -> String {
    let mut code = String::from(
        "/// The words of this crate in one language; each message is a method.\n\
         #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]\n\
         pub struct Texts(pub texts::Language);\n",
    );
    if messages.iter().any(|message| !message.variables.is_empty()) {
        // Writing to a string cannot fail.
        let _ = write!(
            code,
            "\nconst CHINESE: &str = {chinese:?};\nconst ENGLISH: &str = {english:?};\n{CATALOGUE}"
        );
    }
    if messages.is_empty() {
        return code;
    }
    code.push_str("\nimpl Texts {\n");
    for message in messages {
        method(&mut code, message);
    }
    if look == Look::Dictionary {
        named(&mut code, messages);
    }
    code.push_str("}\n");
    code
}

fn method(code: &mut String, message: &Message) {
    let name = identifier(&message.key);
    for text in [&message.chinese, &message.english] {
        for line in text.lines() {
            let _ = writeln!(code, "    /// {}", documentation(line));
        }
        let _ = writeln!(code, "    ///");
    }
    if message.variables.is_empty() {
        let _ = write!(
            code,
            "    pub fn {name}(self) -> &'static str {{\n        self.0.choose({:?}, {:?})\n    }}\n\n",
            message.chinese, message.english
        );
        return;
    }
    let parameters: Vec<String> = message.variables.iter().map(parameter).collect();
    let values: Vec<String> = message.variables.iter().map(value).collect();
    let _ = write!(
        code,
        "    pub fn {name}(self, {}) -> String {{\n        CATALOGUE.format(self.0, {:?}, &[{}])\n    }}\n\n",
        parameters.join(", "),
        message.key,
        values.join(", ")
    );
}

/// The method that finds a message without variables by its key.
fn named(code: &mut String, messages: &[Message]) {
    code.push_str(
        "    /// The message with this key; nothing where there is none, or one with variables.\n    \
         pub fn named(self, key: &str) -> Option<&'static str> {\n        Some(match key {\n",
    );
    for message in messages.iter().filter(|message| message.variables.is_empty()) {
        let _ = writeln!(code, "            {:?} => self.{}(),", message.key, identifier(&message.key));
    }
    code.push_str("            _ => return None,\n        })\n    }\n");
}

fn parameter(variable: &Variable) -> String {
    let kind = match variable.kind {
        VariableKind::Number => "texts::Number",
        VariableKind::Text => "std::fmt::Display",
    };
    format!("{}: impl {kind}", identifier(&variable.name))
}

fn value(variable: &Variable) -> String {
    let make = match variable.kind {
        VariableKind::Number => "number",
        VariableKind::Text => "text",
    };
    format!("({:?}, texts::Value::{make}({}))", variable.name, identifier(&variable.name))
}

/// A key as a Rust name: `lead-note.help` → `lead_note_help`; a word that Rust keeps for itself gets a `_` behind it.
fn identifier(key: &str) -> String {
    let name = key.replace(['-', '.'], "_").to_lowercase();
    if RESERVED.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// Rust's reserved words that somebody might take for a key or a variable.
const RESERVED: &[&str] = &[
    "as", "async", "await", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait",
    "true", "try", "type", "typeof", "union", "unsafe", "use", "virtual", "where", "while", "yield",
];

/// A line of text inside a doc comment, without what Markdown or rustdoc would read as markup.
fn documentation(line: &str) -> String {
    line.chars()
        .map(|letter| if matches!(letter, '[' | ']' | '<' | '>' | '`' | '*' | '_') { '·' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_becomes_a_method_and_one_without_variables_is_static() {
        let (chinese, english) = ("type = 类型\ngo = 给 { $to }", "type = Type\ngo = To { $to }");
        let code = write(&crate::read("x", chinese, english).unwrap(), chinese, english, Look::Methods);
        assert!(
            code.contains("pub fn type_(self) -> &'static str {\n        self.0.choose(\"类型\", \"Type\")"),
            "{code}"
        );
        assert!(code.contains("pub fn go(self, to: impl std::fmt::Display) -> String {"), "{code}");
        assert!(
            code.contains("CATALOGUE.format(self.0, \"go\", &[(\"to\", texts::Value::text(to))])"),
            "{code}"
        );
    }

    #[test]
    fn a_dictionary_finds_what_has_no_variables() {
        let (chinese, english) = ("type = 类型\ngo = 给 { $to }", "type = Type\ngo = To { $to }");
        let code = write(&crate::read("x", chinese, english).unwrap(), chinese, english, Look::Dictionary);
        assert!(code.contains("\"type\" => self.type_(),"), "{code}");
        assert!(!code.contains("\"go\" => "), "{code}");
    }

    #[test]
    fn no_messages_still_give_the_type() {
        assert_eq!(write(&[], "", "", Look::Methods).lines().count(), 3);
    }
}
