//! A fresh spreadsheet as a school authority would send it, made from a seed: nobody has seen it before.

use anyhow::{Context, Result};
use rust_xlsxwriter::Workbook;

/// What the sheet says of its main child, for looking it up again and for searching the bytes that must not hold it.
#[derive(Debug, Clone)]
pub struct Child {
    /// Name.
    pub name: String,
    /// Identity number.
    pub identity_number: String,
    /// The guardian's name.
    pub guardian: String,
    /// The guardian's phone.
    pub phone: String,
}

/// A spreadsheet and what stands in it.
#[derive(Debug)]
pub struct Sheet {
    /// The file.
    pub bytes: Vec<u8>,
    /// The child of whom it reports harm.
    pub child: Child,
    /// The child who stands there under the number of another.
    pub doubtful: Child,
    /// Everybody in it.
    pub children: Vec<Child>,
    /// Rows that have to be set aside.
    pub rejected: usize,
}

/// Where the children live, by the names of the levels.
#[derive(Debug, Clone)]
pub struct Place {
    /// District.
    pub district: String,
    /// Sub-district.
    pub subdistrict: String,
    /// Community.
    pub community: String,
}

const HEADINGS: [&str; 15] = [
    "序号",
    "学籍号",
    "姓名",
    "身份证号",
    "性别",
    "学校",
    "班级",
    "缺勤天数",
    "最近缺勤日期",
    "缺勤原因",
    "监护人",
    "监护人电话",
    "居住区",
    "居住街道",
    "居住社区",
];

const FAMILIES: [&str; 8] = ["欧阳", "司马", "慕容", "上官", "尉迟", "澹台", "皇甫", "令狐"];
const GIVEN: [&str; 16] =
    ["瑾", "璎", "晗", "翊", "骞", "霁", "蘅", "澍", "珩", "昀", "箬", "祎", "旻", "柠", "屿", "笙"];

/// A small generator of its own: the story's people come from the printed seed and from nothing else.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        // SplitMix64 (Steele, Lea and Flood, 2014).
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let at = usize::try_from(self.next(list.len() as u64)).unwrap_or_default();
        list.get(at).copied().unwrap_or_default()
    }
}

/// The check digit of a resident identity number (GB 11643-1999).
fn with_check_digit(seventeen: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = seventeen.chars().filter_map(|digit| digit.to_digit(10));
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap_or_default()).unwrap_or('1');
    format!("{seventeen}{check}")
}

fn child(numbers: &mut Numbers, year: i32) -> Child {
    let family = numbers.pick(&FAMILIES);
    let given = format!("{}{}", numbers.pick(&GIVEN), numbers.pick(&GIVEN));
    let born = year - 7 - i32::try_from(numbers.next(7)).unwrap_or_default();
    let seventeen = format!(
        "44030{}{born}{:02}{:02}{:03}",
        3 + numbers.next(5),
        1 + numbers.next(12),
        1 + numbers.next(28),
        100 + numbers.next(900)
    );
    Child {
        name: format!("{family}{given}"),
        identity_number: with_check_digit(&seventeen),
        guardian: format!("{family}{}", numbers.pick(&GIVEN)),
        phone: format!("199{:08}", numbers.next(100_000_000)),
    }
}

/// A name as lists show it: the surname of two characters, stars, the last character.
pub fn masked(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let shown = |at: usize, character: &char| {
        if at < 2 || (at + 1 == characters.len() && at > 2) { *character } else { '*' }
    };
    characters.iter().enumerate().map(|(at, character)| shown(at, character)).collect()
}

/// Makes the sheet. `today` is `(year, month, day)`.
///
/// # Errors
/// When the workbook cannot be written.
pub fn make(seed: u64, place: &Place, today: (i32, u32, u32)) -> Result<Sheet> {
    let mut numbers = Numbers(seed);
    let mut children: Vec<Child> = (0..12).map(|_| child(&mut numbers, today.0)).collect();
    // Two children under one number: one of the rows has somebody else's, and no machine can say which.
    let number = children.get(4).context("the sheet has five children")?.identity_number.clone();
    let doubtful = Child { identity_number: number, ..child(&mut numbers, today.0) };
    children.push(doubtful.clone());
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.write(0, 0, "中小学缺勤学生情况报送表")?;
    for (column, heading) in HEADINGS.iter().enumerate() {
        page.write(1, u16::try_from(column)?, *heading)?;
    }
    let day = format!("{}-{:02}-{:02}", today.0, today.1, today.2);
    for (at, child) in children.iter().enumerate() {
        let row = u32::try_from(at)? + 2;
        let sex =
            child.identity_number.chars().nth(16).and_then(|digit| digit.to_digit(10)).unwrap_or_default();
        let (days, reason) =
            if at == 0 { (11, "身上多处伤痕，称在家被打") } else { (1, "感冒") };
        let cells = [
            (at + 1).to_string(),
            format!("G{at:02}{}", child.identity_number),
            child.name.clone(),
            child.identity_number.clone(),
            if sex % 2 == 1 { "男".to_owned() } else { "女".to_owned() },
            "第三实验学校".to_owned(),
            "四（2）班".to_owned(),
            days.to_string(),
            day.clone(),
            reason.to_owned(),
            child.guardian.clone(),
            child.phone.clone(),
            place.district.clone(),
            place.subdistrict.clone(),
            place.community.clone(),
        ];
        for (column, cell) in cells.iter().enumerate() {
            page.write(row, u16::try_from(column)?, cell)?;
        }
    }
    // One row without anybody, one whose absence is still to come.
    let after = u32::try_from(children.len())? + 2;
    page.write(after, 0, "14")?;
    page.write(after, 7, "3")?;
    page.write(after + 1, 0, "15")?;
    page.write(after + 1, 2, "濮阳待查")?;
    page.write(after + 1, 8, format!("{}-01-05", today.0 + 2))?;
    let main = children.first().context("the sheet has a child")?.clone();
    Ok(Sheet { bytes: book.save_to_buffer()?, child: main, doubtful, children, rejected: 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_their_check_digit() {
        assert_eq!(with_check_digit("11010519491231002"), "11010519491231002X");
    }

    #[test]
    fn names_are_masked_as_lists_show_them() {
        assert_eq!(masked("欧阳瑾璎"), "欧阳*璎");
    }

    #[test]
    fn a_seed_names_its_people_and_another_names_others() {
        let place = Place { district: "甲".into(), subdistrict: "乙".into(), community: "丙".into() };
        let first = make(7, &place, (2026, 11, 24)).unwrap();
        assert_eq!(first.child.name, make(7, &place, (2026, 11, 24)).unwrap().child.name);
        assert_ne!(
            first.child.identity_number,
            make(8, &place, (2026, 11, 24)).unwrap().child.identity_number
        );
    }
}
