//! The log: one line an event, on standard error. What is logged holds ids and operation numbers, nothing personal.

use std::io::IsTerminal;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The crates of this house, which are heard from `info` on; of what they are built on only warnings are.
const OWN: [&str; 9] = ["shouwang", "store", "access", "web", "people", "matters", "admin", "minors", "city"];

/// Starts the log. A second call changes nothing.
///
/// A panic is logged by its place alone: its message may quote what somebody typed, or what a row says.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        if let Some(place) = panic.location() {
            tracing::error!(%place, "a mistake of ours stopped what was being done");
        } else {
            tracing::error!("a mistake of ours stopped what was being done");
        }
    }));
    let own = OWN.map(|name| (name, LevelFilter::INFO));
    let heard = Targets::new().with_default(LevelFilter::WARN).with_targets(own);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // The error says that a log was started before, which is as good.
    let _ = tracing_subscriber::registry().with(heard).with(lines).try_init();
}
