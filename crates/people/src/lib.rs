//! Feeds and deliveries, source rows, persons and links, review, indicators, live index.
