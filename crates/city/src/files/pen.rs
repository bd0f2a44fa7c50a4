//! The pen of a hurried clerk: writes what it is told with the slips that registers have, as densely as the project's
//! generator of linkage benchmarks at scale 1.0. Each slip is noted, for the truth and for tests of density.

use base::{Day, Sex};

use super::characters;
use crate::chance::Dice;
use crate::lives::Person;

/// What was spoilt in a row. Whoever reads the delivery never sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slip {
    /// A character of the name replaced by one of the same sound.
    NameSound,
    /// A character of the name replaced by one that looks like it.
    NameShape,
    /// The name in traditional characters.
    NameTraditional,
    /// A character of the name left out.
    NameShort,
    /// Two characters of the given name changed places.
    NameOrder,
    /// Another given name: a pet name, or the one before it was changed.
    NameOther,
    /// A bracket or a space behind the name.
    NameNoise,
    /// The name masked.
    NameMasked,
    /// No number.
    NumberMissing,
    /// One digit of the number wrong.
    NumberDigit,
    /// Two digits of the number changed places.
    NumberOrder,
    /// The old number of 15 digits.
    NumberOld,
    /// A digit of the number left out.
    NumberShort,
    /// The guardian's number in a child's row.
    NumberOfGuardian,
    /// The last digits of the number masked.
    NumberMasked,
    /// The number rounded by a spreadsheet.
    NumberRounded,
    /// Day and month of birth changed places.
    BirthOrder,
    /// The day of the lunar calendar.
    BirthLunar,
    /// The year before or after.
    BirthYear,
    /// Another day of the month.
    BirthDay,
    /// 1 January, since only the year was known.
    BirthNewYear,
    /// No birth date.
    BirthMissing,
    /// The other sex.
    SexWrong,
    /// No phone.
    PhoneMissing,
    /// The phone of former days.
    PhoneFormer,
    /// The guardian's phone in the person's own column.
    PhoneOfGuardian,
    /// One digit of the phone wrong.
    PhoneDigit,
    /// No address.
    AddressMissing,
    /// The address of former days.
    AddressFormer,
}

/// How carefully a department writes, and what it leaves out. Shares of rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    /// How many times the slips of an ordinary department.
    pub slips: f64,
    pub number_missing: f64,
    /// Takes the birth date from the number rather than asks for it.
    pub birth_from_number: f64,
    pub sex_missing: f64,
    pub phone_missing: f64,
    pub phone_former: f64,
    pub phone_of_guardian: f64,
    pub address_former: f64,
    pub address_missing: f64,
    /// Writes addresses as the grid does.
    pub address_plain: f64,
    pub without_district: f64,
    pub without_subdistrict: f64,
    pub without_community: f64,
    pub without_room: f64,
    pub without_guardian: f64,
}

/// The grid asks at the door.
pub(super) const GRID: Habits = Habits {
    slips: 0.25,
    number_missing: 0.02,
    birth_from_number: 0.97,
    sex_missing: 0.0,
    phone_missing: 0.10,
    phone_former: 0.12,
    phone_of_guardian: 0.10,
    address_former: 0.10,
    address_missing: 0.01,
    address_plain: 1.0,
    without_district: 0.0,
    without_subdistrict: 0.0,
    without_community: 0.0,
    without_room: 0.02,
    without_guardian: 0.05,
};
/// Schools write down what parents say.
pub(super) const SCHOOL: Habits = Habits {
    slips: 1.0,
    number_missing: 0.07,
    birth_from_number: 0.7,
    sex_missing: 0.01,
    phone_missing: 0.08,
    phone_former: 0.10,
    phone_of_guardian: 0.8,
    address_former: 0.12,
    address_missing: 0.04,
    address_plain: 0.55,
    without_district: 0.15,
    without_subdistrict: 0.25,
    without_community: 0.40,
    without_room: 0.08,
    without_guardian: 0.03,
};
/// The federation's register has grown over decades.
pub(super) const FEDERATION: Habits = Habits {
    slips: 1.6,
    number_missing: 0.20,
    birth_from_number: 0.4,
    sex_missing: 0.01,
    phone_missing: 0.15,
    phone_former: 0.20,
    phone_of_guardian: 0.25,
    address_former: 0.08,
    address_missing: 0.04,
    address_plain: 0.55,
    without_district: 0.05,
    without_subdistrict: 0.25,
    without_community: 0.40,
    without_room: 0.08,
    without_guardian: 0.12,
};

