//! Deliveries from their bytes on, on both databases.

use std::sync::Arc;

use base::DeliveryId;
use policy::feeds::Feed;
use store::testing::TestDatabase;
use texts::Language;

use super::readied::taken_of;
use super::tests::{count, importer, migrations};
use super::*;
use crate::deliveries::{DeliveryState, Fate, repo};

const GRID: &str = "\
2026年网格人口清单,,,,,,\n\
姓名,身份证号,性别,户号,与户主关系,联系电话,社区\n\
张伟,440305198503061234,男,H1,户主,13812346207,\n\
李芳,,女,H1,妻,,\n\
张子涵,,男,H1,子,,\n\
王强,440305198001011231,男,H2,户主,,\n\
王强,440305198001011231,男,H2,户主,,\n\
,,,H3,,,\n\
合计,5,,,,,\n";

fn file(text: &str) -> File<'_> {
    File { name: "网格.csv", bytes: text.as_bytes() }
}

const OPTIONS: Options = Options { dry_run: false, language: Language::English };

async fn run(importer: &Importer, text: &str, options: Options) -> ImportReport {
    let feed = importer.programs.feed("grid").unwrap();
    importer.run(feed, file(text), options).await.unwrap()
}

store::on_both! { migrations() =>
    a_file_is_taken_and_its_figures_add_up,
    a_dry_run_says_what_would_happen_and_writes_nothing,
    a_delivery_goes_step_by_step,
    a_file_without_its_columns_is_refused,
    what_was_left_half_applied_is_finished_first,
    a_killed_import_answers_the_figures_of_its_delivery_when_it_is_called_again,
    a_feed_of_somebodys_own_is_finished_by_whatever_is_imported_next,
    a_dry_run_after_a_kill_changes_nothing_and_says_what_is_left,
    what_was_killed_before_it_applied_is_put_away_when_the_file_comes_again,
    what_was_killed_before_it_applied_is_checked_at_the_next_start,
}

async fn a_file_is_taken_and_its_figures_add_up(database: TestDatabase) {
    let importer = importer(&database);
    let report = run(&importer, GRID, OPTIONS).await;
    let figures = report.figures;
    assert_eq!(
        figures.rows,
        figures.accepted + figures.updated + figures.unchanged + figures.duplicates + figures.rejected
    );
    assert_eq!((figures.accepted, figures.duplicates, figures.rejected), (4, 1, 1));
    assert_eq!(figures.skipped, 3);
    assert_eq!(report.rejections[0].row, 8);
    assert_eq!(count(&importer.hands, "set_aside").await, 1);
    assert_eq!(count(&importer.hands, "household").await, 2);

    let again = run(&importer, GRID, OPTIONS).await.figures;
    assert_eq!((again.rows, again.unchanged, again.accepted, again.gone), (figures.rows, 4, 0, 0));
    assert_eq!(count(&importer.hands, "person").await, 4);
}

async fn a_dry_run_says_what_would_happen_and_writes_nothing(database: TestDatabase) {
    let importer = importer(&database);
    let dry = run(&importer, GRID, Options { dry_run: true, ..OPTIONS }).await;
    assert_eq!(dry.delivery, None);
    for table in ["delivery", "source_row", "person", "set_aside", "feed_state"] {
        assert_eq!(count(&importer.hands, table).await, 0, "{table}");
    }
    assert!(importer.hands.index.search("张子涵", 10).is_empty());
    let real = run(&importer, GRID, OPTIONS).await;
    assert_eq!(dry.figures, real.figures);
    assert_eq!(dry.rejections, real.rejections);
}

async fn a_delivery_goes_step_by_step(database: TestDatabase) {
    let importer = importer(&database);
    let feed = importer.programs.feed("grid").unwrap();
    let id = importer.receive(feed, file(GRID)).await.unwrap();
    let checked = importer.check(id).await.unwrap();
    assert_eq!(checked.state, DeliveryState::Checked);
    let detail = repo::detail(database.database().keys(), &checked).unwrap();
    let preview = detail.preview.unwrap();
    assert_eq!(preview.header, [2]);
    assert_eq!(preview.first_rows[0].fate, Fate::Skipped);
    assert_eq!(preview.first_rows[2].fate, Fate::Added);
    assert_eq!(preview.rejections.len(), 1);
    assert_eq!(count(&importer.hands, "source_row").await, 0);

    let done = importer.apply(id).await.unwrap();
    assert_eq!(done.state, DeliveryState::Done);
    assert_eq!(count(&importer.hands, "source_row").await, 4);
    // A second click.
    let again = importer.apply(id).await.unwrap();
    assert_eq!(again.figures, done.figures);
    assert_eq!(count(&importer.hands, "source_row").await, 4);
}

