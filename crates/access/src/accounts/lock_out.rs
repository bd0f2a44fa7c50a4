//! Lock-out: five failures shut a login name for ten minutes (design §9, the convention of public-sector systems
//! here). Counted by login name, known or not, so that a locked name does not tell that it exists; counted before the
//! password is looked at, so that guesses sent at the same time are not weighed against the same count.
//!
//! Time is real time, never the demo's: moving the demo's clock must not let anybody in.

use base::Moment;

/// How many failures, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockOut {
    /// Failures in a row after which the name is locked.
    pub failures: i32,
    /// How long it stays locked after the last of them, and how long a single failure is remembered.
    pub minutes: i64,
}

/// Five failures, ten minutes (design §9).
pub const LOCK_OUT: LockOut = LockOut { failures: 5, minutes: 10 };

/// The failures of one login name so far. `None` of it means that there were none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// Attempts since the last success that were not (yet) right.
    pub count: i32,
    /// When the last of them was made, in real time.
    pub last_at: Moment,
}

/// The name is locked until this moment of real time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locked {
    /// When it opens again.
    pub until: Moment,
}

impl LockOut {
    /// Until when these failures lock the name, if they do at `now`.
    pub fn locked(self, failures: Option<Failures>, now: Moment) -> Option<Locked> {
        let failures = failures.filter(|failures| failures.count >= self.failures)?;
        let until = failures.last_at.plus_minutes(self.minutes);
        (now < until).then_some(Locked { until })
    }

    /// Counts one more attempt, as a failure until it has proved right. `Err` when the name is locked: then the attempt
    /// is not counted, so that knocking at a locked door does not keep it locked.
    pub fn attempt(self, failures: Option<Failures>, now: Moment) -> Result<Failures, Locked> {
        if let Some(locked) = self.locked(failures, now) {
            return Err(locked);
        }
        let remembered = failures
            .filter(|failures| now < failures.last_at.plus_minutes(self.minutes))
            .map_or(0, |failures| failures.count);
        Ok(Failures { count: remembered + 1, last_at: now })
    }

    /// How many attempts are left after these failures before the name is locked.
    pub fn left(self, failures: Failures) -> i32 {
        (self.failures - failures.count).max(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: Moment = Moment(1_000_000);

    #[test]
    fn the_fifth_failure_locks_for_ten_minutes_and_knocking_does_not_prolong_it() {
        let mut failures = None;
        for attempt in 1..=5 {
            let counted = LOCK_OUT.attempt(failures, START).unwrap();
            assert_eq!(LOCK_OUT.left(counted), 5 - attempt);
            failures = Some(counted);
        }
        let until = START.plus_minutes(10);
        assert_eq!(LOCK_OUT.attempt(failures, START.plus_minutes(9)), Err(Locked { until }));
        assert_eq!(LOCK_OUT.attempt(failures, until), Ok(Failures { count: 1, last_at: until }));
    }

    #[test]
    fn a_failure_is_forgotten_after_ten_minutes() {
        let four = Some(Failures { count: 4, last_at: START });
        assert_eq!(LOCK_OUT.attempt(four, START.plus_minutes(10)).unwrap().count, 1);
        assert_eq!(LOCK_OUT.attempt(four, START.plus_milliseconds(599_999)).unwrap().count, 5);
    }

    proptest! {
        /// Whatever the times between attempts, no six attempts are let through within any ten minutes.
        #[test]
        fn never_six_in_ten_minutes(pauses in prop::collection::vec(0_i64..240_000, 1..200)) {
            let (mut now, mut failures, mut let_through) = (START, None, Vec::new());
            for pause in pauses {
                now = now.plus_milliseconds(pause);
                if let Ok(counted) = LOCK_OUT.attempt(failures, now) {
                    failures = Some(counted);
                    let_through.push(now);
                }
            }
            for six in let_through.windows(6) {
                prop_assert!(six[5].milliseconds_since(six[0]) >= 600_000);
            }
        }
    }
}