/// Writes one row.
pub(super) struct Pen {
    pub dice: Dice,
    pub habits: Habits,
    /// How hurried this row is: most are neat, a few are a mess.
    hurry: f64,
    pub slips: Vec<Slip>,
}

impl Pen {
    /// A pen for the row of the person at `place`. What it writes depends on the seed, the feed and the person only, so
    /// that a later delivery repeats the same slips.
    pub(super) fn new(seed: u64, feed: u64, place: usize, habits: Habits) -> Self {
        let stream = (feed << 40) | (place as u64 + 1);
        let mut dice = Dice::new(seed, stream);
        let drawn = dice.unit();
        let hurry = if drawn < 0.70 {
            0.4
        } else if drawn < 0.95 {
            1.5
        } else {
            5.0
        };
        Self { dice, habits, hurry: hurry * habits.slips, slips: Vec::new() }
    }

    /// A draw in which small values stand for slips: the more hurried, the smaller.
    fn slip(&mut self) -> f64 {
        self.dice.unit() / self.hurry
    }

    fn note(&mut self, slip: Slip) {
        self.slips.push(slip);
    }

    /// The name, in one row of ten of a hurried clerk with a slip.
    pub(super) fn name(&mut self, name: &str) -> String {
        let mut letters: Vec<char> = name.chars().collect();
        let drawn = self.slip();
        if drawn < 0.022 {
            self.replace(&mut letters, characters::same_sound, Slip::NameSound);
        } else if drawn < 0.032 {
            self.replace(&mut letters, characters::look_alike, Slip::NameShape);
        } else if drawn < 0.036 {
            let traditional: Vec<char> =
                letters.iter().map(|letter| characters::traditional(*letter)).collect();
            if traditional != letters {
                self.note(Slip::NameTraditional);
            }
            letters = traditional;
        } else if drawn < 0.039 && letters.len() > 2 {
            letters.remove(self.place_from_second(&letters));
            self.note(Slip::NameShort);
        } else if drawn < 0.041 && letters.len() > 2 {
            if let [_, second, third, ..] = letters.as_mut_slice() {
                std::mem::swap(second, third);
            }
            self.note(Slip::NameOrder);
        } else if drawn < 0.045 {
            self.rename(&mut letters);
        } else if drawn < 0.048 {
            let nickname = letters.last().copied().filter(|_| self.dice.happens(0.5));
            letters.extend(nickname.map_or(vec![' '], |letter| vec!['（', letter, letter, '）']));
            self.note(Slip::NameNoise);
        } else if drawn < 0.050 {
            let star = if self.dice.happens(0.3) { '某' } else { '*' };
            for letter in letters.iter_mut().skip(1) {
                *letter = star;
            }
            self.note(Slip::NameMasked);
        }
        letters.into_iter().collect()
    }

    fn place_from_second(&mut self, letters: &[char]) -> usize {
        1 + self.dice.below(u32::try_from(letters.len() - 1).unwrap_or(1)) as usize
    }

    fn replace(&mut self, letters: &mut [char], alike: fn(char) -> &'static [char], slip: Slip) {
        let places: Vec<usize> = (0..letters.len())
            .filter(|place| letters.get(*place).is_some_and(|letter| !alike(*letter).is_empty()))
            .collect();
        let mut place = self.dice.pick(&places).copied();
        // Family names are written wrong less often than given ones.
        if place == Some(0) && self.dice.happens(0.6) {
            place = places.last().copied();
        }
        let Some(letter) = place.and_then(|place| letters.get_mut(place)) else { return };
        if let Some(other) = self.dice.pick(alike(*letter)) {
            *letter = *other;
            self.note(slip);
        }
    }

