//! Passwords: what is asked of one, how it is hashed, and one-time passwords.
//!
//! Hashes are argon2id with the parameters that OWASP's cheat sheet gives first (19 MiB, two passes, one lane), as PHC
//! strings, so that the parameters can be raised later without touching older hashes. Hashing takes tens of
//! milliseconds of a core: callers run it on a blocking thread and outside any transaction.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash as PhcHash, Version};
use base::Entropy;

use crate::AccessError;

/// The fewest characters of a password. NIST SP 800-63B asks for 8, GB/T 22239 for "complexity" without a number;
/// ten with three kinds is what security reviews here usually ask for.
pub const MINIMUM_LENGTH: usize = 10;
/// The most characters that are taken: a bound on what is hashed.
pub const MAXIMUM_LENGTH: usize = 128;
/// From this length on the kinds of character do not matter: a sentence is better than a riddle.
pub const SENTENCE_LENGTH: usize = 16;
/// Kinds of character (small letters, capitals, digits, others) that a shorter password must have.
const KINDS: usize = 3;
/// The longest run of one repeated or counted-up character: `aaaa` and `1234` are too long.
const LONGEST_RUN: usize = 3;

/// Letters and digits of one-time passwords: of two that are mistaken for one another when they are copied by hand at most
/// one (`0 o`, `1 i l`, `2 z`, `5 s`, `9 g q`, `u v`), and no sign that is looked for on a keyboard.
const ONE_TIME_ALPHABET: &[u8; 24] = b"abcdefhjkmnprtuwxy346789";
const ONE_TIME_GROUPS: usize = 4;
const ONE_TIME_GROUP_LENGTH: usize = 4;

/// Words that stand at the root of the passwords tried first.
const GUESSED_FIRST: [&str; 12] = [
    "password", "passw0rd", "p@ssw0rd", "qwerty", "admin", "shouwang", "shenzhen", "welcome", "letmein",
    "iloveyou", "abc123", "1qaz2wsx",
];

/// What is wrong with a password that somebody wants to take. Each has its sentence in both languages on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than `MINIMUM_LENGTH` characters.
    #[error("it is shorter than {MINIMUM_LENGTH} characters")]
    TooShort,
    /// More than `MAXIMUM_LENGTH` characters.
    #[error("it is longer than {MAXIMUM_LENGTH} characters")]
    TooLong,
    /// Shorter than `SENTENCE_LENGTH` and of fewer than three kinds of character.
    #[error(
        "it needs capitals, small letters, digits or signs of three kinds, or {SENTENCE_LENGTH} characters"
    )]
    TooFewKinds,
    /// It contains the login name, forwards or backwards.
    #[error("it holds the login name")]
    HoldsLogin,
    /// It is one of those that are tried first, or a run of counted-up or repeated characters.
    #[error("it is guessed too easily")]
    Guessable,
    /// It is the password that was to be replaced.
    #[error("it is the one that was to be replaced")]
    Unchanged,
}

/// All that is wrong with `password` for the account `login`; empty when it can be taken.
pub fn faults(password: &str, login: &str) -> Vec<PasswordFault> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let login = login.to_lowercase();
    let backwards: String = login.chars().rev().collect();
    let holds_login = login.chars().count() >= 3 && (lower.contains(&login) || lower.contains(&backwards));
    let checks = [
        (length < MINIMUM_LENGTH, PasswordFault::TooShort),
        (length > MAXIMUM_LENGTH, PasswordFault::TooLong),
        (length < SENTENCE_LENGTH && kinds(password) < KINDS, PasswordFault::TooFewKinds),
        (holds_login, PasswordFault::HoldsLogin),
        (is_guessable(&lower), PasswordFault::Guessable),
    ];
    checks.into_iter().filter_map(|(wrong, fault)| wrong.then_some(fault)).collect()
}

fn kinds(password: &str) -> usize {
    let has = |kind: fn(char) -> bool| usize::from(password.chars().any(kind));
    has(char::is_lowercase)
        + has(char::is_uppercase)
        + has(char::is_numeric)
        + has(|character| !character.is_lowercase() && !character.is_uppercase() && !character.is_numeric())
}

/// Whether more than half of it is a word that is tried first, or a run of counted or repeated characters.
fn is_guessable(lower: &str) -> bool {
    let length = lower.chars().count();
    let word = GUESSED_FIRST.iter().any(|word| lower.contains(word) && word.len() * 2 > length);
    let code_points: Vec<i64> = lower.chars().map(|character| i64::from(u32::from(character))).collect();
    let mut in_runs = 0;
    for step in [-1, 0, 1] {
        let mut run = 1;
        for pair in code_points.windows(2) {
            let goes_on = matches!(pair, [one, other] if other - one == step);
            run = if goes_on { run + 1 } else { 1 };
            in_runs += match run {
                run if run == LONGEST_RUN + 1 => run,
                run if run > LONGEST_RUN + 1 => 1,
                _ => 0,
            };
        }
    }
    word || in_runs * 2 > length
}

