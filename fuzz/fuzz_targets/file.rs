//! Bytes of a file: read or refused; what was read is linked, and its probabilities are probabilities.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linkage::{Files, LinkOptions, Model, Source};

const MODEL: &str = include_str!("../../linkage/cn-person.toml");
const GOOD: &[u8] = "id,name,id_no,birth_date\nx,张三,440305201303060029,2013-03-06\n".as_bytes();

fuzz_target!(|bytes: &[u8]| {
    let model = Model::parse(MODEL).expect("a shipped model is sound");
    let Ok(files) = Files::read(model, Source::new(bytes), Source::new(GOOD)) else { return };
    for pair in files.link(LinkOptions { threshold: 0.0, one_to_one: false }) {
        assert!((0.0..=1.0).contains(&pair.probability), "{pair:?}");
    }
});
