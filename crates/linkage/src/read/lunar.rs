//! The Chinese lunar calendar, 1901 to 2099: which solar day a lunar date is.
//!
//! The months are those that the Hong Kong Observatory publishes, one word a year: bits 0 to 12 say which of the months,
//! a leap month in its place, have 30 days and not 29; bits 13 to 16 after which month a leap month follows; the bits
//! above by how many days the year begins after the first of January.

use base::Day;

/// The year of the first word.
const FIRST_YEAR: u32 = 1901;
/// Days of a long month; the others have one less.
const LONG: u32 = 30;

const YEARS: [u32; 199] = [
    0x0062_0752,
    0x004c_0ea5,
    0x0038_b64a,
    0x005c_064b,
    0x0044_0a9b,
    0x0030_9556,
    0x0056_056a,
    0x0040_0b59,
    0x002a_5752,
    0x0050_0752,
    0x003a_db25,
    0x0060_0b25,
    0x0048_0a4b,
    0x0032_b4ab,
    0x0058_02ad,
    0x0042_056b,
    0x002c_4b69,
    0x0052_0da9,
    0x003e_fd92,
    0x0064_0e92,
    0x004c_0d25,
    0x0036_ba4d,
    0x005c_0a56,
    0x0046_02b6,
    0x002e_95b5,
    0x0056_06d4,
    0x0040_0ea9,
    0x002c_5e92,
    0x0050_0e92,
    0x003a_cd26,
    0x005e_052b,
    0x0048_0a57,
    0x0032_b2b6,
    0x0058_0b5a,
    0x0044_06d4,
    0x002e_6ec9,
    0x0052_0749,
    0x003c_f693,
    0x0062_0a93,
    0x004c_052b,
    0x0034_ca5b,
    0x005a_0aad,
    0x0046_056a,
    0x0030_9b55,
    0x0056_0ba4,
    0x0040_0b49,
    0x002a_5a93,
    0x0050_0a95,
    0x0038_f52d,
    0x005e_0536,
    0x0048_0aad,
    0x0034_b5aa,
    0x0058_05b2,
    0x0042_0da5,
    0x002e_7d4a,
    0x0054_0d4a,
    0x003d_0a95,
    0x0060_0a97,
    0x004c_0556,
    0x0036_cab5,
    0x005a_0ad5,
    0x0046_06d2,
    0x0030_8ea5,
    0x0056_0ea5,
    0x0040_064a,
    0x0028_6c97,
    0x004e_0a9b,
    0x003a_f55a,
    0x005e_056a,
    0x0048_0b69,
    0x0034_b752,
    0x005a_0b52,
    0x0042_0b25,
    0x002c_964b,
    0x0052_0a4b,
    0x003d_14ab,
    0x0060_02ad,
    0x004a_056d,
    0x0036_cb69,
    0x005c_0da9,
    0x0046_0d92,
    0x0030_9d25,
    0x0056_0d25,
    0x0041_5a4d,
    0x0064_0a56,
    0x004e_02b6,
    0x0038_c5b5,
    0x005e_06d5,
    0x0048_0ea9,
    0x0034_be92,
    0x005a_0e92,
    0x0044_0d26,
    0x002c_6a56,
    0x0050_0a57,
    0x003d_14d6,
    0x0062_035a,
    0x004a_06d5,
    0x0036_b6c9,
    0x005c_0749,
    0x0046_0693,
    0x002e_952b,
    0x0054_052b,
    0x003e_0a5b,
    0x002a_555a,
    0x004e_056a,
    0x0038_fb55,
    0x0060_0ba4,
    0x004a_0b49,
    0x0032_ba93,
    0x0058_0a95,
    0x0042_052d,
    0x002c_8aad,
    0x0050_0ab5,
    0x003d_35aa,
    0x0062_05d2,
    0x004c_0da5,
    0x0036_dd4a,
    0x005c_0d4a,
    0x0046_0c95,
    0x0030_952e,
    0x0054_0556,
    0x003e_0ab5,
    0x002a_55b2,
    0x0050_06d2,
    0x0038_cea5,
    0x005e_0725,
    0x0048_064b,
    0x0032_ac97,
    0x0056_0cab,
    0x0042_055a,
    0x002c_6ad6,
    0x0052_0b69,
    0x003d_7752,
    0x0062_0b52,
    0x004c_0b25,
    0x0036_da4b,
    0x005a_0a4b,
    0x0044_04ab,
    0x002e_a55b,
    0x0054_05ad,
    0x003e_0b6a,
    0x002a_5b52,
    0x0050_0d92,
    0x003a_fd25,
    0x005e_0d25,
    0x0048_0a55,
    0x0032_b4ad,
    0x0058_04b6,
    0x0040_05b5,
    0x002c_6daa,
    0x0052_0ec9,
    0x003f_1e92,
    0x0062_0e92,
    0x004c_0d26,
    0x0036_ca56,
    0x005a_0a57,
    0x0044_04d6,
    0x002e_86d5,
    0x0054_0755,
    0x0040_0749,
    0x0028_6e93,
    0x004e_0693,
    0x0038_f52b,
    0x005e_052b,
    0x0046_0a5b,
    0x0032_b55a,
    0x0058_056a,
    0x0042_0b65,
    0x002c_974a,
    0x0052_0b4a,
    0x003d_1a95,
    0x0062_0a95,
    0x004a_052d,
    0x0034_caad,
    0x005a_0ab5,
    0x0046_05aa,
    0x002e_8ba5,
    0x0054_0da5,
    0x0040_0d4a,
    0x002a_7c95,
    0x004e_0c96,
    0x0038_f94e,
    0x005e_0556,
    0x0048_0ab5,
    0x0032_b5b2,
    0x0058_06d2,
    0x0042_0ea5,
    0x002e_8e4a,
    0x0050_064b,
    0x003b_0c97,
    0x0060_04ab,
    0x004a_055b,
    0x0034_cad6,
    0x005a_0b6a,
    0x0046_0752,
    0x0030_9725,
    0x0054_0b25,
    0x003e_0a8b,
    0x0028_549b,
];

