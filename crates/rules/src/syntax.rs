//! The only module that knows the `cel` crate: a condition's text to a tree of our own.
//!
//! The size is bounded before anything is parsed. Whatever of CEL has no place in a rule (maps, macros, fields, numbers
//! with a point) is refused here, with its line.

use cel::IdedExpr;
use cel::common::ast::{Expr, LiteralValue, SourceInfo};
use cel::parser::Parser;

/// The longest condition, in bytes.
pub(crate) const MAXIMUM_BYTES: usize = 1_000;
/// How deep brackets may nest.
const MAXIMUM_DEPTH: usize = 24;

/// A part of a condition and the line of the condition, from 0, on which it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tree {
    pub(crate) node: Node,
    pub(crate) row: u32,
}

/// What stands there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Flag(bool),
    Number(i64),
    Text(String),
    Name(String),
    List(Vec<Tree>),
    /// An operator by its name in CEL (`_&&_`), or a function, with the name before the point if there is one.
    Call {
        function: String,
        receiver: Option<String>,
        arguments: Vec<Tree>,
    },
}

/// What is wrong with a condition, and on which line of it, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) row: u32,
    pub(crate) message: String,
    pub(crate) mend: String,
}

/// Parses a condition.
///
/// # Errors
/// Every fault of the syntax, or the first part that is no part of a rule's language.
pub(crate) fn parse(text: &str) -> Result<Tree, Vec<Refusal>> {
    bounded(text).map_err(|refusal| vec![refusal])?;
    match Parser::default().parse_with_source_info(text) {
        Ok((expression, places)) => {
            Reader { text, places: &places }.tree(&expression).map_err(|refusal| vec![refusal])
        }
        Err(errors) => Err(errors
            .errors
            .iter()
            .map(|error| Refusal {
                row: u32::try_from(error.pos.0.saturating_sub(1)).unwrap_or(0),
                message: format!("this is no condition: {}", error.msg.replace('\n', " ")),
                mend: "Write it as in the shipped rules: age_years < 18 && holds(\"absent\")".to_owned(),
            })
            .collect()),
    }
}

/// Refuses what is too long or too deep to be handed to a recursive parser, and letters beyond ASCII, since the parser
/// counts places in characters.
fn bounded(text: &str) -> Result<(), Refusal> {
    let refusal = |message: String, mend: &str| Err(Refusal { row: 0, message, mend: mend.to_owned() });
    if text.len() > MAXIMUM_BYTES {
        let message = format!("the condition has {} bytes, more than {MAXIMUM_BYTES}", text.len());
        return refusal(message, "Split the rule into several");
    }
    if let Some(letter) =
        text.chars().find(|letter| !letter.is_ascii_graphic() && !" \t\r\n".contains(*letter))
    {
        let message = format!("the condition has the letter `{}`", letter.escape_debug());
        return refusal(message, "Use the keys of facts and indicators, which are ASCII");
    }
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAXIMUM_DEPTH {
            let message = format!("the brackets nest deeper than {MAXIMUM_DEPTH}");
            return refusal(message, "Split the rule into several");
        }
    }
    Ok(())
}

struct Reader<'a> {
    text: &'a str,
    places: &'a SourceInfo,
}

