//! Words as people use them: few very often, most seldom. The same seed makes the same library.

/// Different words, beside those that cases look for.
const WORDS: usize = 20_000;

/// Words that stand in many names and lines.
const COMMON: [&str; 12] =
    ["love", "the", "night", "blue", "you", "dance", "Straße", "cœur", "don’t", "Łódź", "夜の歌", "heart"];

const SYLLABLES: [&str; 24] = [
    "ba", "ne", "ri", "so", "tu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wen", "zar", "dol", "fin",
    "gus", "hal", "jem", "kor", "lun", "mar",
];

/// Numbers that look like chance (splitmix64, Steele and others 2014).
#[derive(Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }

    /// Below `end`, the small ones far more often: half of all fall below the square root.
    pub(super) fn seldom(&mut self, end: usize) -> usize {
        let share = self.below(1 << 30) as f64 / f64::from(1 << 30);
        ((end as f64).powf(share) as usize).saturating_sub(1).min(end.saturating_sub(1))
    }
}

/// `many` words in a row.
pub(super) fn words(chance: &mut Chance, many: usize) -> String {
    let words: Vec<String> = (0..many).map(|_| word(chance)).collect();
    words.join(" ")
}

fn word(chance: &mut Chance) -> String {
    match chance.seldom(WORDS) {
        common if common < COMMON.len() => COMMON[common].to_owned(),
        other => spelled(other),
    }
}

/// The `n`th word.
pub(super) fn spelled(n: usize) -> String {
    let mut left = n;
    let mut out = String::new();
    loop {
        out.push_str(SYLLABLES[left % SYLLABLES.len()]);
        left /= SYLLABLES.len();
        if left == 0 {
            return out;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_common_and_others_are_not() {
        let mut chance = Chance::new(1);
        let mut seen = vec![0_u32; WORDS];
        for _ in 0..100_000 {
            seen[chance.seldom(WORDS)] += 1;
        }
        assert!(seen[0] > 5_000, "{}", seen[0]);
        assert!(seen[WORDS / 2] < 50, "{}", seen[WORDS / 2]);
        assert!(seen.iter().filter(|n| **n > 0).count() > WORDS / 4);
    }
}
