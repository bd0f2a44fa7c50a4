//! Two usable numbers: one person with a mistyped number that happens to fit, or two people. Asked only where all but
//! the numbers says one person, whether the rows come in one delivery or in two.

use store::testing::TestDatabase;

use super::*;

store::on_both! { migrations() =>
    one_person_with_two_numbers_is_asked_about,
    twins_and_namesakes_are_not_asked_about,
}

const HEADER: &str = "姓名,身份证号,出生日期,家长姓名,家长电话\n";

/// A row of somebody born on `birth` with the guardian's name and phone.
fn row(name: &str, birth: &str, order: u16, guardian: &str) -> String {
    let number = base::ResidentId::compose(440_305, birth.parse().unwrap(), order).unwrap();
    format!("{name},{},{birth},{guardian}\n", number.as_str())
}

/// How many rows of two are asked about, in one delivery and in two of different feeds.
async fn asked(database: &TestDatabase, one: &str, other: &str) -> [u64; 2] {
    let importer = importer(database);
    let (school, disabled) =
        (importer.programs.feed("school").unwrap(), importer.programs.feed("disabled").unwrap());
    let together = format!("{HEADER}{one}{other}");
    let file = File { name: "一.csv", bytes: together.as_bytes() };
    let options = Options { dry_run: true, language: Language::English };
    let figures = importer.run(school, file, options).await.unwrap().figures;
    assert_eq!((figures.accepted, figures.new_persons, figures.linked), (2, 2, 0));
    deliver(&importer, school, format!("{HEADER}{one}").as_bytes()).await;
    let later = deliver(&importer, disabled, format!("{HEADER}{other}").as_bytes()).await.figures;
    assert_eq!((later.accepted, later.new_persons, later.linked), (1, 1, 0), "never joined by weights");
    [figures.review, later.review]
}

async fn one_person_with_two_numbers_is_asked_about(database: TestDatabase) {
    let guardian = "欧阳大山,13812346207";
    // The birth differs with the number; name, guardian and phone are the same.
    let (one, other) =
        (row("欧阳小雨", "2013-03-06", 21, guardian), row("欧阳小雨", "2013-08-06", 35, guardian));
    assert_eq!(asked(&database, &one, &other).await, [1, 1]);
}

async fn twins_and_namesakes_are_not_asked_about(database: TestDatabase) {
    let guardian = "欧阳大山,13812346207";
    let (one, other) =
        (row("欧阳小雨", "2013-03-06", 21, guardian), row("欧阳小雪", "2013-03-06", 22, guardian));
    assert_eq!(asked(&database, &one, &other).await, [0, 0], "twins");
    let (one, other) = (
        row("张伟", "2012-01-09", 21, "张大山,13912346208"),
        row("张伟", "2013-05-01", 22, "张小川,13712346209"),
    );
    assert_eq!(asked(&database, &one, &other).await, [0, 0], "namesakes");
    let (one, other) = (row("张伟", "2012-01-09", 31, ","), row("张伟", "2012-01-09", 32, ","));
    assert_eq!(asked(&database, &one, &other).await, [0, 0], "namesakes born on one day");
}
