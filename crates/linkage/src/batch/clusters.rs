//! Rows of one file that are one person, put together: the most probable pairs first, and never two rows of which the
//! teacher says that they are two persons (two valid numbers that differ), however many rows stand between them.

use super::{Files, Pair};
use crate::compare::Relations;
use crate::model::{Comparison, Teacher, Test};
use crate::table::{Cell, RowNumber};

/// Most values of the teacher's column that one cluster holds; a larger one takes no more rows that bring another.
const MOST_VALUES: usize = 64;

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
    /// For each row of the file the id of its cluster: the least id of the rows in it, so that a cluster keeps its id
    /// from run to run as long as that row is in it. `pairs` are those of one file against itself.
    pub fn clusters(&self, pairs: &[Pair]) -> Vec<&str> {
        let mut order: Vec<&Pair> = pairs.iter().collect();
        order.sort_by(|one, other| one.by_probability(other));
        let mut forest = Forest::new(self.left.len());
        let mut values: Vec<Vec<Cell>> = self.left.numbers().map(|row| self.teacher_values(row)).collect();
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
        let mut least: Vec<Option<RowNumber>> = vec![None; self.left.len()];
        for row in self.left.numbers() {
            let root = forest.root(row);
            if let Some(place) = least.get_mut(root as usize) {
                let known = place.filter(|known| self.left.id(*known) <= self.left.id(row));
                *place = known.or(Some(row));
            }
        }
        let id_of = |row: RowNumber| {
            let root = forest.root(row);
            self.left.id(least.get(root as usize).copied().flatten().unwrap_or(row))
        };
        self.left.numbers().map(id_of).collect()
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
