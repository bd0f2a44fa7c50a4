//! Type-checks a condition against what its file declares, and lowers it to a program. Every fault of a condition is
//! told, each with its line; what passes here can no longer go wrong when it is asked.

use std::collections::BTreeSet;

use crate::facts::{FACTS, Fact, TextFact};
use crate::program::{Aggregate, Comparison, Flag, Number, Selection, Text, Whose};
use crate::syntax::{Node, Refusal, Tree, parse};

/// The longest time that a condition can look back, in days: eighteen years and a little.
const MAXIMUM_DAYS: i64 = 6_600;

const FUNCTIONS: &str = "`holds`, `count`, `people`, `sum`, `latest`, `days_since`";

/// What a file declares.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    /// Facts by their names.
    pub(crate) facts: BTreeSet<String>,
    /// Kinds of indicators, and whether they carry a number.
    pub(crate) indicators: Vec<(String, bool)>,
}

/// Reads a condition: something that holds or does not.
pub(crate) fn condition(text: &str, declared: &Declared) -> Result<Flag, Vec<Refusal>> {
    let tree = parse(text)?;
    let mut checker = Checker { declared, refusals: Vec::new() };
    let flag = checker.flag(&tree);
    checker.finish(flag)
}

/// Reads an amount: a whole number.
pub(crate) fn amount(text: &str, declared: &Declared) -> Result<Number, Vec<Refusal>> {
    let tree = parse(text)?;
    let mut checker = Checker { declared, refusals: Vec::new() };
    let number = checker.number(&tree);
    checker.finish(number)
}

/// A part of a condition with its type.
enum Typed {
    Flag(Flag),
    Number(Number),
    Text(Text),
}

impl Typed {
    fn kind(&self) -> &'static str {
        match self {
            Self::Flag(_) => "yes or no",
            Self::Number(_) => "a whole number",
            Self::Text(_) => "a text",
        }
    }
}

struct Checker<'a> {
    declared: &'a Declared,
    refusals: Vec<Refusal>,
}

