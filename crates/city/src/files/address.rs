//! How addresses are written: the same door in a dozen ways, and sometimes another door.

use base::{AreaPath, AreaTree};

use super::pen::{Pen, Slip};
use crate::lives::{Home, Household};

const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// An address as it is written in one row: its parts where a table has columns for them, and the whole.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub district: String,
    pub subdistrict: String,
    pub community: String,
    pub whole: String,
}

/// Writes where `household` lives, or lived.
pub(super) fn write(pen: &mut Pen, household: &Household, areas: &AreaTree) -> Written {
    if pen.dice.happens(pen.habits.address_missing) {
        pen.slips.push(Slip::AddressMissing);
        return Written::default();
    }
    let is_former = pen.dice.happens(pen.habits.address_former);
    if is_former {
        pen.slips.push(Slip::AddressFormer);
    }
    let home = if is_former { &household.former_home } else { &household.home };
    let Some(path) = areas.path_of(home.community) else { return Written::default() };
    let mut written = names(pen, path, areas);
    let door = door(pen, home);
    let city = if pen.dice.happens(0.6) { "深圳市" } else { "" };
    written.whole = format!("{city}{}{}{}{door}", written.district, written.subdistrict, written.community);
    written
}

fn names(pen: &mut Pen, path: AreaPath, areas: &AreaTree) -> Written {
    let habits = pen.habits;
    let mut name = |area: Option<base::AreaId>, left_out: f64| {
        let known = area.and_then(|area| areas.get(area)).map(|area| area.name.clone()).unwrap_or_default();
        if pen.dice.happens(left_out) { String::new() } else { known }
    };
    Written {
        district: name(path.district, habits.without_district),
        subdistrict: name(path.subdistrict, habits.without_subdistrict),
        community: name(path.community, habits.without_community),
        whole: String::new(),
    }
}

/// Estate, building, unit and room.
fn door(pen: &mut Pen, home: &Home) -> String {
    let plain = pen.habits.address_plain;
    let drawn = pen.dice.unit();
    let building = if drawn < plain {
        format!("{}栋", home.building)
    } else if drawn < plain + 0.15 {
        format!("{}栋", in_words(home.building))
    } else if drawn < plain + 0.22 {
        format!("{}座", home.building)
    } else if drawn < plain + 0.30 {
        format!("{}号楼", home.building)
    } else {
        format!("{}-", home.building)
    };
    let unit = home.unit.map(|unit| format!("{unit}单元")).unwrap_or_default();
    let drawn = pen.dice.unit();
    let room = if pen.dice.happens(pen.habits.without_room) {
        String::new()
    } else if drawn < plain {
        home.room.to_string()
    } else if drawn < plain + 0.25 {
        format!("{}室", home.room)
    } else {
        format!("{}房", home.room)
    };
    format!("{}{building}{unit}{room}", home.estate)
}

/// A number up to 99 in words: 十二.
fn in_words(number: u32) -> String {
    let digit = |place: u32| DIGITS.get(place as usize).copied().unwrap_or_default();
    let (tens, ones) = (number / 10, number % 10);
    let tail = if ones == 0 { "" } else { digit(ones) };
    match tens {
        0 => digit(number).to_owned(),
        1 => format!("十{tail}"),
        _ => format!("{}十{tail}", digit(tens % 10)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_say_them() {
        let words: Vec<String> = [3, 10, 12, 20, 29].into_iter().map(in_words).collect();
        assert_eq!(words, ["三", "十", "十二", "二十", "二十九"]);
    }
}
