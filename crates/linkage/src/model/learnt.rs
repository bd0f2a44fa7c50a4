//! A model with what it learnt, written back into its file: everything else there stays as it was.

use toml_edit::{DocumentMut, Item, Table, Value, value};

use super::{Level, Model};

impl Model {
    /// The model's file with the figures that it has now: how often each level is seen, the prior, the calibration. What
    /// people wrote beside them stays. A model of this text weighs as this one does.
    pub fn to_toml(&self) -> String {
        let Ok(mut document) = self.text.parse::<DocumentMut>() else { return self.text.to_string() };
        let set = |place: Option<&mut Item>, figure: f64| {
            if let Some(place) = place.and_then(Item::as_value_mut) {
                let decor = place.decor().clone();
                *place = Value::from(figure);
                *place.decor_mut() = decor;
            }
        };
        set(document.get_mut("prior").and_then(|prior| prior.get_mut("known_share")), self.prior.known_share);
        set(
            document.get_mut("prior").and_then(|prior| prior.get_mut("household_others")),
            self.prior.household_others,
        );
        let comparisons = document.get_mut("comparisons").and_then(Item::as_array_of_tables_mut);
        for (table, comparison) in
            comparisons.into_iter().flat_map(|found| found.iter_mut()).zip(&self.comparisons)
        {
            let Some(levels) = table.get_mut("levels") else { continue };
            for (place, level) in comparison.levels.iter().enumerate() {
                for (key, figure) in figures(level) {
                    set(levels.get_mut(place).and_then(|level| level.get_mut(key)), figure);
                }
            }
        }
        let mut line = Table::new();
        line.insert("scale", value(self.calibration.scale));
        line.insert("offset", value(self.calibration.offset));
        document.insert("calibration", Item::Table(line));
        document.insert("sample", value(false));
        document.insert("source", value("Learnt from the files that were linked, by `shouwang link train`."));
        document.to_string()
    }
}

/// The shares of a level by their keys.
fn figures(level: &Level) -> [(&'static str, f64); 3] {
    // A share that was reckoned may pass one by the last place of the number.
    let share = |share: f64| share.clamp(f64::MIN_POSITIVE, 1.0);
    [
        ("m", share(level.log_match.exp2())),
        ("u", share(level.chance)),
        ("h", share(level.log_household.exp2())),
    ]
}
