//! The whole story, on a small city, in a real browser.

#![cfg(test)]

use e2e::story::{Settings, Story};

#[tokio::test]
async fn the_story_plays_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let pictures = folder.path().join("pictures");
    let settings = Settings { seed: 41, persons: 1_000, pictures: pictures.clone() };
    let url = format!("sqlite:{}", folder.path().join("shouwang.db").display());
    let mut story = Story::begin(&settings, folder.path(), &url).await.unwrap();
    story.play().await.unwrap();
    let made = std::fs::read_dir(&pictures).unwrap().count();
    assert!(made >= 28, "each stage leaves a picture; there are {made}");
}
