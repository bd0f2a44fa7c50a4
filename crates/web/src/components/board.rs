//! Figures of a board. Every figure leads to the list behind it, and has its base beside it.

use askama::Template;

use super::prints_itself;
use super::status::Tone;

/// A strip of figures that follow from one another: rows → people → leads → … → closed.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/funnel.html")]
pub struct Funnel {
    /// What the strip is, for readers who cannot see it.
    pub label: String,
    /// The steps.
    pub steps: Vec<FunnelStep>,
}

/// One figure of a strip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunnelStep {
    /// What is counted.
    pub label: String,
    /// Its share of the step before, or where it comes from.
    pub base: String,
    /// How many.
    pub figure: u64,
    /// The list behind it.
    pub href: Option<String>,
    /// The colour of the figure; `None` is ink.
    pub tone: Option<Tone>,
    /// What is to be known of it.
    pub remarks: Vec<Remark>,
    /// What joins it to the one before: `chevron-right`, or `plus`, `equal` where figures add up; `None` is a line.
    pub joint: Option<&'static str>,
}

/// A remark at a figure: 超期 9.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The words.
    pub text: String,
    /// The number.
    pub figure: Option<u64>,
    /// The colour of the number.
    pub tone: Option<Tone>,
    /// The list behind it.
    pub href: Option<String>,
}

/// Areas as tiles of equal size, shaded by a share. It is a scheme, no map.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/tiles.html")]
pub struct TileGrid {
    /// What the tiles are, for readers who cannot see them.
    pub label: String,
    /// The tiles.
    pub tiles: Vec<Tile>,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// The area.
    pub label: String,
    /// The share: 7.4%.
    pub figure: String,
    /// How many it is: 超期 6.
    pub part: String,
    /// Of how many: 在办 81.
    pub whole: String,
    /// How dark, 0 to 4.
    pub shade: u8,
    /// A warning, with its icon: 过警戒.
    pub warning: Option<String>,
    /// The list of the part.
    pub href: String,
    /// The list of the whole.
    pub whole_href: String,
}

/// A measure against its limit: the answers of departments.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(path = "components/measure.html")]
pub struct Measure {
    /// How much of the whole width is used, in percent.
    pub used_percent: f64,
    /// Where the limit stands, in percent.
    pub limit_percent: f64,
    /// Whether the limit is passed.
    pub is_over: bool,
    /// What is said for readers who cannot see it.
    pub label: String,
}

impl FunnelStep {
    fn tone_class(&self) -> &'static str {
        text_class(self.tone)
    }
}

impl Remark {
    fn tone_class(&self) -> &'static str {
        text_class(self.tone)
    }
}

/// The class of a text in this colour.
fn text_class(tone: Option<Tone>) -> &'static str {
    match tone {
        Some(Tone::Urgent) => "red",
        Some(Tone::High | Tone::Medium) => "amb",
        Some(Tone::Ok) => "grn",
        Some(Tone::Info) => "blu",
        Some(Tone::Low) => "t2",
        None => "",
    }
}

prints_itself!(Funnel, TileGrid, Measure);
