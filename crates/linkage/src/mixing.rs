//! One hash for everything that is stored or compared across machines: the same on every run, thread and platform.

/// Where a hash begins.
pub(crate) const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// Mixes `value` into `hash` (the finaliser of `SplitMix64`, Steele, Lea and Flood 2014).
pub(crate) fn mix(hash: u64, value: u64) -> u64 {
    let mut word = (hash ^ value).wrapping_add(SEED);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// The hash of a text.
pub(crate) fn mix_text(text: &str) -> u64 {
    mix_characters(text.chars())
}

/// The hash of characters, equal to that of the text they make.
pub(crate) fn mix_characters(characters: impl Iterator<Item = char>) -> u64 {
    characters.fold(SEED, |hash, character| mix(hash, u64::from(u32::from(character))))
}

/// The hash of bytes, eight at a time.
pub(crate) fn mix_bytes(bytes: &[u8]) -> u64 {
    let word = |chunk: &[u8]| {
        let mut word = [0; 8];
        for (place, byte) in word.iter_mut().zip(chunk) {
            *place = *byte;
        }
        u64::from_le_bytes(word)
    };
    bytes.chunks(8).fold(mix(SEED, bytes.len() as u64), |hash, chunk| mix(hash, word(chunk)))
}

/// The upper half, for places where 32 bits are enough.
pub(crate) fn upper(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(0)
}
