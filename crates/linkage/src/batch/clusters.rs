//! Rows of one file that are one person, put together, and what each of these clusters is called.

use std::io::Read;

use hashbrown::{HashMap, HashSet};

use super::{FileFault, Files, Pair};
use crate::compare::Relations;
use crate::model::{Comparison, Teacher, Test};
use crate::table::{Cell, RowNumber};

/// Most values of the teacher's column that one cluster holds; a larger one takes no more rows that bring another.
const MOST_VALUES: usize = 64;

/// How pairs make clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClusterBy {
    /// The most probable pairs first, and never two rows of which the teacher says that they are two persons (two valid
    /// numbers that differ), however many rows stand between them.
    #[default]
    Persons,
    /// Connected components: whatever a chain of pairs holds together is one, as other programs do it.
    Links,
}

/// What the clusters of an earlier run were called: for each row's id its cluster's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClustersBefore(HashMap<String, String>);

impl ClustersBefore {
    /// Reads `record_id,cluster_id` with a header, as an earlier run wrote it. Rows that are not in the file of this run
    /// any more may stand in it.
    ///
    /// # Errors
    /// When the file cannot be read, a cell is empty, or a row stands twice.
    pub fn read(file: impl Read) -> Result<Self, FileFault> {
        let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(file);
        let mut before = HashMap::new();
        for record in reader.records() {
            let record = record?;
            let line = record.position().map_or(0, ::csv::Position::line);
            let cell = |place: usize| record.get(place).unwrap_or_default().to_owned();
            let (row, cluster) = (cell(0), cell(1));
            if row.is_empty() || cluster.is_empty() || before.insert(row, cluster).is_some() {
                return Err(FileFault::Cluster { line });
            }
        }
        Ok(Self(before))
    }
}

/// Which rows are together: for each row the row that stands for its cluster.
struct Forest {
    parents: Vec<RowNumber>,
}

impl Forest {
    fn new(rows: usize) -> Self {
        Self { parents: (0..RowNumber::try_from(rows).unwrap_or(RowNumber::MAX)).collect() }
    }

    /// The row that stands for the cluster of `row`. Paths are halved on the way.
    fn root(&mut self, mut row: RowNumber) -> RowNumber {
        loop {
            let parent = self.parent(row);
            if parent == row {
                return row;
            }
            let above = self.parent(parent);
            if let Some(place) = self.parents.get_mut(row as usize) {
                *place = above;
            }
            row = above;
        }
    }

    fn parent(&self, row: RowNumber) -> RowNumber {
        self.parents.get(row as usize).copied().unwrap_or(row)
    }

    fn put_under(&mut self, row: RowNumber, root: RowNumber) {
        if let Some(place) = self.parents.get_mut(row as usize) {
            *place = root;
        }
    }
}

impl Files {
    /// For each row of the file what its cluster is called. `pairs` are those of one file against itself.
    ///
    /// A cluster is called as it was called before, if it was: where rows of one have come into two, or of two into one,
    /// the name goes where more of its rows are, and each name to one cluster. A new one is called by the least id of
    /// the rows in it. So whoever has written a name down finds the same person under it after the next run.
    pub fn clusters(&self, pairs: &[Pair], by: ClusterBy, before: &ClustersBefore) -> Vec<String> {
        let mut forest = self.grown(pairs, by);
        let roots: Vec<RowNumber> = self.left.numbers().map(|row| forest.root(row)).collect();
        let names = self.names(&roots, before);
        roots.iter().map(|root| names.get(root).cloned().unwrap_or_default()).collect()
    }

