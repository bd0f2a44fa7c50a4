//! The front door of imports: one call from a file to its report, for the command line and for whoever plays a past.

use access::Actor;
use base::OperationId;
use web::App;

use super::{File, ImportError, ImportReport, Options};
use crate::People;

/// Takes `bytes` in as a delivery of the feed `feed`, from beginning to end: read, compared, applied, published. What a
/// killed import left half done is finished first.
///
/// # Errors
/// `UnknownFeed`, `File` and `TooLarge` when the delivery as a whole is not taken: exit code 2. A rejected row is no
/// error; it stands in the report.
pub async fn run(
    people: &People,
    app: &App,
    actor: &Actor,
    feed: &str,
    file: File<'_>,
    options: Options,
) -> Result<ImportReport, ImportError> {
    let feed = app.programs.feed(feed).ok_or_else(|| ImportError::UnknownFeed(feed.to_owned()))?;
    run_described(people, app, actor, feed, file, options).await
}

/// As [`run`], for a feed that is described outside the installation's files. The delivery keeps its description, so that
/// whatever is imported next can finish it.
pub async fn run_described(
    people: &People,
    app: &App,
    actor: &Actor,
    feed: &policy::feeds::Feed,
    file: File<'_>,
    options: Options,
) -> Result<ImportReport, ImportError> {
    let operation = OperationId(app.entropy.uuid(app.now()));
    people.importer(app, actor, operation).run(feed, file, options).await
}
