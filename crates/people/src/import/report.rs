//! What an import answers: the figures and the rejections, as `shouwang import --json` prints them (issue 4, Commands).

use base::DeliveryId;
use serde::Serialize;
use texts::Language;

use crate::deliveries::Figures;

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// The sheet's row number; in a CSV file the physical line on which the record starts.
    pub row: u32,
    /// The column as the file names it; empty when it is the whole row.
    pub column: String,
    /// What is wrong and what to do, in the language that was asked for, with the value masked; it names the sheet if the
    /// file has several with rows.
    pub reason: String,
}

/// The outcome of one delivery. Serialized it has exactly the fields that the issue names, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// The delivery, unless it was a dry run.
    #[serde(skip)]
    pub delivery: Option<DeliveryId>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Its rejected rows.
    pub rejections: Vec<Rejection>,
    /// What is to be known of the file as a whole, in the language that was asked for.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// What is wrong with a row of a file with these `sheets` and what to do, in one sentence, with the value masked.
pub(super) fn reason(rejection: &crate::reading::Rejection, sheets: &[String], language: Language) -> String {
    let wording = language.choose(rejection.code.chinese(), rejection.code.english());
    let mut text = wording.what.to_owned();
    let value = &rejection.value;
    if !value.is_empty() {
        text.push_str(&language.choose(format!("（{value}）"), format!(" ({value})")));
    }
    // The row's number alone does not tell which of several sheets it is on.
    if let Some(sheet) = sheets.get(usize::from(rejection.place.sheet)).filter(|_| sheets.len() > 1) {
        text.push_str(&language.choose(format!("，在工作表“{sheet}”"), format!(", on the sheet “{sheet}”")));
    }
    if let Some(row) = rejection.other_row.map(|row| row.named(sheets)) {
        text.push_str(&language.choose(format!("，见第 {row} 行"), format!(", see row {row}")));
    }
    text + language.choose("。", ". ") + wording.mend
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_those_of_the_issue_in_its_order() {
        let report = ImportReport {
            delivery: None,
            figures: Figures::default(),
            rejections: vec![Rejection { row: 7, column: "姓名".to_owned(), reason: "空".to_owned() }],
            notes: vec!["another kind of file".to_owned()],
        };
        assert_eq!(
            serde_json::to_string(&report).unwrap(),
            "{\"rows\":0,\"accepted\":0,\"updated\":0,\"unchanged\":0,\"duplicates\":0,\"rejected\":0,\"skipped\":0,\
             \"warnings\":0,\"gone\":0,\"linked\":0,\"review\":0,\"new_persons\":0,\
             \"rejections\":[{\"row\":7,\"column\":\"姓名\",\"reason\":\"空\"}]}"
        );
    }
}
