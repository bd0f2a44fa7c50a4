//! The two languages of the product.

/// A language in which the product speaks. Chinese is the first; English is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// 简体中文
    #[default]
    Chinese,
    /// English
    English,
}

impl Language {
    /// Both languages, the first one first.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The BCP 47 tag: `zh-CN`, `en`. Also the name of the folder in `locales/`.
    pub fn tag(self) -> &'static str {
        self.choose("zh-CN", "en")
    }

    /// The language's own name for itself.
    pub fn own_name(self) -> &'static str {
        self.choose("中文", "English")
    }

    /// The other language.
    #[must_use]
    pub fn other(self) -> Self {
        self.choose(Self::English, Self::Chinese)
    }

    /// One of two values by language: for labels that come in pairs.
    pub fn choose<T>(self, chinese: T, english: T) -> T {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    /// The language of a BCP 47 tag (`zh-Hans-CN`, `en-GB`), if it is one of ours.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.trim().split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The language that an `Accept-Language` header (RFC 9110, 12.5.4) prefers among ours; Chinese when it names none.
    pub fn accepted(header: &str) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for part in header.split(',').take(MAXIMUM_ACCEPTED) {
            let mut pieces = part.split(';');
            let Some(language) = pieces.next().and_then(Self::of_tag) else { continue };
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .map_or(1.0, |text| text.parse().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(_, known)| weight > known) {
                best = Some((language, weight));
            }
        }
        best.map_or(Self::Chinese, |(language, _)| language)
    }
}

/// How many entries of an `Accept-Language` header are looked at.
const MAXIMUM_ACCEPTED: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_chooses_by_weight_and_falls_back_to_chinese() {
        assert_eq!(Language::accepted("en-GB,en;q=0.9,zh;q=0.8"), Language::English);
        assert_eq!(Language::accepted("fr;q=1.0, en;q=0.4, zh-Hans-CN;q=0.6"), Language::Chinese);
        assert_eq!(Language::accepted("de, fr"), Language::Chinese);
        assert_eq!(Language::accepted("en;q=0, *"), Language::Chinese);
        assert_eq!(Language::accepted(""), Language::Chinese);
    }
}
