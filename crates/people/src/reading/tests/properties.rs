//! What holds of any file.

use proptest::prelude::*;

use super::*;

/// Cells as they come, good and bad.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        prop::sample::select(vec![
            "张三",
            "李四",
            "无",
            "不详",
            "空户",
            "合计",
            "小计",
            "填表人：王五",
            "以下空白",
            "姓名",
            "身份证号",
            "待核",
            "#REF!",
            "4403**********1234",
            "4.40305E+17",
            "11010519491231002X",
            "2013-02-30",
            "2024-11-13",
            "45609",
            "13.3.6",
            "13812346207/13900001235",
            "儿童:张三",
            "\"",
            "\"a",
            "a\"b",
            "同上",
            "1",
            "2",
            "户主",
            "子",
            "是",
            "南山区桃源街道长源社区1号",
            "长源社区",
            "\n",
            "x\ny",
            "序号",
            "户号",
            "\u{fffd}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ]
}

/// Lines of fields, some with a field too many or too few.
fn table() -> impl Strategy<Value = String> {
    let line = prop::collection::vec(cell(), 0..9).prop_map(|cells| cells.join(","));
    prop::collection::vec(line, 0..20).prop_map(|lines| lines.join("\n"))
}

fn check(reading: &Reading) {
    let mut places: Vec<RowPlace> = reading.rows.iter().map(|row| row.place).collect();
    places.extend(reading.duplicates.iter().map(|duplicate| duplicate.place));
    places.extend(reading.rejections.iter().map(|rejection| rejection.place));
    places.extend(reading.skipped.iter().map(|skipped| skipped.place));
    let count = places.len();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), count, "every line is counted once");
    assert_eq!(count, reading.lines(usize::MAX).count(), "and none is lost");
    assert_eq!(reading.row_count(), reading.rows.len() + reading.duplicates.len() + reading.rejections.len());
    for row in &reading.rows {
        let values = &row.values;
        let names_somebody = values.name.is_some()
            || values.document.is_some()
            || row
                .warnings
                .iter()
                .any(|warning| matches!(warning.code.key(), "name_partial" | "name_several" | "pending"));
        assert!(names_somebody, "a row that is taken names somebody: {row:?}");
        assert!(!row.key.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_line_is_counted_once_whatever_stands_there(lines in table(), feed_key in prop::sample::select(vec!["grid", "disabled", "school"])) {
        let header = "序号,户号,姓名,身份证号,出生日期,与户主关系,现住址,最近日期,残疾人证号";
        check(&read_as(feed_key, &format!("{header}\n{lines}")));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(reading) = read(&bytes, "a.csv", feed("grid"), today(), tree()) {
            check(&reading);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in table()) {
        if let Ok(reading) = read(text.as_bytes(), "a.xlsx", feed("school"), today(), tree()) {
            check(&reading);
        }
    }

    /// Reading twice gives the same, whatever order threads run in.
    #[test]
    fn reading_is_a_function(lines in table()) {
        let text = format!("姓名,身份证号,户号,现住址\n{lines}");
        let (one, other) = (read_as("grid", &text), read_as("grid", &text));
        prop_assert_eq!(one.rows, other.rows);
        prop_assert_eq!(one.rejections, other.rejections);
    }
}
