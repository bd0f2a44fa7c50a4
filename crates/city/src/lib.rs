//! The synthetic city: simulated lives, departments' files with real-life errors, a past, load.
