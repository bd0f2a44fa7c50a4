//! The clock of a deadline: what is left, when it falls, how much is used.

use askama::Template;
use base::Moment;
use texts::Language;

use super::{percent, prints_itself};
use crate::Texts;
use crate::show;

/// Below this much left a clock counts down; above it names the day. In milliseconds: four hours.
const COUNTS_DOWN_BELOW: i64 = 4 * 3_600_000;
/// A clock is "soon" when less than this share of its time is left, or less than two hours.
const SOON_SHARE: f64 = 15.0;
const SOON_BELOW: i64 = 2 * 3_600_000;

/// The clock of a deadline. A late one begins with 超 and is red.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(
    ext = "html",
    source = r#"<span class="clock {{ state.class() }}">{% if state == ClockState::Late %}{{ web::icon("alarm") }} {% endif %}{% if state == ClockState::Paused %}{{ web::icon("player-pause") }} {% endif %}{{ left }}{% if !due.is_empty() %} <span class="due">{{ due }}</span>{% endif %}{% if let Some(used) = used_percent %}<progress max="100" value="{{ used|fmt("{:.0}") }}" aria-hidden="true"></progress>{% endif %}</span>"#
)]
pub struct Clock {
    state: ClockState,
    left: String,
    due: String,
    used_percent: Option<f64>,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ClockState {
    Calm,
    Soon,
    Late,
    Paused,
    None,
}

impl ClockState {
    fn class(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Soon => "soon",
            Self::Late => "late",
            Self::Paused => "paused",
            Self::None => "none",
        }
    }
}

impl Clock {
    /// The clock of a deadline that began at `started` and falls at `due`.
    pub fn new(started: Moment, due: Moment, now: Moment, language: Language) -> Self {
        let words = Texts(language);
        let left = due.milliseconds_since(now);
        let whole = due.milliseconds_since(started).max(1) as f64;
        let used = percent(now.milliseconds_since(started) as f64, whole);
        if left <= 0 {
            let text = words.clock_late(show::span_exact(left, language));
            return Self {
                state: ClockState::Late,
                left: text,
                due: String::new(),
                used_percent: Some(100.0),
            };
        }
        let is_soon = left < SOON_BELOW || 100.0 - used < SOON_SHARE;
        let text = if left < COUNTS_DOWN_BELOW {
            show::span_exact(left, language)
        } else {
            show::near(due, now, language)
        };
        let state = if is_soon { ClockState::Soon } else { ClockState::Calm };
        Self { state, left: text, due: String::new(), used_percent: Some(used) }
    }

    /// A clock that stands still: what was left when it was stopped, or how late it was, and why.
    pub fn paused(left_milliseconds: i64, reason: impl Into<String>, language: Language) -> Self {
        let words = Texts(language);
        let left = if left_milliseconds < 0 {
            words.clock_paused_late(show::span(left_milliseconds.saturating_neg(), language))
        } else {
            words.clock_paused(show::span(left_milliseconds, language))
        };
        Self { state: ClockState::Paused, left, due: reason.into(), used_percent: None }
    }

    /// No deadline runs.
    pub fn none(language: Language) -> Self {
        let left = Texts(language).clock_none().to_owned();
        Self { state: ClockState::None, left, due: String::new(), used_percent: None }
    }

    /// Names the hour behind what is left, as the head of a page does: 截止 11:02.
    #[must_use]
    pub fn with_due(mut self, due: Moment, now: Moment, language: Language) -> Self {
        self.due = Texts(language).clock_due(show::near(due, now, language));
        self
    }

    /// A running clock that is near its end when its own rule says so, not by the share of its time: half of what is
    /// urgent runs for less than two hours.
    #[must_use]
    pub fn near(mut self, is_near: bool) -> Self {
        if matches!(self.state, ClockState::Calm | ClockState::Soon) {
            self.state = if is_near { ClockState::Soon } else { ClockState::Calm };
        }
        self
    }

    /// Whether the deadline has passed.
    pub fn is_late(&self) -> bool {
        self.state == ClockState::Late
    }

    /// Whether little is left.
    pub fn is_soon(&self) -> bool {
        self.state == ClockState::Soon
    }

    /// What is left, in words: for lists without a bar.
    pub fn left(&self) -> &str {
        &self.left
    }
}

prints_itself!(Clock);

#[cfg(test)]
mod tests {
    use base::Day;

    use super::*;

    #[test]
    fn it_counts_down_names_the_day_and_says_how_late() {
        let start = Day::new(2024, 11, 14).unwrap().start().plus_hours(7);
        let clock = |due: Moment, now: Moment| Clock::new(start, due, now, Language::Chinese);
        let soon = clock(start.plus_hours(4), start.plus_minutes(202));
        assert_eq!((soon.left(), soon.is_soon(), soon.is_late()), ("00:38:00", true, false));
        let calm = clock(start.plus_hours(24 * 4), start);
        assert_eq!((calm.left(), calm.is_soon()), ("11 月 18 日", false));
        let stopped = |left| Clock::paused(left, "", Language::Chinese).left().to_owned();
        assert!(
            stopped(7_200_000).contains("剩") && stopped(-7_200_000).contains("已超"),
            "{}",
            stopped(-7_200_000)
        );
        // An hour that is given for something urgent is not near its end from its first minute on.
        let urgent = clock(start.plus_hours(1), start);
        assert!(urgent.is_soon() && !urgent.clone().near(false).is_soon() && urgent.near(true).is_soon());
        let late = clock(start.plus_hours(1), start.plus_hours(1).plus_minutes(21));
        assert_eq!((late.left(), late.is_late()), ("超 00:21:00", true));
        assert!(late.clone().near(false).is_late(), "what is late stays so");
        assert!(late.to_string().contains(r#"<progress max="100" value="100""#));
    }
}