    fn rename(&mut self, letters: &mut Vec<char>) {
        let length = letters.len().saturating_sub(1).clamp(1, 2);
        letters.truncate(1);
        for _ in 0..length {
            letters.push(characters::any_given(&mut self.dice));
        }
        self.note(Slip::NameOther);
    }

    /// The identity number. `guardian` is whose number may stand there by mistake.
    pub(super) fn number(&mut self, person: &Person, guardian: Option<&Person>, is_small: bool) -> String {
        let number = person.identity_number.as_str();
        let missing = self.habits.number_missing * if is_small { 1.6 } else { 1.0 };
        if self.dice.happens(missing) {
            self.note(Slip::NumberMissing);
            let words = ["", "", "", "", "无", "不详", "待核"];
            return self.dice.pick(&words).copied().unwrap_or_default().to_owned();
        }
        let mut digits: Vec<char> = number.chars().collect();
        let drawn = self.slip();
        if drawn < 0.014 {
            self.wrong_digit(&mut digits);
        } else if drawn < 0.020 {
            let place = self.dice.below(17) as usize;
            if digits.get(place) != digits.get(place + 1) {
                digits.swap(place, place + 1);
                self.note(Slip::NumberOrder);
            }
        } else if drawn < 0.028 {
            if number.get(6..8) == Some("19") {
                digits = number.chars().take(6).chain(number.chars().skip(8).take(9)).collect();
                self.note(Slip::NumberOld);
            }
        } else if drawn < 0.031 {
            return number.to_lowercase();
        } else if drawn < 0.034 {
            digits.remove(self.dice.below(18) as usize);
            self.note(Slip::NumberShort);
        } else if drawn < 0.042 {
            if let Some(guardian) = guardian {
                self.note(Slip::NumberOfGuardian);
                return guardian.identity_number.as_str().to_owned();
            }
        } else if drawn < 0.044 {
            for digit in digits.iter_mut().skip(14) {
                *digit = '*';
            }
            self.note(Slip::NumberMasked);
        } else if drawn < 0.046 {
            self.note(Slip::NumberRounded);
            return rounded(number);
        } else if drawn < 0.050 {
            return format!("'{number}");
        }
        digits.into_iter().collect()
    }

    fn wrong_digit(&mut self, digits: &mut [char]) {
        let place = self.dice.below(18) as usize;
        let shift = 1 + self.dice.below(9);
        if let Some(digit) = digits.get_mut(place) {
            let value = digit.to_digit(10).unwrap_or(9);
            *digit = char::from_digit((value + shift) % 10, 10).unwrap_or('0');
            self.note(Slip::NumberDigit);
        }
    }

    /// The birth date; `number` is what was written as the number in the same row.
    pub(super) fn birth(&mut self, person: &Person, number: &str) -> String {
        if self.dice.happens(self.habits.birth_from_number) && number.len() == 18 {
            let read = number.get(6..14).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            if let Some(digits) = read {
                let (year, rest) = digits.split_at(4);
                let (month, day) = rest.split_at(2);
                return format!("{year}-{month}-{day}");
            }
        }
        let birth = person.birth;
        let (year, month, day) = (birth.year(), birth.month(), birth.day_of_month());
        let drawn = self.slip();
        let written = if drawn < 0.008 {
            Day::new(year, day, month)
                .filter(|other| *other != birth)
                .inspect(|_| self.note(Slip::BirthOrder))
        } else if drawn < 0.022 {
            self.note(Slip::BirthLunar);
            Some(birth.plus_days(-self.dice.between(18, 50)))
        } else if drawn < 0.028 {
            self.note(Slip::BirthYear);
            let next = if self.dice.happens(0.5) { 12 } else { -12 };
            Some(birth.plus_months(next))
        } else if drawn < 0.036 {
            self.note(Slip::BirthDay);
            Day::new(year, month, i8::try_from(self.dice.between(1, 28)).unwrap_or(1))
        } else if drawn < 0.046 {
            self.note(Slip::BirthNewYear);
            Day::new(year, 1, 1)
        } else if drawn < 0.060 {
            self.note(Slip::BirthMissing);
            return String::new();
        } else {
            None
        };
        self.day(written.unwrap_or(birth))
    }