impl Checker<'_> {
    fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Refusal>> {
        match value {
            Some(value) if self.refusals.is_empty() => Ok(value),
            _ => Err(self.refusals),
        }
    }

    fn refuse<T>(&mut self, tree: &Tree, message: impl Into<String>, mend: impl Into<String>) -> Option<T> {
        self.refusals.push(Refusal { row: tree.row, message: message.into(), mend: mend.into() });
        None
    }

    fn flag(&mut self, tree: &Tree) -> Option<Flag> {
        match self.typed(tree)? {
            Typed::Flag(flag) => Some(flag),
            other => self.refuse(
                tree,
                format!("{} stands where yes or no must", other.kind()),
                "Compare it with something",
            ),
        }
    }

    fn number(&mut self, tree: &Tree) -> Option<Number> {
        match self.typed(tree)? {
            Typed::Number(number) => Some(number),
            other => {
                let message = format!("{} stands where a whole number must", other.kind());
                self.refuse(
                    tree,
                    message,
                    "Write a number, a fact that is one, or a function that yields one",
                )
            }
        }
    }

    fn typed(&mut self, tree: &Tree) -> Option<Typed> {
        match &tree.node {
            Node::Flag(flag) => Some(Typed::Flag(Flag::Literal(*flag))),
            Node::Number(number) => Some(Typed::Number(Number::Literal(*number))),
            Node::Text(text) => Some(Typed::Text(Text::Literal(text.clone()))),
            Node::Name(name) => self.fact(tree, name),
            Node::List(_) => self.refuse(tree, "a list stands alone", "Use a list behind `in` only"),
            Node::Call { function, receiver: None, arguments } => match arguments.as_slice() {
                [one] if function == "!_" => {
                    self.flag(one).map(|flag| Typed::Flag(Flag::Not(Box::new(flag))))
                }
                [one] if function == "-_" => {
                    self.number(one).map(|one| Typed::Number(Number::Negate(Box::new(one))))
                }
                [left, right] => match self.binary(tree, function, left, right) {
                    Ok(typed) => typed,
                    Err(NoOperator) => self.function(tree, function, None, arguments),
                },
                _ => self.function(tree, function, None, arguments),
            },
            Node::Call { function, receiver, arguments } => {
                self.function(tree, function, receiver.as_deref(), arguments)
            }
        }
    }

    fn fact(&mut self, tree: &Tree, name: &str) -> Option<Typed> {
        let offered = FACTS.iter().find(|(offered, _)| *offered == name).map(|(_, fact)| *fact);
        let Some(fact) = offered.filter(|_| self.declared.facts.contains(name)) else {
            let known: Vec<&str> = self.declared.facts.iter().map(String::as_str).collect();
            let mend = format!("Use a declared fact ({}), or add a [[fact]]", known.join(", "));
            return self.refuse(tree, format!("there is no fact `{name}`"), mend);
        };
        Some(match fact {
            Fact::Number(fact) => Typed::Number(Number::Fact(fact)),
            Fact::Text(fact) => Typed::Text(Text::Fact(fact)),
            Fact::Flag(fact) => Typed::Flag(Flag::Fact(fact)),
        })
    }

    /// An operator between two parts. `Err` when `function` is none.
    fn binary(
        &mut self,
        tree: &Tree,
        function: &str,
        left: &Tree,
        right: &Tree,
    ) -> Result<Option<Typed>, NoOperator> {
        let flags = |checker: &mut Self, join: fn(Box<Flag>, Box<Flag>) -> Flag| {
            let (left, right) = (checker.flag(left), checker.flag(right));
            Some(Typed::Flag(join(Box::new(left?), Box::new(right?))))
        };
        let numbers = |checker: &mut Self, join: fn(Box<Number>, Box<Number>) -> Number| {
            let (left, right) = (checker.number(left), checker.number(right));
            Some(Typed::Number(join(Box::new(left?), Box::new(right?))))
        };
        let compared = |checker: &mut Self, comparison| {
            let (left, right) = (checker.number(left), checker.number(right));
            Some(Typed::Flag(Flag::Compare(comparison, left?, right?)))
        };
        Ok(match function {
            "_&&_" => flags(self, Flag::And),
            "_||_" => flags(self, Flag::Or),
            "_+_" => numbers(self, Number::Add),
            "_-_" => numbers(self, Number::Subtract),
            "_*_" => numbers(self, Number::Multiply),
            "_<_" => compared(self, Comparison::Less),
            "_<=_" => compared(self, Comparison::AtMost),
            "_>_" => compared(self, Comparison::More),
            "_>=_" => compared(self, Comparison::AtLeast),
            "_==_" => self.same(tree, left, right, false),
            "_!=_" => self.same(tree, left, right, true),
            "@in" => self.within(tree, left, right),
            _ => return Err(NoOperator),
        })
    }

    fn same(&mut self, tree: &Tree, left: &Tree, right: &Tree, negated: bool) -> Option<Typed> {
        let (left, right) = (self.typed(left), self.typed(right));
        let same = match (left?, right?) {
            (Typed::Number(left), Typed::Number(right)) => {
                let comparison = if negated { Comparison::Other } else { Comparison::Same };
                return Some(Typed::Flag(Flag::Compare(comparison, left, right)));
            }
            (Typed::Text(left), Typed::Text(right)) => {
                self.known_word(tree, &left, &right);
                self.known_word(tree, &right, &left);
                Flag::TextSame(left, right)
            }
            (Typed::Flag(left), Typed::Flag(right)) => Flag::Same(Box::new(left), Box::new(right)),
            (left, right) => {
                let message = format!("{} is compared with {}", left.kind(), right.kind());
                return self.refuse(tree, message, "Compare two of the same kind");
            }
        };
        Some(Typed::Flag(if negated { Flag::Not(Box::new(same)) } else { same }))
    }

    /// `left in [..]`: a fact, number or text in a list of literals.
    fn within(&mut self, tree: &Tree, left: &Tree, right: &Tree) -> Option<Typed> {
        let left = self.typed(left);
        let Node::List(items) = &right.node else {
            return self.refuse(right, "`in` is not followed by a list", "Write a list: sex in [\"female\"]");
        };
        if items.is_empty() {
            return self.refuse(
                right,
                "the list is empty",
                "Write at least one value, or remove the condition",
            );
        }
        let (mut numbers, mut words) = (Vec::new(), Vec::new());
        for item in items {
            match &item.node {
                Node::Number(number) => numbers.push(*number),
                Node::Text(word) => words.push(word.clone()),
                _ => {
                    return self.refuse(
                        item,
                        "a list holds numbers or texts only",
                        "Write the values themselves",
                    );
                }
            }
        }
        match left? {
            Typed::Number(number) if words.is_empty() => Some(Typed::Flag(Flag::NumberIn(number, numbers))),
            Typed::Text(text) if numbers.is_empty() => {
                for word in &words {
                    self.known_word(tree, &text, &Text::Literal(word.clone()));
                }
                Some(Typed::Flag(Flag::TextIn(text, words)))
            }
            other => {
                let message = format!("{} is sought among values of another kind", other.kind());
                self.refuse(tree, message, "Write values of the kind of what is sought")
            }
        }
    }

    /// A word that the fact beside it can never be is a misspelt one.
    fn known_word(&mut self, tree: &Tree, fact: &Text, word: &Text) {
        if let (Text::Fact(fact), Text::Literal(word)) = (fact, word)
            && !TextFact::words(*fact).contains(&word.as_str())
        {
            let message = format!("the fact is never `{word}`");
            let mend = format!("Write one of {}", TextFact::words(*fact).join(", "));
            self.refuse::<()>(tree, message, mend);
        }
    }

    fn function(
        &mut self,
        tree: &Tree,
        name: &str,
        receiver: Option<&str>,
        arguments: &[Tree],
    ) -> Option<Typed> {
        let aggregate = match name {
            "holds" => None,
            "count" => Some(Aggregate::Count),
            "people" => Some(Aggregate::People),
            "sum" => Some(Aggregate::Sum),
            "latest" => Some(Aggregate::Latest),
            "days_since" => Some(Aggregate::DaysSince),
            other => {
                let message = if other.starts_with(|first: char| first.is_ascii_alphabetic()) {
                    format!("there is no function `{other}`")
                } else {
                    format!("the operator `{}` has no place in a rule", other.trim_matches(['_', '@']))
                };
                return self.refuse(
                    tree,
                    message,
                    format!("Use ! && || == != < <= > >= + - * in, or {FUNCTIONS}"),
                );
            }
        };
        let of = match receiver {
            None => Whose::Person,
            Some("guardian") => Whose::Guardian,
            Some("household") => Whose::Household,
            Some(other) => {
                let mend = "Write `guardian.` or `household.`, or nothing for the person itself";
                return self.refuse(tree, format!("`{other}` bears no indicators"), mend);
            }
        };
        if aggregate == Some(Aggregate::People) && of == Whose::Person {
            let mend = "Write guardian.people(..) or household.people(..), or use holds(..)";
            return self.refuse(tree, "`people` of the person alone is one at most", mend);
        }
        let selection = self.selection(tree, name, of, arguments)?;
        self.needs_number(tree, name, aggregate, selection)?;
        Some(match aggregate {
            None => Typed::Flag(Flag::Holds(selection)),
            Some(aggregate) => Typed::Number(Number::Aggregate(aggregate, selection)),
        })
    }

    fn selection(&mut self, tree: &Tree, name: &str, of: Whose, arguments: &[Tree]) -> Option<Selection> {
        let windowed = !matches!(name, "latest" | "days_since");
        let (kind, within_days) = match arguments {
            [Tree { node: Node::Text(kind), .. }] => (kind, None),
            [Tree { node: Node::Text(kind), .. }, Tree { node: Node::Number(days), row }] if windowed => {
                if !(1..=MAXIMUM_DAYS).contains(days) {
                    let place = Tree { node: Node::Number(*days), row: *row };
                    let mend = format!("Write a number of days from 1 to {MAXIMUM_DAYS}");
                    return self.refuse(&place, format!("`{name}` looks back {days} days"), mend);
                }
                (kind, Some(*days))
            }
            _ => {
                let mend = if windowed {
                    format!("Write {name}(\"kind\"), or {name}(\"kind\", 90) for the last 90 days")
                } else {
                    format!("Write {name}(\"kind\")")
                };
                return self.refuse(tree, format!("`{name}` is not asked like this"), mend);
            }
        };
        let place = self.declared.indicators.iter().position(|(declared, _)| declared == kind);
        let Some(place) = place else {
            let known: Vec<&str> = self.declared.indicators.iter().map(|(kind, _)| kind.as_str()).collect();
            let mend = format!("Use a declared indicator ({}), or add an [[indicator]]", known.join(", "));
            return self.refuse(tree, format!("there is no indicator `{kind}`"), mend);
        };
        Some(Selection { kind: place, of, within_days })
    }

    /// `sum` and `latest` ask for numbers, so the indicator must carry one.
    fn needs_number(
        &mut self,
        tree: &Tree,
        name: &str,
        aggregate: Option<Aggregate>,
        selection: Selection,
    ) -> Option<()> {
        let asks = matches!(aggregate, Some(Aggregate::Sum | Aggregate::Latest));
        let (kind, numbered) = self.declared.indicators.get(selection.kind).cloned()?;
        if asks && !numbered {
            let mend =
                "Use holds(..) or count(..), or set `number = true` at the [[indicator]] if it carries one";
            return self.refuse(tree, format!("`{name}` asks for a number, and `{kind}` carries none"), mend);
        }
        Some(())
    }
}

/// The name is no operator.
struct NoOperator;