async fn a_file_without_its_columns_is_refused(database: TestDatabase) {
    let importer = importer(&database);
    let feed = importer.programs.feed("grid").unwrap();
    let refused = importer.run(feed, file("社区,电话\n留仙社区,13812346207\n"), OPTIONS).await.unwrap_err();
    assert!(matches!(refused, ImportError::File(_)));
    assert_eq!(count(&importer.hands, "delivery").await, 0);
}

async fn what_was_left_half_applied_is_finished_first(database: TestDatabase) {
    let importer = importer(&database);
    let feed = importer.programs.feed("grid").unwrap();
    let first = importer.receive(feed, file(GRID)).await.unwrap();
    let checked = importer.check(first).await.unwrap();
    // As a killed process leaves it: begun, nothing written.
    let taken = Arc::new(Taken { is_full: true, ..Taken::default() });
    let turn = Turn::take(&importer.hands.database).await.unwrap();
    drop(Applying::begin(importer.hands.clone(), turn, checked, taken).await.unwrap());
    let read = database.database().read().await.unwrap();
    assert_eq!(repo::applying(read.connection()).await.unwrap().unwrap().id, first);
    drop(read);

    let fewer = GRID.replace("张子涵", "张子轩");
    run(&importer, &fewer, OPTIONS).await;
    let read = database.database().read().await.unwrap();
    assert_eq!(repo::delivery(read.connection(), first).await.unwrap().state, DeliveryState::Done);
    assert_eq!(repo::applying(read.connection()).await.unwrap(), None);
}

/// Leaves a delivery as a killed process does: begun, nothing written.
async fn leave_half_applied(importer: &Importer, feed: &Feed, text: &str) -> DeliveryId {
    let (today, areas) = (importer.hands.clock.now().day(), &importer.areas);
    let mut reading = crate::reading::read(text.as_bytes(), "网格.csv", feed, today, areas).unwrap();
    let taken = Arc::new(taken_of(&mut reading, feed, importer.hands.database.keys()));
    let id = importer.receive(feed, file(text)).await.unwrap();
    let checked = importer.check(id).await.unwrap();
    let turn = Turn::take(&importer.hands.database).await.unwrap();
    drop(Applying::begin(importer.hands.clone(), turn, checked, taken).await.unwrap());
    id
}

async fn a_killed_import_answers_the_figures_of_its_delivery_when_it_is_called_again(database: TestDatabase) {
    let importer = importer(&database);
    let dry = run(&importer, GRID, Options { dry_run: true, ..OPTIONS }).await;
    let killed = leave_half_applied(&importer, importer.programs.feed("grid").unwrap(), GRID).await;

    let resumed = run(&importer, GRID, OPTIONS).await;
    assert_eq!(resumed.delivery, Some(killed));
    assert_eq!((resumed.figures.accepted, resumed.figures.new_persons), (4, 4));
    assert_eq!((resumed.figures, resumed.rejections), (dry.figures, dry.rejections));
    let again = run(&importer, GRID, OPTIONS).await;
    assert_ne!(again.delivery, Some(killed));
    assert_eq!((again.figures.accepted, again.figures.unchanged), (0, 4));
    // Another file after a kill is a delivery of its own. The row that was gone in between was held, and still stands.
    let fewer = GRID.replace("张子涵", "张子轩");
    let killed = leave_half_applied(&importer, importer.programs.feed("grid").unwrap(), &fewer).await;
    let other = run(&importer, GRID, OPTIONS).await;
    assert_ne!(other.delivery, Some(killed));
    assert_eq!((other.figures.accepted, other.figures.unchanged, other.figures.gone), (0, 4, 1));
}

async fn a_feed_of_somebodys_own_is_finished_by_whatever_is_imported_next(database: TestDatabase) {
    let importer = importer(&database);
    let shipped = &importer.programs.feed("grid").unwrap().description;
    let own = Feed::parse(&shipped.replace("key = \"grid\"", "key = \"own_grid\"")).unwrap();
    assert!(importer.programs.feed(&own.key).is_none());
    let killed = leave_half_applied(&importer, &own, GRID).await;

    assert_eq!(run(&importer, GRID, OPTIONS).await.figures.accepted, 4);
    let read = database.database().read().await.unwrap();
    assert_eq!(repo::delivery(read.connection(), killed).await.unwrap().state, DeliveryState::Done);
    drop(read);
    let again = importer.run(&own, file(GRID), OPTIONS).await.unwrap();
    assert_eq!((again.figures.accepted, again.figures.unchanged), (0, 4));
}

