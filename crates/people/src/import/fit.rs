//! Whether a file looks like one of another feed: it is taken all the same, and whoever applies it is told.

use base::Label;
use policy::feeds::{Feed, Heading};

/// What is said of a file with these headings that came for `feed`, if nothing in it is what the feed is read for and
/// another of `feeds` knows more of its columns. Of several the one that knows most.
pub(super) fn other_feed<'a>(
    feed: &Feed,
    feeds: impl Iterator<Item = &'a Feed>,
    headings: &[String],
) -> Option<Label> {
    if feed.indicators.is_empty() || knows_own(feed, headings) {
        return None;
    }
    let own = known(feed, headings);
    let other = feeds.filter(|other| other.key != feed.key).map(|other| (known(other, headings), other));
    let (count, other) = other.max_by_key(|(count, _)| *count).filter(|(count, _)| *count > own)?;
    let all = headings.len();
    let (own_label, label) = (&feed.label, &other.label);
    Some(Label {
        zh: format!(
            "这个文件更像「{}」的清单：它认得 {all} 列中的 {count} 列，「{}」只认得 {own} 列，且没有一列是「{}」要取的情况。请核对是否选错了来源。",
            label.zh, own_label.zh, own_label.zh
        ),
        en: format!(
            "This looks like a file of the feed \"{}\": that knows {count} of its {all} columns, \"{}\" only {own}, and none of those that \"{}\" is read for. Check whether the right feed was chosen.",
            label.en, own_label.en, own_label.en
        ),
    })
}

/// How many of these headings the feed knows.
fn known(feed: &Feed, headings: &[String]) -> usize {
    headings.iter().filter(|heading| column(feed, heading).is_some()).count()
}

/// Whether one of these headings is of a column from which the feed takes indicators.
fn knows_own(feed: &Feed, headings: &[String]) -> bool {
    headings.iter().filter_map(|heading| column(feed, heading)).any(|index| {
        let conditions = feed.indicators.iter().flat_map(|rule| &rule.conditions);
        conditions.into_iter().any(|condition| condition.column == index)
    })
}

fn column(feed: &Feed, heading: &str) -> Option<usize> {
    feed.column_for(&Heading::of(heading))
}
