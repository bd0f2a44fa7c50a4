//! Many records at once: look-ups of an import, and whole files against each other.

mod borrowed;
mod clusters;
mod csv;
mod explain;
mod pairs;
mod postings;
mod sides;
#[cfg(test)]
mod tests;
mod train;
mod weigh;

use rayon::prelude::*;
use std::io::{Read, Write};
use std::sync::Arc;

pub use explain::{Explanation, ExplanationLine};
pub use pairs::{LinkOptions, Pair};
pub use train::TrainOptions;

use self::borrowed::Loans;
use self::sides::Sides;
use self::weigh::Frequencies;
use crate::index::LiveIndex;
use crate::model::Model;
use crate::record::Record;
use crate::score::Candidate;
use crate::table::{Lexicons, Table};

impl LiveIndex {
    /// Scores each record against the index as it stands, on all cores. The answers come in the order of the records
    /// and are those of [`LiveIndex::score`], whatever the number of threads.
    ///
    /// A batch does not see itself: two of its rows may be the same new person. Whoever puts new persons in while going
    /// through the answers scores a record again that may be one of them.
    pub fn score_batch(&self, records: &[Record], limit: usize) -> Vec<Vec<Candidate>> {
        records.par_iter().map(|record| self.score(record, limit)).collect()
    }
}

/// A file to be read, and its size in bytes where that is known.
#[derive(Debug, Clone, Copy)]
pub struct Source<R> {
    reader: R,
    bytes: Option<u64>,
}

impl<R: Read + Send> Source<R> {
    /// A file of unknown size.
    pub fn new(reader: R) -> Self {
        Self { reader, bytes: None }
    }
}

impl Source<std::fs::File> {
    /// A file of the system.
    pub fn of_file(file: std::fs::File) -> Self {
        let bytes = file.metadata().map(|metadata| metadata.len()).ok();
        Self { reader: file, bytes }
    }
}

/// Why a file cannot be linked, and which.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct FilesFault {
    is_left: bool,
    #[source]
    fault: FileFault,
}

impl FilesFault {
    /// Whether it is the left file's; otherwise it is the right one's.
    pub fn is_left(&self) -> bool {
        self.is_left
    }

    /// What is wrong.
    pub fn fault(&self) -> &FileFault {
        &self.fault
    }
}

/// Why a file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// The header has no column that the model knows.
    #[error("no column of the header is known to the model: name columns as the model does ({known})")]
    Header {
        /// The names that the model's columns are read from.
        known: String,
    },
    /// A row has another number of cells than the header.
    #[error(
        "line {line}: {found} cells where the header has {expected}: put quotes round cells with commas, and give each row all cells"
    )]
    Fields {
        /// Line of the file, from 1.
        line: u64,
        /// Cells of the row.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// A row is not UTF-8.
    #[error("line {line}: not UTF-8: save the file as CSV UTF-8")]
    NotUtf8 {
        /// Line of the file, from 1.
        line: u64,
    },
    /// A row of a truth's file is of no known person.
    #[error("line {line}: the truth does not say who this row is: give its id in `record_id`")]
    Untold {
        /// Line of the file, from 1.
        line: u64,
    },
    /// A row is no pair.
    #[error("line {line}: not a pair of ids of the files with a probability")]
    Pair {
        /// Line of the file, from 1.
        line: u64,
    },
    /// The file has more rows than can be numbered.
    #[error("more than 4,294,967,294 rows: cut the file")]
    TooLong,
    /// The thread that cuts rows into cells ended before the file did.
    #[error("reading ended before the file did: try again")]
    Cut,
    /// The file cannot be read or written as CSV.
    #[error(transparent)]
    Csv(#[from] ::csv::Error),
    /// The file cannot be read or written.
    #[error(transparent)]
    System(#[from] std::io::Error),
}

/// Two files, read and ready to be linked: the left one's rows are looked for in the right one.
#[derive(Debug, Clone)]
pub struct Files {
    model: Model,
    lexicons: Lexicons,
    left: Arc<Table>,
    /// The same as the left one where a file is linked with itself.
    right: Arc<Table>,
    is_one_file: bool,
    sides: Sides,
    frequencies: Frequencies,
    loans: Loans,
}

impl Files {
    /// Reads both files: CSV in UTF-8 with a header, the first column is the id.
    ///
    /// # Errors
    /// When a file has no column that the model knows, or a row that cannot be read.
    pub fn read<L: Read + Send, R: Read + Send>(
        model: Model,
        left: Source<L>,
        right: Source<R>,
    ) -> Result<Self, FilesFault> {
        let mut lexicons = Lexicons::new();
        let of = |is_left| move |fault| FilesFault { is_left, fault };
        let (left_bytes, right_bytes) = (left.bytes, right.bytes);
        let right = csv::read(&model, &mut lexicons, right.reader, right_bytes).map_err(of(false))?;
        let left = csv::read(&model, &mut lexicons, left.reader, left_bytes).map_err(of(true))?;
        Ok(Self::new(model, lexicons, Arc::new(left), Arc::new(right)))
    }

    /// Reads one file, to be linked with itself.
    ///
    /// # Errors
    /// As [`Files::read`]; the file counts as the left one.
    pub fn read_one<R: Read + Send>(model: Model, file: Source<R>) -> Result<Self, FilesFault> {
        let mut lexicons = Lexicons::new();
        let table = csv::read(&model, &mut lexicons, file.reader, file.bytes);
        let table = Arc::new(table.map_err(|fault| FilesFault { is_left: true, fault })?);
        Ok(Self::new(model, lexicons, Arc::clone(&table), table))
    }

    fn new(model: Model, lexicons: Lexicons, left: Arc<Table>, right: Arc<Table>) -> Self {
        let sides = Sides::new(&model, &lexicons);
        let frequencies = Frequencies::new(&model, &sides, &right);
        let loans = Loans::new(&model, &lexicons, &left, &right);
        let is_one_file = Arc::ptr_eq(&left, &right);
        Self { model, lexicons, left, right, is_one_file, sides, frequencies, loans }
    }

    /// The model as it stands: the given one, or what was learnt.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// How many rows the left and the right file have.
    pub fn len(&self) -> (usize, usize) {
        (self.left.len(), self.right.len())
    }

    /// Whether one of the files has no rows.
    pub fn is_empty(&self) -> bool {
        self.left.len() == 0 || self.right.len() == 0
    }

    /// The ids of a pair's rows, left and right.
    pub fn ids(&self, pair: &Pair) -> (&str, &str) {
        (self.left.id(pair.left), self.right.id(pair.right))
    }

    /// Writes the cluster of each row of the file as `record_id,cluster_id`, in the file's order.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write_clusters(&self, clusters: &[&str], out: impl Write) -> Result<(), FileFault> {
        csv::write_clusters(
            self.left.numbers().map(|row| self.left.id(row)).zip(clusters.iter().copied()),
            out,
        )
    }

    /// Writes pairs as `left_id,right_id,probability`, in the order given.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&self, pairs: &[Pair], out: impl Write) -> Result<(), FileFault> {
        csv::write_pairs(pairs.iter().map(|pair| (self.ids(pair), pair.probability)), out)
    }
}
