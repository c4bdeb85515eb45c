//! A bound on a figure, written as `>= 20000` or `<= 15`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Objective {
    AtLeast(f64),
    AtMost(f64),
}

impl Objective {
    /// Any number.
    pub(super) const MEASURED: Self = Self::AtLeast(f64::NEG_INFINITY);

    pub fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
        }
    }
}

impl FromStr for Objective {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is neither `>= NUMBER` nor `<= NUMBER`");
        let (sign, number) = text.split_once(' ').ok_or_else(wrong)?;
        let number = number.replace('_', "").parse().map_err(|_| wrong())?;
        match sign {
            ">=" => Ok(Self::AtLeast(number)),
            "<=" => Ok(Self::AtMost(number)),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Objective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::MEASURED => write!(f, "measured"),
            Self::AtLeast(bound) => write!(f, "≥ {}", crate::report::short(bound)),
            Self::AtMost(bound) => write!(f, "≤ {}", crate::report::short(bound)),
        }
    }
}

impl<'de> Deserialize<'de> for Objective {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Objective;

    #[test]
    fn bounds_are_read_and_held() {
        let least: Objective = ">= 20_000".parse().unwrap();
        assert!(least.is_met(20_000.0) && !least.is_met(19_999.0));
        let most: Objective = "<= 1.2".parse().unwrap();
        assert!(most.is_met(1.2) && !most.is_met(1.3));
        assert!(Objective::MEASURED.is_met(-1.0) && !Objective::MEASURED.is_met(f64::NAN));
        assert!("about 7".parse::<Objective>().is_err());
    }
}
