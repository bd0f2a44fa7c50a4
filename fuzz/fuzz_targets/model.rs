//! The text of a model: taken or refused, and a refusal names lines that are there.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linkage::Model;

fuzz_target!(|text: &str| {
    match Model::parse(text) {
        Ok(model) => assert!(Model::parse(&model.to_toml()).is_ok(), "what is written can be read"),
        Err(faults) => {
            assert!(!faults.is_empty());
            assert!(faults.iter().all(|fault| fault.line <= text.lines().count() + 1), "{faults:?}");
        }
    }
});