async fn a_dry_run_after_a_kill_changes_nothing_and_says_what_is_left(database: TestDatabase) {
    let importer = importer(&database);
    let grid = importer.programs.feed("grid").unwrap();
    let before = run(&importer, GRID, Options { dry_run: true, ..OPTIONS }).await;
    assert!(before.notes.is_empty(), "{:?}", before.notes);
    let killed = leave_half_applied(&importer, grid, GRID).await;
    let dry = run(&importer, GRID, Options { dry_run: true, ..OPTIONS }).await;
    assert_eq!((dry.figures, dry.delivery), (before.figures, None), "the figures are those of the delivery");
    assert!(dry.notes.iter().any(|note| note.contains("half applied (0 of 4 rows")), "{:?}", dry.notes);
    let fewer = GRID.replace("张子涵", "张子轩");
    let other = run(&importer, &fewer, Options { dry_run: true, ..OPTIONS }).await;
    assert!(
        other.notes.iter().any(|note| note.contains("Another delivery is half applied")),
        "{:?}",
        other.notes
    );
    let read = database.database().read().await.unwrap();
    let left = repo::delivery(read.connection(), killed).await.unwrap();
    assert_eq!((left.state, left.rows_applied), (DeliveryState::Applying, 0));
    for table in ["source_row", "person", "link"] {
        assert_eq!(count(&importer.hands, table).await, 0, "{table}");
    }
}

async fn what_was_killed_before_it_applied_is_put_away_when_the_file_comes_again(database: TestDatabase) {
    let importer = importer(&database);
    let grid = importer.programs.feed("grid").unwrap();
    let state = async |id| {
        let read = database.database().read().await.unwrap();
        repo::delivery(read.connection(), id).await.unwrap()
    };
    let (received, checked) = (
        importer.receive(grid, file(GRID)).await.unwrap(),
        importer.receive(grid, file(GRID)).await.unwrap(),
    );
    importer.check(checked).await.unwrap();
    let fewer = GRID.replace("张子涵", "张子轩");
    let other = importer.receive(grid, file(&fewer)).await.unwrap();

    let dry = run(&importer, GRID, Options { dry_run: true, ..OPTIONS }).await;
    assert_eq!(dry.notes.len(), 2, "{:?}", dry.notes);
    assert_eq!(state(received).await.state, DeliveryState::Received);
    let real = run(&importer, GRID, OPTIONS).await;
    assert_eq!(real.figures.accepted, 4);
    for id in [received, checked] {
        let put_away = state(id).await;
        assert_eq!(put_away.state, DeliveryState::Dropped);
        let detail = repo::detail(database.database().keys(), &put_away).unwrap();
        assert!(detail.failure.unwrap().en.contains("the same file came again"));
    }
    // Another file is nobody's to put away: it is spoken of.
    assert_eq!(state(other).await.state, DeliveryState::Received);
    let said = format!("/deliveries/{other}");
    assert!(real.notes.iter().any(|note| note.contains(&said)), "{:?}", real.notes);
}

async fn what_was_killed_before_it_applied_is_checked_at_the_next_start(database: TestDatabase) {
    let importer = importer(&database);
    let grid = importer.programs.feed("grid").unwrap();
    let half = leave_half_applied(&importer, grid, GRID).await;
    let fewer = GRID.replace("张子涵", "张子轩");
    let received = importer.receive(grid, file(&fewer)).await.unwrap();
    let unreadable = importer.receive(grid, file("社区,电话\n留仙社区,13812346207\n")).await.unwrap();

    importer.take_up().await.unwrap();
    importer.take_up().await.unwrap();
    let read = database.database().read().await.unwrap();
    let state = async |id| repo::delivery(read.connection(), id).await.unwrap();
    assert_eq!(state(half).await.state, DeliveryState::Done);
    let checked = state(received).await;
    assert_eq!(checked.state, DeliveryState::Checked, "whether it is applied a person says");
    assert!(checked.is_left(importer.hands.clock.now()));
    assert_eq!(state(unreadable).await.state, DeliveryState::Dropped);
}
