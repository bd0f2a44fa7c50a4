//! Workbooks as offices make them, and files that only pretend to be one. The tests make the files.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write};

use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook as Writer};
use sheets::{CellKind, FileFault, Format, Limits, Sheet, read, read_within};

fn texts(sheet: &Sheet) -> Vec<(u32, Vec<String>)> {
    sheet.rows().map(|row| (row.place, row.cells().map(|cell| cell.text.to_owned()).collect())).collect()
}

fn workbook(write: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut writer = Writer::new();
    write(writer.add_worksheet());
    writer.save_to_buffer().unwrap()
}

#[test]
fn cells_become_text_and_tell_what_they_held() {
    let bytes = workbook(|sheet| {
        let date = Style::new().set_num_format("yyyy-mm-dd");
        sheet.write(0, 0, "姓名").unwrap();
        sheet.write(0, 1, "身份证号").unwrap();
        sheet.write(1, 0, "张三").unwrap();
        sheet.write(1, 1, 440_305_201_303_061_234_f64).unwrap();
        sheet.write_with_format(1, 2, ExcelDateTime::from_ymd(2013, 3, 6).unwrap(), &date).unwrap();
        sheet.write(1, 3, true).unwrap();
        sheet.write_formula(1, 4, Formula::new("=A99").set_result("#REF!")).unwrap();
        sheet.write(1, 5, 13_812_346_207_f64).unwrap();
        sheet.write(1, 6, 1.5).unwrap();
        sheet.write(4, 0, "李四").unwrap();
    });
    let read = read(&bytes, "名单.xlsx").unwrap();
    assert_eq!((read.format, read.named_otherwise, read.sheets.len()), (Format::Xlsx, false, 1));
    let sheet = &read.sheets[0];
    assert!(sheet.is_grid);
    let row = sheet.row(1).unwrap();
    let cells: Vec<(&str, CellKind)> = row.cells().map(|cell| (cell.text, cell.kind)).collect();
    assert_eq!(cells[0], ("张三", CellKind::Text));
    assert_eq!(cells[1].1, CellKind::Number);
    assert!(cells[1].0.starts_with("4403052013030612") && cells[1].0.len() == 18, "{}", cells[1].0);
    assert_eq!(cells[2], ("2013-03-06", CellKind::Date));
    assert_eq!(cells[3], ("TRUE", CellKind::Truth));
    assert_eq!(cells[4].0, "#REF!");
    assert_eq!(cells[5], ("13812346207", CellKind::Number));
    assert_eq!(cells[6], ("1.5", CellKind::Number));
    let places: Vec<(u32, bool)> = sheet.rows().map(|row| (row.place, row.is_blank())).collect();
    assert_eq!(places, [(1, false), (2, false), (3, true), (4, true), (5, false)]);
}

#[test]
fn merged_cells_show_their_value_everywhere_but_a_title_stays_one_cell() {
    let bytes = workbook(|sheet| {
        let plain = Style::new();
        sheet.merge_range(0, 0, 0, 9, "南山区缺勤学生名单", &plain).unwrap();
        sheet.merge_range(1, 0, 2, 0, "姓名", &plain).unwrap();
        sheet.merge_range(1, 1, 1, 2, "缺勤情况", &plain).unwrap();
        sheet.write(2, 1, "天数").unwrap();
        sheet.write(2, 2, "最近日期").unwrap();
        sheet.write(3, 0, "张三").unwrap();
        sheet.merge_range(3, 1, 4, 1, "户001", &plain).unwrap();
        sheet.write(4, 0, "李四").unwrap();
    });
    let read = read(&bytes, "名单.xlsx").unwrap();
    let rows = texts(&read.sheets[0]);
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    assert_eq!(rows[0], (1, row(&["南山区缺勤学生名单"])));
    assert_eq!(rows[1], (2, row(&["姓名", "缺勤情况", "缺勤情况"])));
    assert_eq!(rows[2], (3, row(&["姓名", "天数", "最近日期"])));
    assert_eq!(rows[4], (5, row(&["李四", "户001"])));
}

#[test]
fn a_lone_cell_in_the_last_row_makes_no_lines_of_what_is_above_it() {
    let bytes = workbook(|sheet| {
        let style = Style::new();
        sheet.write(0, 0, "姓名").unwrap();
        sheet.write(3, 0, "张三").unwrap();
        // As many blank rows as a list may have, then more, then a cell with nothing but a format.
        sheet.write(1_004, 0, "李四").unwrap();
        sheet.write(3_000, 0, "王五").unwrap();
        sheet.write_blank(500_000, 0, &style).unwrap();
        sheet.merge_range(700_000, 0, 900_000, 1, "合并", &style).unwrap();
        sheet.write(1_048_575, 2, "x").unwrap();
    });
    let read = read(&bytes, "名单.xlsx").unwrap();
    let sheet = &read.sheets[0];
    let said: Vec<(u32, String)> = texts(sheet)
        .into_iter()
        .filter(|(_, cells)| !cells.is_empty())
        .map(|(row, cells)| (row, cells.concat()))
        .collect();
    let expected =
        [(1, "姓名"), (4, "张三"), (1_005, "李四"), (3_001, "王五"), (700_001, "合并合并"), (1_048_576, "x")];
    assert_eq!(said, expected.map(|(row, text)| (row, text.to_owned())));
    assert_eq!(sheet.len(), 1_005 + 3, "a thousand blank rows are lines, two thousand are none");
    assert_eq!(sheet.row_at(1_048_576).unwrap().cell(2).text, "x");
    assert!(sheet.row_at(2_000).is_none());
}

