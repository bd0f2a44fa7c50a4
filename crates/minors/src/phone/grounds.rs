//! Why one is to go: the grounds of a lead in plain words, each with its source and day.

/// One ground.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    /// What is said: 缺勤 9 天.
    pub text: String,
    /// Who says so, and of which day.
    pub source: String,
    /// Its picture, by the source.
    pub icon: &'static str,
    /// What it counts.
    pub points: i32,
    /// Whether the source has been corrected or taken back since.
    pub is_stale: bool,
}