/// A password in the clear, on its way from a form to its hash. Shows nothing of itself in logs.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Takes what was typed, as it is: no trimming, no folding.
    pub fn new(typed: impl Into<String>) -> Self {
        Self(typed.into())
    }

    /// The characters, for checking and for the one place that prints a one-time password.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// A one-time password such as `k7tm-9rwn-xd3h-p6ua`: 73 bits, readable over the phone. Whoever logs in with it
    /// must choose one of their own first.
    pub fn one_time(entropy: &Entropy) -> Self {
        let mut letters: Vec<char> = Vec::new();
        while letters.len() < ONE_TIME_GROUPS * ONE_TIME_GROUP_LENGTH {
            // Five bits; what they say beyond the alphabet is thrown away, so that each letter is as likely.
            let [byte] = entropy.bytes();
            letters.extend(ONE_TIME_ALPHABET.get(usize::from(byte % 32)).copied().map(char::from));
        }
        let groups: Vec<String> =
            letters.chunks(ONE_TIME_GROUP_LENGTH).map(|group| group.iter().collect()).collect();
        Self(groups.join("-"))
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Password(…)")
    }
}

/// An argon2id hash as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// A hash as it came from the database.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// The PHC string.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PasswordHash(…)")
    }
}

/// What hashing costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashingCost {
    /// Memory in KiB.
    pub memory_kibibytes: u32,
    /// Passes over the memory.
    pub passes: u32,
}

/// OWASP's first choice: 19 MiB, two passes.
pub const HASHING_COST: HashingCost = HashingCost { memory_kibibytes: 19_456, passes: 2 };

/// Hashes `password` with a fresh salt. Blocks for tens of milliseconds.
pub fn hash(password: &Password, cost: HashingCost, entropy: &Entropy) -> Result<PasswordHash, AccessError> {
    let salt: [u8; 16] = entropy.bytes();
    let hash: PhcHash = hasher(cost)?
        .hash_password_with_salt(password.0.as_bytes(), &salt)
        .map_err(|error| AccessError::internal(format_args!("hashing a password: {error}")))?;
    Ok(PasswordHash(hash.to_string()))
}

/// Whether `password` is the one behind `hash`. Without a hash the same work is done on a hash that nothing matches,
/// so that an unknown name takes as long as a known one. Blocks for tens of milliseconds.
pub fn verify(
    password: &Password,
    hash: Option<&PasswordHash>,
    cost: HashingCost,
) -> Result<bool, AccessError> {
    if password.0.chars().count() > MAXIMUM_LENGTH {
        return Ok(false);
    }
    let argon2 = hasher(cost)?;
    let Some(hash) = hash else {
        let mut unused = [0; 32];
        argon2
            .hash_password_into(password.0.as_bytes(), b"nobody has this", &mut unused)
            .map_err(|error| AccessError::internal(format_args!("hashing a password: {error}")))?;
        return Ok(false);
    };
    let parsed = PhcHash::new(&hash.0).map_err(|error| {
        AccessError::internal(format_args!("a stored password hash is not readable: {error}"))
    })?;
    Ok(argon2.verify_password(password.0.as_bytes(), &parsed).is_ok())
}

fn hasher(cost: HashingCost) -> Result<Argon2<'static>, AccessError> {
    let params = Params::new(cost.memory_kibibytes, cost.passes, 1, None)
        .map_err(|error| AccessError::internal(format_args!("argon2 parameters: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: HashingCost = HashingCost { memory_kibibytes: 64, passes: 1 };

    #[test]
    fn faults_are_all_named_at_once() {
        use PasswordFault::{Guessable, HoldsLogin, TooFewKinds, TooLong, TooShort};
        for (password, login, expected) in [
            ("Tea-and-7-cups", "wangmei", vec![]),
            ("a sentence of small letters", "wangmei", vec![]),
            ("守护每一个孩子的成长之路，从今天开始", "wangmei", vec![]),
            ("short", "wangmei", vec![TooShort, TooFewKinds]),
            ("alllowercase", "wangmei", vec![TooFewKinds]),
            ("Wangmei-2026", "wangmei", vec![HoldsLogin]),
            ("iemgnaW-2026", "wangmei", vec![HoldsLogin]),
            ("Password123", "wangmei", vec![Guessable]),
            ("Aa12345678", "wangmei", vec![Guessable]),
            ("Zz!!!!!!!!!!9", "wangmei", vec![Guessable]),
            ("", "wangmei", vec![TooShort, TooFewKinds]),
        ] {
            assert_eq!(faults(password, login), expected, "{password}");
        }
        assert_eq!(faults(&"Ab1-Cd2_".repeat(20), "wangmei"), vec![TooLong]);
    }

    #[test]
    fn a_hash_proves_its_password_and_no_other() {
        let entropy = Entropy::from_seed(1);
        let hash = hash(&Password::new("Tea-and-7-cups"), CHEAP, &entropy).unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", hash.as_str());
        assert!(verify(&Password::new("Tea-and-7-cups"), Some(&hash), HASHING_COST).unwrap());
        assert!(!verify(&Password::new("Tea-and-8-cups"), Some(&hash), HASHING_COST).unwrap());
        assert!(!verify(&Password::new("Tea-and-7-cups"), None, CHEAP).unwrap());
        assert_ne!(hash, super::hash(&Password::new("Tea-and-7-cups"), CHEAP, &entropy).unwrap());
    }

    #[test]
    fn one_time_passwords_are_readable_and_differ() {
        let entropy = Entropy::from_seed(2);
        let (one, other) = (Password::one_time(&entropy), Password::one_time(&entropy));
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(one.reveal().len(), 19);
        assert!(!one.reveal().contains(['l', 'o', 'i', '0', '1']), "{}", one.reveal());
        assert_eq!(format!("{one:?}"), "Password(…)");
    }
}
