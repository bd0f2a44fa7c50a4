//! The whole story, on a city of 5,000 people, in a real browser.

#![cfg(test)]

use e2e::story::{Kind, Settings, Story};

async fn play(kind: Kind, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let pictures = folder.path().join("pictures");
    let settings = Settings { seed, persons: 5_000, pictures: pictures.clone() };
    let mut story = Story::begin(&settings, folder.path(), kind).await.unwrap();
    story.play().await.unwrap();
    let made = std::fs::read_dir(&pictures).unwrap().count();
    assert!(made >= 28, "each stage leaves a picture; there are {made}");
}

#[tokio::test]
async fn the_story_plays_on_sqlite() {
    play(Kind::Sqlite, 41).await;
}

#[tokio::test]
async fn the_story_plays_on_postgres() {
    play(Kind::Postgres, 77).await;
}
