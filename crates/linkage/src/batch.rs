//! Many look-ups at once, for imports.

use rayon::prelude::*;

use crate::index::LiveIndex;
use crate::record::Record;
use crate::score::Candidate;

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