    /// The rows put together, the most probable pairs first.
    fn grown(&self, pairs: &[Pair], by: ClusterBy) -> Forest {
        let mut order: Vec<&Pair> = pairs.iter().collect();
        order.sort_by(|one, other| one.by_probability(other));
        let mut forest = Forest::new(self.left.len());
        let mut values: Vec<Vec<Cell>> = match by {
            ClusterBy::Persons => self.left.numbers().map(|row| self.teacher_values(row)).collect(),
            ClusterBy::Links => Vec::new(),
        };
        for pair in order {
            let (one, other) = (forest.root(pair.left), forest.root(pair.right));
            if one == other || !self.may_join(&values, one, other) {
                continue;
            }
            let (root, under) = (one.min(other), one.max(other));
            forest.put_under(under, root);
            let moved = values.get_mut(under as usize).map(std::mem::take).unwrap_or_default();
            if let Some(values) = values.get_mut(root as usize) {
                for value in moved {
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
            }
        }
        forest
    }

    /// What the cluster of each root is called.
    fn names(&self, roots: &[RowNumber], before: &ClustersBefore) -> HashMap<RowNumber, String> {
        let mut least: HashMap<RowNumber, &str> = HashMap::new();
        let mut shares: HashMap<(&str, RowNumber), usize> = HashMap::new();
        for (row, root) in self.left.numbers().zip(roots) {
            let id = self.left.id(row);
            let known = least.entry(*root).or_insert(id);
            *known = (*known).min(id);
            if let Some(name) = before.0.get(id) {
                *shares.entry((name, *root)).or_default() += 1;
            }
        }
        let least_of = |root: RowNumber| least.get(&root).copied().unwrap_or_default();
        let mut claims: Vec<_> = shares.into_iter().collect();
        claims.sort_by_key(|((name, root), rows)| (std::cmp::Reverse(*rows), *name, least_of(*root)));
        let mut names = HashMap::new();
        let mut taken: HashSet<String> = HashSet::new();
        for ((name, root), _rows) in claims {
            if !names.contains_key(&root) && taken.insert(name.to_owned()) {
                names.insert(root, name.to_owned());
            }
        }
        let mut unnamed: Vec<(&str, RowNumber)> = least
            .iter()
            .map(|(root, id)| (*id, *root))
            .filter(|(_, root)| !names.contains_key(root))
            .collect();
        unnamed.sort_unstable();
        for (id, root) in unnamed {
            // Another cluster may be called by this id since before. Among one more than are taken, one is free.
            let free = std::iter::once(id.to_owned())
                .chain((2..=taken.len() + 2).map(|number| format!("{id}-{number}")))
                .find(|name| !taken.contains(name))
                .unwrap_or_default();
            taken.insert(free.clone());
            names.insert(root, free);
        }
        names
    }

    fn teacher_values(&self, row: RowNumber) -> Vec<Cell> {
        let Some((_, comparison)) = self.teacher() else { return Vec::new() };
        self.left.row(row).column(comparison.column).collect()
    }

    fn teacher(&self) -> Option<(&Teacher, &Comparison)> {
        let teacher = self.model.teacher.as_ref()?;
        self.model.comparisons.get(teacher.comparison).map(|comparison| (teacher, comparison))
    }

    /// Whether no value of one cluster says of one of the other that they are two persons'.
    fn may_join(&self, values: &[Vec<Cell>], one: RowNumber, other: RowNumber) -> bool {
        let Some((teacher, comparison)) = self.teacher() else { return true };
        let of = |root: RowNumber| values.get(root as usize).map_or(&[][..], Vec::as_slice);
        let (one, other) = (of(one), of(other));
        let kind = self.left.layout.kind(comparison.column);
        let are_two = |one: Cell, other: Cell| {
            let relations = self.lexicons.relations(&self.model.characters, kind, one, other);
            let level = relations.and_then(|relations| level_of(comparison, relations));
            level.and_then(|level| teacher.verdict(level)) == Some(false)
        };
        one.len() + other.len() <= MOST_VALUES
            && !one.iter().any(|one| other.iter().any(|other| one != other && are_two(*one, *other)))
    }
}

/// The level of relations, as far as relations alone tell.
fn level_of(comparison: &Comparison, relations: Relations) -> Option<u8> {
    let holds = |test: Test| match test {
        Test::Relation(bits) => relations & bits != 0,
        Test::Otherwise => true,
        _ => false,
    };
    comparison.levels.iter().position(|level| holds(level.test)).and_then(|level| u8::try_from(level).ok())
}
