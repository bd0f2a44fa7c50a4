//! Places on the earth: latitude and longitude in degrees.

use crate::read::says_nothing;

/// The mean radius of the earth, in kilometres.
const EARTH_RADIUS_KILOMETRES: f64 = 6_371.0;

/// A place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    latitude: f64,
    longitude: f64,
}

impl Place {
    /// Reads `latitude, longitude`; `None` for what is no place.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = base::notation::cell_text(text);
        if says_nothing(&text) {
            return None;
        }
        let is_between = |character: char| matches!(character, ',' | ';' | '，' | '；' | ' ' | '/');
        let mut degrees =
            text.trim_matches(['(', ')', '[', ']', ' ']).split(is_between).filter(|part| !part.is_empty());
        let mut next =
            || degrees.next().and_then(|part| part.parse::<f64>().ok()).filter(|value| value.is_finite());
        let (latitude, longitude) = (next()?, next()?);
        let is_on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0 && degrees.next().is_none();
        is_on_earth.then_some(Self { latitude, longitude })
    }

    /// The place as it is kept: to some ten centimetres.
    pub(crate) fn text(self) -> Box<str> {
        format!("{:.6},{:.6}", self.latitude + 0.0, self.longitude + 0.0).into()
    }

    /// How far two places are apart, along the surface (Sinnott 1984, the haversine).
    pub(crate) fn kilometres_to(self, other: Self) -> f64 {
        let half = |one: f64, other: f64| ((other - one).to_radians() / 2.0).sin().powi(2);
        let across = self.latitude.to_radians().cos() * other.latitude.to_radians().cos();
        let haversine = half(self.latitude, other.latitude) + across * half(self.longitude, other.longitude);
        2.0 * EARTH_RADIUS_KILOMETRES * haversine.clamp(0.0, 1.0).sqrt().asin()
    }
}
