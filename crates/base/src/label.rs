//! A wording in both languages of the product, as programs, feeds and forms carry it in their data.

use serde::{Deserialize, Serialize};

/// What is shown to a reader: Chinese first, English behind the switch. Both are required wherever data has a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Label {
    /// A label of two texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Whether one of the two texts says nothing.
    pub fn lacks_a_language(&self) -> bool {
        self.zh.trim().is_empty() || self.en.trim().is_empty()
    }
}