    /// A day in one of the notations that exports mix.
    pub(super) fn day(&mut self, day: Day) -> String {
        let (year, month, date) = (day.year(), day.month(), day.day_of_month());
        match self.dice.below(20) {
            0 => format!("{year}/{month}/{date}"),
            1 => format!("{year}{month:02}{date:02}"),
            2 => format!("{year}年{month}月{date}日"),
            3 => format!("{year}.{month}.{date}"),
            _ => format!("{year}-{month:02}-{date:02}"),
        }
    }

    /// The sex.
    pub(super) fn sex(&mut self, sex: Sex) -> &'static str {
        if self.dice.happens(self.habits.sex_missing) {
            return "";
        }
        let wrong = self.slip() < 0.003;
        if wrong {
            self.note(Slip::SexWrong);
        }
        if (sex == Sex::Male) == wrong { "女" } else { "男" }
    }

    /// A person's own phone, or whatever stands in its place.
    pub(super) fn phone(&mut self, person: &Person, guardian: Option<&Person>) -> String {
        if self.dice.happens(self.habits.phone_missing) {
            self.note(Slip::PhoneMissing);
            return String::new();
        }
        let mut phone = person.phone;
        if self.dice.happens(self.habits.phone_former) {
            phone = person.former_phone;
            self.note(Slip::PhoneFormer);
        }
        if let Some(guardian) = guardian.filter(|_| self.dice.happens(self.habits.phone_of_guardian)) {
            phone = guardian.phone;
            self.note(Slip::PhoneOfGuardian);
        }
        self.write_phone(phone.as_ref().map(base::Phone::as_str).unwrap_or_default())
    }

    /// The phone of a guardian, in a column of its own.
    pub(super) fn phone_of_guardian(&mut self, guardian: &Person) -> String {
        let former = self.dice.happens(self.habits.phone_former);
        let phone = if former { guardian.former_phone } else { guardian.phone };
        self.write_phone(phone.as_ref().map(base::Phone::as_str).unwrap_or_default())
    }

    fn write_phone(&mut self, phone: &str) -> String {
        let mut digits: Vec<char> = phone.chars().collect();
        if digits.len() == 11 && self.slip() < 0.010 {
            let place = 3 + self.dice.below(8) as usize;
            let shift = 1 + self.dice.below(8);
            if let Some(digit) = digits.get_mut(place) {
                *digit = char::from_digit((digit.to_digit(10).unwrap_or(0) + shift) % 10, 10).unwrap_or('0');
                self.note(Slip::PhoneDigit);
            }
        }
        let phone: String = digits.into_iter().collect();
        match (phone.get(0..3), phone.get(3..7), phone.get(7..11), self.dice.below(30)) {
            (Some(head), Some(middle), Some(tail), 0) => format!("{head}-{middle}-{tail}"),
            (Some(head), Some(middle), Some(tail), 1) => format!("{head} {middle} {tail}"),
            (Some(_), _, _, 2) => format!("+86{phone}"),
            _ => phone,
        }
    }
}

/// A number as a spreadsheet shows one of more than fifteen digits that it took for an amount.
fn rounded(number: &str) -> String {
    let (head, rest) = number.split_at(1);
    format!("{head}.{}E+17", rest.get(0..5).unwrap_or("00000"))
}