impl Reader<'_> {
    fn tree(&self, expression: &IdedExpr) -> Result<Tree, Refusal> {
        let row = self.row_of(expression.id);
        let node = match &expression.expr {
            Expr::Literal(literal) => Self::literal(literal, row)?,
            Expr::Ident(name) => Node::Name(name.clone()),
            Expr::List(list) if list.optional_indices.is_empty() => Node::List(self.trees(&list.elements)?),
            Expr::Call(call) => {
                let receiver = match call.target.as_deref().map(|target| &target.expr) {
                    None => None,
                    Some(Expr::Ident(name)) => Some(name.clone()),
                    Some(_) => return Err(unsupported(row, "a call on a call")),
                };
                Node::Call { function: call.func_name.clone(), receiver, arguments: self.trees(&call.args)? }
            }
            Expr::Select(_) => return Err(unsupported(row, "a point behind a name")),
            Expr::Comprehension(_) => return Err(unsupported(row, "a macro over a list")),
            Expr::Map(_) | Expr::Struct(_) => return Err(unsupported(row, "a map")),
            Expr::List(_) | Expr::Unspecified => return Err(unsupported(row, "this")),
        };
        Ok(Tree { node, row })
    }

    fn trees(&self, expressions: &[IdedExpr]) -> Result<Vec<Tree>, Refusal> {
        expressions.iter().map(|expression| self.tree(expression)).collect()
    }

    fn literal(literal: &LiteralValue, row: u32) -> Result<Node, Refusal> {
        Ok(match literal {
            LiteralValue::Boolean(flag) => Node::Flag(*flag.inner()),
            LiteralValue::Int(number) => Node::Number(*number.inner()),
            LiteralValue::String(text) => Node::Text(text.inner().to_owned()),
            LiteralValue::Double(_) => return Err(unsupported(row, "a number with a point")),
            LiteralValue::UInt(_) => return Err(unsupported(row, "a number ending in `u`")),
            LiteralValue::Bytes(_) => return Err(unsupported(row, "a text of bytes")),
            LiteralValue::Null => return Err(unsupported(row, "`null`")),
        })
    }

    /// On which line of the condition, from 0, the part with this id begins.
    fn row_of(&self, id: u64) -> u32 {
        let start = self.places.offset_for(id).map_or(0, |(start, _)| start as usize);
        let before = self.text.get(..start).unwrap_or_default();
        u32::try_from(before.bytes().filter(|byte| *byte == b'\n').count()).unwrap_or(0)
    }
}

fn unsupported(row: u32, what: &str) -> Refusal {
    Refusal {
        row,
        message: format!("{what} has no place in a rule"),
        mend: "Use facts, the functions over indicators, whole numbers, texts, lists, and ! && || == != < <= > >= + - * in"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(text: &str) -> String {
        parse(text).unwrap_err().first().map(|refusal| refusal.message.clone()).unwrap_or_default()
    }

    #[test]
    fn what_has_no_place_in_a_rule_is_refused() {
        for (text, what) in [
            ("a.b == 1", "a point behind a name"),
            ("has(a.b)", "a point behind a name"),
            ("[1, 2].exists(x, x > 1)", "a macro over a list"),
            ("{'a': 1}", "a map"),
            ("1.5 < 2.0", "a number with a point"),
            ("1u == 1u", "a number ending in `u`"),
            ("a == null", "`null`"),
            ("b'a' == b'a'", "a text of bytes"),
            ("f().g()", "a call on a call"),
        ] {
            assert_eq!(refused(text), format!("{what} has no place in a rule"), "{text}");
        }
    }

    #[test]
    fn faults_of_syntax_carry_their_line_of_the_condition() {
        let refusals = parse("a == 1 &&\nb = 2").unwrap_err();
        assert_eq!(refusals.first().map(|refusal| refusal.row), Some(1));
        let tree = parse("a == 1 &&\n\nb == 2").unwrap();
        let Node::Call { arguments, .. } = tree.node else { panic!("a call") };
        assert_eq!(arguments.iter().map(|argument| argument.row).collect::<Vec<_>>(), [0, 2]);
    }

    #[test]
    fn what_could_exhaust_the_stack_is_bounded_before_it_is_parsed() {
        assert!(refused(&"1+".repeat(MAXIMUM_BYTES)).contains("more than"));
        assert!(refused(&"(".repeat(200)).contains("nest deeper"));
        assert!(refused("姓名 == 1").contains("has the letter"));
        // The longest chains that are let through neither overflow nor panic.
        for text in ["1+", "!", "-", "a.", "a?b:", "a&&", "!!-", "a in "] {
            let _ = parse(&text.repeat(MAXIMUM_BYTES / text.len()));
            let _ = parse(&(text.repeat(MAXIMUM_BYTES / text.len() - 1) + "a"));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[a-z0-9 ()\\[\\]{}!&|=<>+*/%.,:?'\"\\\\-]{0,60}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_order_of_words_makes_the_parser_panic(words in proptest::collection::vec(
            prop_oneof![
                Just("("), Just(")"), Just("["), Just("]"), Just("{"), Just("}"), Just(","), Just("."), Just("?"),
                Just(":"), Just("&&"), Just("||"), Just("!"), Just("=="), Just("<"), Just("in"), Just("has"), Just("a"),
                Just("1"), Just("'t'"), Just("-"), Just("+"), Just("true"), Just("null"), Just("1.5"), Just("`")
            ],
            0..14,
        )) {
            let _ = parse(&words.join(" "));
        }
    }
}
