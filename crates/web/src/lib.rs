//! The page kit: layout, components, page type, errors, languages, assets.