#[test]
fn hidden_sheets_are_not_read() {
    let mut writer = Writer::new();
    writer.add_worksheet().set_name("名单").unwrap().write(0, 0, "姓名").unwrap();
    writer.add_worksheet().set_name("字典").unwrap().set_hidden(true).write(0, 0, "代码").unwrap();
    let read = read(&writer.save_to_buffer().unwrap(), "a.xlsx").unwrap();
    assert_eq!(read.sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["名单"]);
}

#[test]
fn a_file_is_what_its_bytes_say() {
    let bytes = workbook(|sheet| {
        sheet.write(0, 0, "姓名").unwrap();
    });
    let as_csv = read(&bytes, "名单.csv").unwrap();
    assert_eq!((as_csv.format, as_csv.named_otherwise), (Format::Xlsx, true));
    let as_xlsx = read("姓名,学校\n张三,x\n".as_bytes(), "名单.xlsx").unwrap();
    assert_eq!((as_xlsx.format, as_xlsx.named_otherwise), (Format::Delimited, true));
}

#[test]
fn what_is_no_table_is_refused_by_name() {
    let archive = |name: &str| {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(b"x").unwrap();
        writer.finish().unwrap().into_inner()
    };
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let empty_sheet = workbook(|_| {});
    for (bytes, key) in [
        (b"".to_vec(), "file_empty"),
        (b"\xef\xbb\xbf".to_vec(), "file_empty"),
        (b" \r\n\r\n".to_vec(), "file_empty"),
        (b",,,\n,,,\n".to_vec(), "file_empty"),
        (empty_sheet, "file_empty"),
        (b"%PDF-1.7 ...".to_vec(), "file_other_kind"),
        (b"\x89PNG\r\n\x1a\n".to_vec(), "file_other_kind"),
        (archive("word/document.xml"), "file_other_kind"),
        (archive("a.txt"), "file_other_kind"),
        (archive("xl/workbook.xml"), "file_damaged"),
        (b"PK\x03\x04 and nothing".to_vec(), "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "file_old_workbook"),
        ([b"\xd0\xcf\x11\xe0".as_slice(), &encrypted].concat(), "file_locked"),
        (b"<html><table><tr><td>x</td></tr></table></html>".to_vec(), "file_web_page"),
        ("\u{feff}[ {\"姓名\":\"张三\"}]".as_bytes().to_vec(), "file_other_kind"),
        ("{\"姓名\":\"张三\"}\n{\"姓名\":\"李四\"}\n".as_bytes().to_vec(), "file_other_kind"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>".to_vec(), "file_web_page"),
        (vec![0, 1, 2, 3, 4, 5, 6, 7, 8], "file_other_kind"),
    ] {
        let fault = read(&bytes, "名单.csv").unwrap_err();
        assert_eq!(fault.key(), key, "{bytes:?}");
        assert!(!fault.chinese().is_empty() && !fault.english().is_empty());
    }
    assert_eq!(read("BMI,姓名\n18,张三\n".as_bytes(), "a.csv").unwrap().format, Format::Delimited);
}

#[test]
fn what_cannot_be_read_and_is_named_otherwise_is_told_so() {
    let archive = {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        writer.start_file("名单.csv", zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all("姓名\n".as_bytes()).unwrap();
        writer.finish().unwrap().into_inner()
    };
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    let page = b"<html><table></table></html>".to_vec();
    let (pdf, picture) = (b"%PDF-1.7 ...".to_vec(), b"\x89PNG\r\n\x1a\n".to_vec());
    for (bytes, name, key, type_, is_named) in [
        (&archive, "名单.xlsx", "file_other_kind", "压缩包", true),
        (&archive, "名单.zip", "file_other_kind", "压缩包", false),
        (&old, "名单.xlsx", "file_old_workbook", "旧版 .xls", true),
        (&old, "名单.XLS", "file_old_workbook", "旧版 .xls", false),
        (&page, "名单.xls", "file_web_page", "网页", true),
        (&pdf, "名单.csv", "file_other_kind", "PDF", true),
        (&pdf, "名单.pdf", "file_other_kind", "PDF", false),
        (&picture, "名单.xlsx", "file_other_kind", "图片", true),
    ] {
        let fault = read(bytes, name).unwrap_err();
        assert_eq!(fault.key(), key, "{name}");
        let (chinese, english) = (fault.chinese(), fault.english());
        assert!(chinese.contains(type_) && chinese.contains("另存为"), "{chinese}");
        assert!(english.contains(".xlsx") && english.contains("ave "), "{english}");
        assert_eq!(chinese.contains("另一种类型"), is_named, "{name}: {chinese}");
        assert_eq!(english.contains("another type"), is_named, "{name}: {english}");
    }
}

/// `bytes` of a workbook with one of its parts changed.
fn with_part(bytes: &[u8], changed: &str, from: &str, to: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut text = Vec::new();
        part.read_to_end(&mut text).unwrap();
        let name = part.name().unwrap().into_owned();
        if name == changed {
            let part = String::from_utf8(text).unwrap();
            assert!(part.contains(from), "{part}");
            text = part.replacen(from, to, 1).into_bytes();
        }
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&text).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_says_from_which_day_it_counts() {
    let bytes = workbook(|sheet| {
        sheet.write(0, 0, 39_877).unwrap();
    });
    assert!(!read(&bytes, "a.xlsx").unwrap().sheets[0].counts_from_1904);
    for (setting, counts) in [("date1904=\"1\"", true), ("date1904='true'", true), ("date1904=\"0\"", false)]
    {
        let changed =
            with_part(&bytes, "xl/workbook.xml", "<workbookPr ", &format!("<workbookPr {setting} "));
        let read = read(&changed, "a.xlsx").unwrap();
        assert_eq!(read.sheets[0].counts_from_1904, counts, "{setting}");
    }
}

#[test]
fn a_formula_without_a_value_is_an_error() {
    let bytes = workbook(|sheet| {
        sheet.write(0, 0, "天数").unwrap();
        sheet.write_formula(1, 0, Formula::new("=1+2").set_result("3")).unwrap();
        sheet.write_formula(2, 0, Formula::new("=3+4").set_result("7")).unwrap();
    });
    let sheet = "xl/worksheets/sheet1.xml";
    let value = "<f>1+2</f><v>3</v>";
    for without in ["<f>1+2</f><v></v>", "<f>1+2</f><v/>", "<f>1+2</f><v />", "<f>1+2</f>"] {
        let read = read(&with_part(&bytes, sheet, value, without), "a.xlsx").unwrap();
        let kinds: Vec<CellKind> = read.sheets[0].rows().map(|row| row.cell(0).kind).collect();
        assert_eq!(kinds, [CellKind::Text, CellKind::Error, CellKind::Number], "{without}");
    }
    // A program that can reckon says that the text is empty.
    let empty =
        with_part(&bytes, sheet, "<c r=\"A2\"><f>1+2</f><v>3</v>", "<c r=\"A2\" t=\"str\"><f>1+2</f><v></v>");
    let read = read(&empty, "a.xlsx").unwrap();
    assert!(read.sheets[0].rows().all(|row| row.cell(0).kind != CellKind::Error));
}

#[test]
fn a_damaged_workbook_is_refused_whichever_byte_is_wrong() {
    let bytes = workbook(|sheet| {
        for row in 0..20 {
            sheet.write(row, 0, "张三").unwrap();
        }
    });
    for cut in (0..bytes.len()).step_by(97) {
        let _ = read(&bytes[..cut], "a.xlsx").map_err(|fault| assert!(!fault.key().is_empty()));
        let mut wrong = bytes.clone();
        wrong[cut] ^= 0x5a;
        let _ = read(&wrong, "a.xlsx").map_err(|fault| assert!(!fault.key().is_empty()));
    }
}

#[test]
fn a_packed_file_that_unpacks_without_end_is_refused_before_it_is_read() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["xl/workbook.xml", "xl/sharedStrings.xml"] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..6 {
            writer.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert!(bytes.len() < 100 << 10);
    let limits = Limits { unpacked_bytes: 10 << 20, ..Limits::default() };
    assert_eq!(
        read_within(&bytes, "a.xlsx", &limits).unwrap_err(),
        FileFault::TooMuch { what: "unpacked bytes", most: 10 << 20 }
    );
    let limits = Limits { bytes: 10, ..Limits::default() };
    assert_eq!(read_within(&bytes, "a.xlsx", &limits).unwrap_err().key(), "file_too_large");
}

/// A workbook that counts its days from 1904, as those of old Macintosh computers do: the day is the one that is shown.
#[test]
fn days_are_counted_from_where_the_workbook_says() {
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let bytes = workbook(|sheet| {
        sheet.write_with_format(0, 0, 44_147, &date).unwrap();
    });
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut changed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        changed.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        let text = text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ");
        changed.write_all(text.as_bytes()).unwrap();
    }
    let bytes = changed.finish().unwrap().into_inner();
    let read = read(&bytes, "a.xlsx").unwrap();
    assert_eq!(read.sheets[0].row(0).unwrap().cell(0).text, "2024-11-13");
}
