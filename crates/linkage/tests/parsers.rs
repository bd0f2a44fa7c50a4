//! What people hand in is anything. Goal: no cell, no file and no model makes the engine panic, and what was read once is
//! read the same again.

#![cfg(test)]

use linkage::{Files, LinkOptions, LiveIndex, Model, Record, Source, TrainOptions};
use proptest::prelude::*;
use uuid::Uuid;

const SHIPPED: [&str; 3] = [
    include_str!("../../../linkage/cn-person.toml"),
    include_str!("../../../linkage/western-person.toml"),
    include_str!("../../../linkage/organisation.toml"),
];
const SOURCES: [&str; 20] = [
    "name",
    "identity_number",
    "birth",
    "sex",
    "phone",
    "guardian_name",
    "guardian_phone",
    "address",
    "district",
    "estate",
    "building",
    "room",
    "given_name",
    "postcode",
    "code",
    "representative",
    "email",
    "capital",
    "place",
    "founded",
];

/// Cells that are nearly right, and cells that are anything.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,24}",
        "[0-9Xx*＊ -]{0,20}",
        "[0-9]{17}[0-9Xx]",
        "[0-9０-９]{1,4}[-年/.][0-9]{1,2}[-月/.][0-9]{1,3}日?",
        "[一二三四五六七八九十百廿〇零]{0,6}[栋号楼单元室-]{0,3}[0-9]{0,5}",
        "[深圳市南山区西丽街道社区花园村]{0,16}[0-9]{0,3}[栋座#-]?[0-9]{0,4}",
        "[张李王欧阳司徒·•.*某 a-zA-Z]{0,12}",
        "[+0-9() -]{0,18}",
        "[a-z.+]{0,6}@[a-z.]{0,8}",
        "-?[0-9.,]{0,9}[万亿]?",
        "[-0-9.]{0,9}[,; ][-0-9.]{0,9}",
        Just("\u{feff}\u{200b}\u{202e}".to_owned()),
        Just("９".repeat(400)),
    ]
}

fn model(which: usize) -> Model {
    Model::parse(SHIPPED[which]).unwrap()
}

fn csv(rows: &[Vec<String>], prefix: &str) -> String {
    let mut file = format!("id,{}\n", SOURCES.join(","));
    for (place, row) in rows.iter().enumerate() {
        file.push_str(prefix);
        file.push_str(&place.to_string());
        for cell in row {
            file.push_str(",\"");
            file.push_str(&cell.replace('"', "\"\""));
            file.push('"');
        }
        file.push('\n');
    }
    file
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(prop::collection::vec(cell(), SOURCES.len()), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever the cells hold, files are read, learnt from, linked and explained, and each row is itself.
    #[test]
    fn any_cells_can_be_linked(rows in rows(), which in 0_usize..3) {
        let file = csv(&rows, "a");
        let mut files = Files::read(model(which), Source::new(file.as_bytes()), Source::new(file.as_bytes())).unwrap();
        files.train(TrainOptions { random_pairs: 50, ..TrainOptions::default() });
        for pair in files.link(LinkOptions { threshold: 0.0, one_to_one: false }) {
            prop_assert!((0.0..=1.0).contains(&pair.probability), "{:?}", pair);
            let explained = files.explain_pair(&pair);
            prop_assert!(explained.total_weight.is_finite(), "{:?}", explained);
        }
        let learnt = files.model().to_toml();
        prop_assert!(Model::parse(&learnt).is_ok(), "{:?}", Model::parse(&learnt).unwrap_err());
        prop_assert!(files.blocking().iter().all(|rule| rule.rows <= rows.len() as u64));
    }

    /// Whatever a record holds, the live index takes it, finds it again after it was stored, and gives it up.
    #[test]
    fn any_record_can_be_kept(cells in prop::collection::vec(cell(), SOURCES.len()), which in 0_usize..3) {
        let mut index = LiveIndex::new(model(which));
        let id = Uuid::from_u128(7);
        let mut record = Record::new(id);
        for (source, cell) in SOURCES.iter().zip(cells) {
            record.add(*source, cell);
        }
        index.insert(&record);
        let mut stored = Vec::new();
        index.save(&mut stored).unwrap();
        let again = LiveIndex::load(model(which), stored.as_slice()).unwrap();
        prop_assert_eq!(again.score(&record, 5), index.score(&record, 5));
        prop_assert_eq!(again.compare(&record, id), index.compare(&record, id));
        prop_assert!(index.remove(id) && index.is_empty());
    }

    /// A file of any bytes is read or refused.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "[a,\"\r\n张]{0,80}") {
        let good = "id,name\nx,张三\n";
        for file in [bytes, format!("id,name\n{text}").into_bytes(), format!("id,name,\"{text}").into_bytes()] {
            if let Ok(files) = Files::read(model(0), Source::new(file.as_slice()), Source::new(good.as_bytes())) {
                drop(files.link(LinkOptions { threshold: 0.0, one_to_one: true }));
            }
        }
    }

    /// A model in which any stretch was changed is refused or taken, and a refusal names lines of the file.
    #[test]
    fn any_model_is_taken_or_refused(which in 0_usize..3, from in 0_usize..12_000, length in 0_usize..40, with in "[a-z0-9.=\\[\\]{}\"' #-]{0,16}") {
        let characters: Vec<char> = SHIPPED[which].chars().collect();
        let from = from.min(characters.len());
        let to = (from + length).min(characters.len());
        let text: String = characters[..from].iter().copied().chain(with.chars()).chain(characters[to..].iter().copied()).collect();
        match Model::parse(&text) {
            Ok(model) => drop(model.to_toml()),
            Err(faults) => prop_assert!(!faults.is_empty() && faults.iter().all(|fault| fault.line <= text.lines().count() + 1)),
        }
    }
}
