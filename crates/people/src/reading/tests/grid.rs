//! Lists by household.

use super::*;

fn households(reading: &Reading) -> Vec<Option<String>> {
    reading.rows.iter().map(|row| row.values.household.as_ref().map(|claim| claim.key.clone())).collect()
}

#[test]
fn rows_of_one_household_share_its_number() {
    let text = "户号,姓名,与户主关系,现住址,社区,街道,区,标签,登记日期\n\
                A01,户主:张三,户主,桃源街道长源社区1栋101,长源社区,桃源街道,南山区,,2024-1-2\n\
                A01,成员:李四,配偶,桃源街道长源社区1栋101,长源社区,桃源街道,南山区,,2024-1-2\n\
                A01,儿童:张小,子,桃源街道长源社区1栋101,长源社区,桃源街道,南山区,留守儿童、低保,2024-1-2\n\
                A02,王五,户主,同上,同上,桃源街道,南山区,,2024-1-2\n";
    let reading = read_as("grid", text);
    assert_eq!(figures(&reading), (4, 0, 0, 1));
    assert_eq!(warnings(&reading), []);
    assert_eq!(households(&reading), ["A01", "A01", "A01", "A02"].map(|key| Some(key.to_owned())));
    let child = &reading.rows[2];
    assert_eq!(child.values.name.as_deref(), Some("张小"));
    let path = child.values.area().unwrap();
    assert_eq!(tree().name_of(&path), "南山区 桃源街道 长源社区");
    assert_eq!(
        child.indicators.iter().map(|indicator| indicator.kind.as_str()).collect::<Vec<_>>(),
        ["left_behind", "low_income"]
    );
    assert_eq!(reading.rows[3].values.area(), Some(path), "as above");
}

#[test]
fn a_household_that_cannot_be_told_sets_the_row_aside() {
    let reading = read_as(
        "grid",
        "户号,姓名,与户主关系,现住址\n1,张三,户主,x路1号\n1,李四,妻,x路1号\n,王五,子,\n无,赵六,子,不详\n,孙七,户主,y路2号\n,周八,子,南山区\n",
    );
    assert_eq!(
        rejections(&reading),
        [(4, "household_unknown"), (5, "household_unknown"), (7, "household_unknown")]
    );
    assert_eq!(reading.rejections[0].code.letter(), 'e');
    assert_eq!(households(&reading)[2].as_deref(), Some("y路2号"));
    // A list of single persons asks for no household.
    assert_eq!(figures(&read_as("school", "姓名,户号\n张三,\n")), (1, 0, 0, 1));
    // A file without such columns tells none, and is taken.
    assert_eq!(figures(&read_as("grid", "姓名,性别\n张三,男\n")), (1, 0, 0, 1));
}

#[test]
fn a_list_made_with_merged_cells_names_the_household_once() {
    let reading =
        read_as("grid", "户号,姓名,与户主关系\n1,张三,户主\n,李四,妻\n,张小,子\n2,王五,户主\n,赵六,夫\n");
    assert_eq!(households(&reading), ["1", "1", "1", "2", "2"].map(|key| Some(key.to_owned())));
}

#[test]
fn a_household_told_by_its_head() {
    let reading = read_as(
        "grid",
        "户主姓名,姓名,与户主关系,现住址\n张三,张三,户主,x路1号\n张三,李四,妻,x路1号\n,王五,子,\n",
    );
    assert_eq!(households(&reading)[0], households(&reading)[1]);
    assert_eq!(rejections(&reading), [(4, "household_unknown")]);
}

#[test]
fn empty_homes_are_set_aside_and_unknown_areas_noted() {
    let reading = read_as(
        "grid",
        "户号,姓名,社区\n1,空户,长源社区\n2,张三,某某社区\n3,李四,长源\n4,出租屋（空）,\n5,空置,x\n",
    );
    assert_eq!(rejections(&reading), [(2, "empty_home"), (5, "empty_home"), (6, "empty_home")]);
    assert_eq!(warnings(&reading), [(3, "area_unknown")]);
}

#[test]
fn flags_and_kinds_of_residence_yield_indicators() {
    let reading = read_as(
        "grid",
        "姓名,是否留守,人口类型,是否独居\n张三,是,流动人口,否\n李四,否,户籍,√\n王五,,非户籍,\n",
    );
    let kinds: Vec<Vec<&str>> =
        reading.rows.iter().map(|row| row.indicators.iter().map(|i| i.kind.as_str()).collect()).collect();
    assert_eq!(kinds, [vec!["left_behind", "migrant"], vec!["living_alone"], vec![]]);
}
