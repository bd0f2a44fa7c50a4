//! Dice: one seeded generator and the few draws that lives are made with.

/// A seeded source of draws: SplitMix64 (Steele, Lea, Flood, 2014), which starts at no cost, so that each row of a file
/// can have its own. The same seed gives the same city, byte for byte, on every machine. Nothing secret is drawn with it.
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
}

/// The odd number that the state goes on by: the golden ratio in 64 bits.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Stirs all bits.
fn stir(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl Dice {
    /// Dice for one purpose: `stream` keeps what different parts draw apart, so that a change in one part does not
    /// change what another draws.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self {
            state: stir(seed.wrapping_add(STEP)) ^ stir(stir(stream.wrapping_add(STEP)).wrapping_add(seed)),
        }
    }

    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        stir(self.state)
    }

    /// A number from 0 (included) to 1 (excluded), from 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something with probability `share` happens.
    pub fn happens(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// A whole number from 0 (included) to `end` (excluded); 0 when `end` is 0.
    pub fn below(&mut self, end: u32) -> u32 {
        // Multiply and shift: the bias over 32 bits is far below what anyone could measure here.
        let product = (self.bits() >> 32) * u64::from(end);
        u32::try_from(product >> 32).unwrap_or(0)
    }

    /// A whole number from `low` to `high`, both included; `low` when `high` is less.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u32::try_from(high.saturating_sub(low).saturating_add(1)).unwrap_or(0);
        low.saturating_add(i32::try_from(self.below(span)).unwrap_or(0))
    }

    /// One of `list`, each as likely; `None` when it is empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let place = self.below(u32::try_from(list.len()).unwrap_or(u32::MAX));
        list.get(place as usize)
    }

    /// The place of a draw in a list of running totals of weights (`totals`, rising): binary search.
    pub fn weighted(&mut self, totals: &[f64]) -> usize {
        let Some(total) = totals.last() else { return 0 };
        let drawn = self.unit() * total;
        totals.partition_point(|upto| *upto <= drawn).clamp(0, totals.len() - 1)
    }

    /// A draw from the normal distribution (Box and Muller, 1958).
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        mean + deviation * radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_draws_and_streams_differ() {
        let draw =
            |seed, stream| (0..8).map(|_| Dice::new(seed, stream).below(1_000_000)).collect::<Vec<_>>();
        assert_eq!(draw(1, 0), draw(1, 0));
        assert_ne!(draw(1, 0), draw(1, 1));
        assert_ne!(draw(1, 0), draw(2, 0));
    }

    #[test]
    fn draws_keep_their_bounds_and_shares() {
        let mut dice = Dice::new(3, 0);
        let sixes = (0..60_000).filter(|_| dice.between(1, 6) == 6).count();
        assert!((9_500..10_500).contains(&sixes), "{sixes} sixes in 60,000 throws");
        let heavy = (0..10_000).filter(|_| dice.weighted(&[1.0, 10.0]) == 1).count();
        assert!((8_800..9_200).contains(&heavy), "{heavy} of 10,000 drew the weight of nine tenths");
        assert_eq!(dice.between(5, 4), 5);
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
