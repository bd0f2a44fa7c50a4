//! Files as nobody should send them, against every sentence of "What a delivery does" and "Bad input" (issue 4): the
//! bytes of each are made here, and what must come of it stands beside them.
//!
//! `files` has whole files that are odd, `lines` has lines that are no rows, `rows` has rows with something wrong in
//! them, `tables` several tables in one file, `strangers` whatever else somebody may think of, `again` deliveries that
//! follow one another and `numbers` two numbers of one person, on both databases.

use policy::feeds::Feed;
use texts::Language;

use super::tests::{importer, migrations};
use super::{File, ImportReport, Importer, Options};
use crate::deliveries::Figures;
use crate::reading::RejectionCode;

mod again;
mod departments;
mod files;
mod lines;
mod numbers;
mod rows;
mod strangers;
mod tables;

/// A file, and what must come of it when it is the first delivery of its feed.
pub(super) struct Case {
    what: String,
    feed: &'static str,
    name: &'static str,
    bytes: Vec<u8>,
    figures: Figures,
    rejections: Vec<(u32, &'static str, RejectionCode)>,
    refused: Option<&'static str>,
}

impl Case {
    /// A text as a CSV file.
    pub(super) fn text(what: impl Into<String>, feed: &'static str, text: &str) -> Self {
        Self::bytes(what, feed, "名单.csv", text.as_bytes().to_vec())
    }

    /// A file of any kind.
    pub(super) fn bytes(
        what: impl Into<String>,
        feed: &'static str,
        name: &'static str,
        bytes: Vec<u8>,
    ) -> Self {
        let figures = Figures { skipped: 1, ..Figures::default() };
        Self { what: what.into(), feed, name, bytes, figures, rejections: Vec::new(), refused: None }
    }

    /// So many rows are taken. Each becomes a person unless [`Case::linked`] or [`Case::review`] says otherwise.
    pub(super) fn taken(mut self, rows: u64) -> Self {
        self.figures.accepted = rows;
        self
    }

    /// So many lines are no rows; the header alone when it is not said.
    pub(super) fn skipped(mut self, lines: u64) -> Self {
        self.figures.skipped = lines;
        self
    }

    pub(super) fn duplicates(mut self, rows: u64) -> Self {
        self.figures.duplicates = rows;
        self
    }

    /// So many of the rows that are taken have a warning.
    pub(super) fn warnings(mut self, rows: u64) -> Self {
        self.figures.warnings = rows;
        self
    }

    /// So many rows are about the person of an earlier one.
    pub(super) fn linked(mut self, rows: u64) -> Self {
        self.figures.linked = rows;
        self
    }

    /// The row at `place` is rejected, for what stands in `column`.
    pub(super) fn rejects(mut self, place: u32, column: &'static str, code: RejectionCode) -> Self {
        self.rejections.push((place, column, code));
        self
    }

    /// The file as a whole is refused, for the reason with this key.
    pub(super) fn refused(mut self, key: &'static str) -> Self {
        self.refused = Some(key);
        self
    }

    fn expected(&self) -> Figures {
        let mut figures = self.figures;
        figures.rejected = u64::try_from(self.rejections.len()).unwrap();
        figures.rows = figures.accepted + figures.duplicates + figures.rejected;
        figures.new_persons = figures.accepted - figures.linked;
        figures
    }

    fn check(&self, outcome: Result<ImportReport, super::ImportError>) -> Result<(), String> {
        let report = match (outcome, self.refused) {
            (Err(super::ImportError::File(fault)), Some(key)) if fault.key() == key => return Ok(()),
            (Ok(report), None) => report,
            (outcome, _) => return Err(format!("{}: {outcome:?}", self.what)),
        };
        let rejected: Vec<(u32, &str)> =
            report.rejections.iter().map(|rejection| (rejection.row, rejection.column.as_str())).collect();
        let wanted: Vec<(u32, &str)> =
            self.rejections.iter().map(|(place, column, _)| (*place, *column)).collect();
        let reasons_fit = self
            .rejections
            .iter()
            .zip(&report.rejections)
            .all(|((_, _, code), rejection)| rejection.reason.starts_with(code.english().what));
        if report.figures == self.expected() && rejected == wanted && reasons_fit {
            return Ok(());
        }
        Err(format!(
            "{}:\n  wanted {:?}\n  found  {:?}\n  rejections {:?}",
            self.what,
            self.expected(),
            report.figures,
            report.rejections
        ))
    }
}

/// Reads each case as a first delivery, and tells every one that went otherwise.
pub(super) async fn check(cases: Vec<Case>) {
    let database = store::testing::sqlite(&migrations()).await;
    let importer = importer(&database);
    let mut wrong = Vec::new();
    for case in cases {
        let feed = importer.programs.feed(case.feed).unwrap();
        let file = File { name: case.name, bytes: &case.bytes };
        let outcome = importer.run(feed, file, Options { dry_run: true, language: Language::English }).await;
        wrong.extend(case.check(outcome).err());
    }
    assert!(wrong.is_empty(), "{} cases went otherwise\n{}", wrong.len(), wrong.join("\n"));
}

/// Takes `bytes` in for good.
pub(super) async fn deliver(importer: &Importer, feed: &Feed, bytes: &[u8]) -> ImportReport {
    let options = Options { dry_run: false, language: Language::English };
    importer.run(feed, File { name: "名单.csv", bytes }, options).await.unwrap()
}

/// A sound number of a child born on 6 March 2013, one for each `order`.
pub(super) fn child(order: u16) -> String {
    number(2013, order)
}

/// A sound number of an adult, one for each `order`.
pub(super) fn adult(order: u16) -> String {
    number(1985, order)
}

fn number(year: i16, order: u16) -> String {
    let birth = base::Day::new(year, 3, 6).unwrap();
    base::ResidentId::compose(440_305, birth, order).unwrap().as_str().to_owned()
}

/// A text in GB18030.
pub(super) fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}
