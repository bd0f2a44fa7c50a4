//! How far a deadline is, in words, and what happens then.

use base::Moment;
use matters::{Matter, TimeLeft};
use texts::Language;
use web::show;

use super::Texts;

/// A deadline as a phone says it.
#[derive(Debug, Clone)]
pub(crate) struct Distance {
    /// 还剩 38 分, 超 2 时, 已停表
    pub text: String,
    /// 今日 11:02 前; empty when it is over or stands.
    pub until: String,
    /// How near it is: `late`, `soon`, `calm`, `stand` or `ok`, which is also its look.
    pub look: &'static str,
    /// How much of the time is used, in percent.
    pub used_percent: u8,
}

impl Distance {
    /// What the clock of `matter` says at `now`.
    pub fn of(matter: &Matter, now: Moment, language: Language) -> Self {
        let t = Texts(language);
        let used_percent = matter.used_percent(now);
        let until = t.until(show::near(matter.clock.due, now, language));
        match matter.time_left(now) {
            TimeLeft::Left(left) => {
                let look = if matter.is_soon(now) { "soon" } else { "calm" };
                Self { text: t.left(show::span(whole_minutes(left), language)), until, look, used_percent }
            }
            TimeLeft::Over(over) => {
                let text = t.late(show::span(whole_minutes(over), language));
                Self { text, until: String::new(), look: "late", used_percent: 100 }
            }
            TimeLeft::Paused(end) => Self {
                text: t.paused().to_owned(),
                until: t.until(show::near(end, now, language)),
                look: "stand",
                used_percent,
            },
            TimeLeft::Ended => {
                Self { text: t.ended().to_owned(), until: String::new(), look: "ok", used_percent: 100 }
            }
        }
    }

    /// Whether it is over.
    pub fn is_late(&self) -> bool {
        self.look == "late"
    }
}

/// A span below a minute still says one minute: 还剩 0 分 would read as over.
fn whole_minutes(milliseconds: i64) -> i64 {
    milliseconds.max(60_000)
}