/// The solar days that a lunar date may be: that of its month, and that of the leap month of the same number.
pub(crate) fn solar_days(year: u32, month: u32, day_of_month: u32) -> [Option<Day>; 2] {
    let of = |is_leap| solar_day(year, month, day_of_month, is_leap);
    [of(false), of(true)]
}

/// The solar day of a lunar date; `None` where the calendar has no such date.
fn solar_day(year: u32, month: u32, day_of_month: u32, is_leap: bool) -> Option<Day> {
    let word = *YEARS.get(usize::try_from(year.checked_sub(FIRST_YEAR)?).ok()?)?;
    let leap = (word >> 13) & 0xf;
    if !(1..=12).contains(&month) || (is_leap && leap != month) {
        return None;
    }
    // The place of the month in the year: a leap month pushes those behind it on by one.
    let is_behind = leap != 0 && (month > leap || is_leap);
    let place = month - 1 + u32::from(is_behind);
    let length = |place: u32| LONG - 1 + ((word >> place) & 1);
    if day_of_month == 0 || day_of_month > length(place) {
        return None;
    }
    let after_new_year = (0..place).map(length).sum::<u32>() + day_of_month - 1;
    let first = Day::new(i16::try_from(year).ok()?, 1, 1)?.number();
    Day::from_number(first + i32::try_from((word >> 17) + after_new_year).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lunar_dates_fall_on_their_solar_days() {
        let day = |year, month, day| Day::new(year, month, day);
        for (lunar, is_leap, solar) in [
            ((1949, 8, 10), false, day(1949, 10, 1)),
            ((1984, 10, 10), false, day(1984, 11, 2)),
            ((1984, 10, 10), true, day(1984, 12, 2)),
            ((2000, 1, 1), false, day(2000, 2, 5)),
            ((2013, 12, 30), false, day(2014, 1, 30)),
            ((2020, 4, 1), false, day(2020, 4, 23)),
            ((2020, 4, 1), true, day(2020, 5, 23)),
            ((2024, 8, 15), false, day(2024, 9, 17)),
            ((2033, 11, 1), true, day(2033, 12, 22)),
        ] {
            let (year, month, of_month) = lunar;
            assert_eq!(solar_day(year, month, of_month, is_leap), solar, "{lunar:?} {is_leap}");
        }
        for (year, month, of_month, is_leap) in [
            (1900, 1, 1, false),
            (2100, 1, 1, false),
            (2024, 4, 1, true),
            (2024, 1, 30, false),
            (2024, 13, 1, false),
            (2024, 0, 1, false),
        ] {
            assert_eq!(solar_day(year, month, of_month, is_leap), None, "{year} {month} {of_month}");
        }
    }

    #[test]
    fn each_year_ends_where_the_next_begins() {
        let length = |year: u32| {
            let word = YEARS[(year - FIRST_YEAR) as usize];
            let leap = (word >> 13) & 0xf;
            let months = if leap > 0 { 13 } else { 12 };
            (0..months).map(|place| LONG - 1 + ((word >> place) & 1)).sum::<u32>()
        };
        for year in FIRST_YEAR..FIRST_YEAR + 198 {
            let first = |year| solar_day(year, 1, 1, false).unwrap().number();
            assert_eq!(first(year + 1) - first(year), i32::try_from(length(year)).unwrap(), "{year}");
        }
    }
}
