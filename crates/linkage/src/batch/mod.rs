//! Many records at once: look-ups of an import, and whole files against each other.

mod blocks;
mod borrowed;
mod clusters;
mod csv;
mod explain;
mod ids;
mod labels;
mod pairs;
mod postings;
mod repeats;
mod sides;
#[cfg(test)]
mod tests;
mod train;
mod watch;
mod waterfall;
mod weigh;

use rayon::prelude::*;
use std::io::{Read, Write};
use std::sync::{Arc, OnceLock};

pub use clusters::{ClusterBy, ClustersBefore};
pub use explain::{Explanation, ExplanationLine};
pub use labels::Labels;
pub use pairs::{LinkOptions, Linked, Pair, PassedOver};
pub use train::TrainOptions;
pub use watch::{Stage, Watch};

use self::borrowed::Loans;
use self::csv::Limits;
use self::postings::OneKeys;
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
    /// A row has no id.
    #[error("row {row} (without the header) has no id: give each row an id of its own in the first column")]
    NoId {
        /// Row of the file, from 1, without the header.
        row: u64,
    },
    /// Two rows have one id.
    #[error("the id `{id}` stands in rows {first} and {second} (without the header): give each row its own")]
    IdTwice {
        /// The id.
        id: String,
        /// Row of the file, from 1, without the header.
        first: u64,
        /// Another one.
        second: u64,
    },
    /// A labelled pair is of rows that are not there, or its label is none.
    #[error(
        "line {line}: not a labelled pair: give an id of the left file, one of the right file, and 1 or 0"
    )]
    Label {
        /// Line of the file, from 1.
        line: u64,
    },
    /// A row of an earlier run's clusters is none, or stands twice.
    #[error("line {line}: not a row's cluster: give each record_id once, and its cluster_id")]
    Cluster {
        /// Line of the file, from 1.
        line: u64,
    },
    /// The run would take more memory than it may.
    #[error(
        "this takes about {needed_mb} MB, more than the {limit_mb} MB that are allowed: allow more, or link the files in parts"
    )]
    Memory {
        /// What it takes, as far as can be told.
        needed_mb: u64,
        /// What it may take.
        limit_mb: u64,
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

impl FileFault {
    /// The same in Chinese.
    pub fn in_chinese(&self) -> String {
        match self {
            Self::Header { known } => {
                format!("表头中没有模型认识的列：请按模型的列名命名（{known}）")
            }
            Self::Fields { line, found, expected } => {
                format!(
                    "第 {line} 行：有 {found} 格，表头有 {expected} 格：含逗号的内容请加引号，每行格数要齐"
                )
            }
            Self::NotUtf8 { line } => format!("第 {line} 行：不是 UTF-8：请存为 CSV UTF-8"),
            Self::Untold { line } => {
                format!("第 {line} 行：真值文件没有说这一行是谁：请在 `record_id` 中给出其编号")
            }
            Self::Pair { line } => format!("第 {line} 行：不是两个文件中的编号加概率"),
            Self::NoId { row } => {
                format!("第 {row} 条（不计表头）没有编号：请在首列给每行各自的编号")
            }
            Self::IdTwice { id, first, second } => {
                format!("编号“{id}”在第 {first} 条和第 {second} 条（不计表头）都有：请给每行各自的编号")
            }
            Self::Label { line } => {
                format!("第 {line} 行：不是标注：请给左文件的编号、右文件的编号，以及 1 或 0")
            }
            Self::Cluster { line } => {
                format!("第 {line} 行：不是一条记录所归：请给每个 record_id 一行，及其 cluster_id")
            }
            Self::Memory { needed_mb, limit_mb } => {
                format!("约需内存 {needed_mb} MB，超过允许的 {limit_mb} MB：请放宽限制，或分批比对")
            }
            Self::TooLong => "超过 4,294,967,294 行：请分成几个文件".to_owned(),
            Self::Cut => "文件没有读完就停了：请再试一次".to_owned(),
            Self::Csv(fault) => format!("不能作为 CSV 读写：{fault}"),
            Self::System(fault) => format!("不能读写：{fault}"),
        }
    }
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
    /// For each rule, the keys of the right rows, once they were asked for.
    right_keys: Vec<OnceLock<OneKeys>>,
    watch: Watch,
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
        Self::read_watched(model, left, right, Watch::default())
    }

    /// As [`Files::read`], within bounds, and saying how far it is; the bounds hold for what is done later as well.
    ///
    /// # Errors
    /// As [`Files::read`], and when the files take more memory than they may.
    pub fn read_watched<L: Read + Send, R: Read + Send>(
        model: Model,
        left: Source<L>,
        right: Source<R>,
        watch: Watch,
    ) -> Result<Self, FilesFault> {
        let mut lexicons = Lexicons::new();
        let of = |is_left| move |fault| FilesFault { is_left, fault };
        let (left_bytes, right_bytes) = (left.bytes, right.bytes);
        let mut limits = Limits { watch: &watch, stage: Stage::ReadRight, bytes_before: 0 };
        let right =
            csv::read(&model, &mut lexicons, right.reader, right_bytes, &limits).map_err(of(false))?;
        ids::check(&right).map_err(of(false))?;
        limits = Limits { stage: Stage::ReadLeft, bytes_before: right.bytes() as u64, ..limits };
        let left = csv::read(&model, &mut lexicons, left.reader, left_bytes, &limits).map_err(of(true))?;
        ids::check(&left).map_err(of(true))?;
        Ok(Self::new(model, lexicons, Arc::new(left), Arc::new(right), watch))
    }

    /// Reads one file, to be linked with itself.
    ///
    /// # Errors
    /// As [`Files::read`]; the file counts as the left one.
    pub fn read_one<R: Read + Send>(model: Model, file: Source<R>) -> Result<Self, FilesFault> {
        Self::read_one_watched(model, file, Watch::default())
    }

    /// As [`Files::read_one`], within bounds, and saying how far it is.
    ///
    /// # Errors
    /// As [`Files::read_watched`].
    pub fn read_one_watched<R: Read + Send>(
        model: Model,
        file: Source<R>,
        watch: Watch,
    ) -> Result<Self, FilesFault> {
        let mut lexicons = Lexicons::new();
        let of_left = |fault| FilesFault { is_left: true, fault };
        let limits = Limits { watch: &watch, stage: Stage::ReadRight, bytes_before: 0 };
        let table = csv::read(&model, &mut lexicons, file.reader, file.bytes, &limits).map_err(of_left)?;
        ids::check(&table).map_err(of_left)?;
        let table = Arc::new(table);
        Ok(Self::new(model, lexicons, Arc::clone(&table), table, watch))
    }

    fn new(model: Model, lexicons: Lexicons, left: Arc<Table>, right: Arc<Table>, watch: Watch) -> Self {
        let sides = Sides::new(&model, &lexicons);
        let frequencies = Frequencies::new(&model, &sides, &right);
        let loans = Loans::new(&model, &lexicons, &left, &right);
        let is_one_file = Arc::ptr_eq(&left, &right);
        let right_keys = model.rules.iter().map(|_| OnceLock::new()).collect();
        Self { model, lexicons, left, right, is_one_file, sides, frequencies, loans, right_keys, watch }
    }

    /// Whether one file is linked with itself.
    pub fn is_one_file(&self) -> bool {
        self.is_one_file
    }

    /// Names of the columns of the left and of the right file that the model does not know, and that are not looked at.
    pub fn ignored_columns(&self) -> (&[String], &[String]) {
        (&self.left.ignored, &self.right.ignored)
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
    pub fn write_clusters(&self, clusters: &[String], out: impl Write) -> Result<(), FileFault> {
        csv::write_clusters(
            self.left.numbers().map(|row| self.left.id(row)).zip(clusters.iter().map(String::as_str)),
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
