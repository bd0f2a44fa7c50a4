//! Rows with something wrong in them: "A row is rejected only if (a) … (e). Any other defect is a warning: the row is
//! taken, the value kept as it came and not used."

use super::lines::full_width;
use super::*;
use crate::reading::RejectionCode as Code;

/// "A person needs a name or a usable ID; words for "none" and labels of empty homes are neither."
#[tokio::test]
async fn a_person_needs_a_name_or_a_usable_number() {
    let mut cases = Vec::new();
    let row = |name: &str, number: &str| format!("姓名,身份证号,学校\n\"{name}\",{number},x\n");
    let missing =
        ["", "无", "不详", "未知", "/", " / ", "（无）", "N/A", "null", "NaN", "暂无", "——", "-", "無", "空"];
    for name in missing {
        cases.push(Case::text(name, "school", &row(name, "")).rejects(2, "姓名", Code::PersonMissing));
    }
    let homes = [
        "空户",
        "空置",
        "空 户",
        "【空户】",
        "空户。",
        "无人居住",
        "无人在家",
        "没人",
        "未住人",
        "出租屋（空）",
        "出租屋(空置)",
        "出租",
        "空置（出租）",
        "此房空置",
        "3栋501（空）",
        "户主：空户",
        "商铺",
        "自住",
    ];
    for name in homes {
        cases.push(Case::text(name, "school", &row(name, "")).rejects(2, "姓名", Code::EmptyHome));
    }
    let unreadable = [
        "#REF!",
        "待核",
        "123",
        "13812346207",
        "儿童：",
        "儿童：无",
        "成员：不详",
        "姓名不详",
        "未命名",
        "新生儿",
        "租客",
        "拒访",
        "!!!",
        "父母",
    ];
    for name in unreadable {
        cases.push(Case::text(name, "school", &row(name, "")).rejects(2, "姓名", Code::PersonUnreadable));
    }
    let id = child(123);
    for name in ["无", "/"] {
        let what = format!("{name} with a number");
        cases.push(Case::text(what, "school", &row(name, &id)).taken(1));
    }
    for name in ["空户", "待核", "#REF!", "123"] {
        let what = format!("{name} with a number");
        cases.push(Case::text(what, "school", &row(name, &id)).taken(1).warnings(1));
    }
    for number in ["4403**********1234", "4.40301E+17", "无", "待核", "#N/A"] {
        let what = format!("no name, and {number}");
        cases.push(Case::text(what, "school", &row("无", number)).rejects(2, "姓名", Code::PersonMissing));
    }
    check(cases).await;
}

/// "Names are recognised with a role before them (儿童, 家长, 监护人, 户主, 成员)", and however the dot is typed: all
/// rows of one file are about one name.
#[tokio::test]
async fn names_in_every_form() {
    let roles = [
        "张三",
        "张 三",
        "张\u{3000}三",
        "张\u{a0}三",
        "\"张\n三\"",
        "儿童：张三",
        "儿童 张三",
        "儿童张三",
        "（儿童）张三",
        "家长:张三",
        "监护人：张三",
        "监护人（张三）",
        "户主：张三",
        "户主-张三",
        "张三（户主）",
        "成员：张三",
        "成员1：张三",
        "儿童（2）：张三",
        "成员姓名：张三",
        "1、张三",
        "2.张三",
        "★张三",
        "张三①",
        "“张三”",
        "张三13812346207",
    ];
    let dots = [
        "阿依古丽·买买提",
        "阿依古丽•买买提",
        "阿依古丽‧买买提",
        "阿依古丽．买买提",
        "阿依古丽.买买提",
        "阿依古丽・买买提",
        "阿依古丽･买买提",
        "阿依古丽●买买提",
        "阿依古丽。买买提",
        "阿依古丽 · 买买提",
    ];
    let mut cases = Vec::new();
    for names in [roles.as_slice(), dots.as_slice()] {
        for name in names {
            // The same name and birth on a second row make one key: the warning says that the two names are one.
            let text = format!("姓名,出生日期,学校\n{},2013-03-06,x\n{name},2013-03-06,y\n", names[0]);
            cases.push(Case::text(*name, "school", &text).taken(2).warnings(1).linked(1));
        }
    }
    for name in ["张某", "张某某", "张*", "张**", "张X", "张●", "张?", "张先生", "张", "张三、李四"]
    {
        cases.push(Case::text(name, "school", &format!("姓名\n{name}\n")).taken(1).warnings(1));
    }
    for name in ["李长空", "司空图", "欧阳 娜娜", "John Smith", "𠮷野"] {
        cases.push(Case::text(name, "school", &format!("姓名\n{name}\n")).taken(1));
    }
    check(cases).await;
}

#[tokio::test]
async fn numbers_in_every_form() {
    let id = child(123);
    let mut wrong = id.clone();
    wrong.replace_range(17.., if id.ends_with('1') { "2" } else { "1" });
    let mut cases = Vec::new();
    let sound = [
        id.clone(),
        format!(" {id} "),
        format!("'{id}"),
        format!("=\"{id}\""),
        full_width(&id),
        format!("{} {} {}", &id[..6], &id[6..14], &id[14..]),
        format!("身份证：{id}"),
        format!("\u{200b}{id}\u{a0}"),
    ];
    for text in sound {
        // The second row is linked by the number alone.
        let table = format!("姓名,身份证号\n张三,{id}\n无,\"{}\"\n", text.replace('"', "\"\""));
        let case = Case::text(text.clone(), "school", &table);
        cases.push(case.taken(2).warnings(1).linked(1));
    }
    let faulty = [
        wrong.as_str(),
        &id[..17],
        "4403**********1234",
        "440305XXXXXXXX1234",
        "4.40301E+17",
        "4.40305201303061E+17",
        "440305201303061000",
        "440305201303061000.0",
        "440305201302301234",
        "440305203001011234",
        "000305201303061234",
        "440305130306123",
        "户口本",
        "待核",
        "#REF!",
        &adult(7),
    ];
    for number in faulty {
        let table = format!("姓名,身份证号\n张三,{number}\n");
        cases.push(Case::text(number, "school", &table).taken(1).warnings(1));
    }
    let grid = |birth: &str, sex: &str, number: &str| {
        format!("姓名,身份证号,出生日期,性别\n张三,{number},{birth},{sex}\n")
    };
    for (what, birth, sex, number, warned) in [
        ("all of one person", "2013-03-06", "男", id.as_str(), 0),
        ("a lower-case x", "", "女", "11010519491231002x", 0),
        ("fifteen digits", "", "", "110105491231002", 0),
        ("another birth", "2011-11-28", "男", &id, 1),
        ("day and month swapped", "2013-06-03", "男", &id, 1),
        ("another sex", "2013-03-06", "女", &id, 1),
        ("the mother's number", "2013-03-06", "男", &adult(8), 1),
        ("an impossible birth", "2013-13-40", "男", &id, 1),
        ("a birth to come", "2099-01-01", "男", &id, 1),
        ("an ambiguous birth", "13.3.6", "男", &id, 1),
        ("a birth in Chinese numerals", "二〇一三年三月六日", "男", &id, 0),
    ] {
        cases.push(Case::text(what, "grid", &grid(birth, sex, number)).taken(1).warnings(warned));
    }
    check(cases).await;
}

/// "(b) its event date (call, visit) is impossible or in the future"; any other defect of a date is a warning.
#[tokio::test]
async fn event_days_in_every_form() {
    let mut cases = Vec::new();
    let table = |day: &str| format!("姓名,走访日期\n张三,{day}\n");
    let days = [
        "2015年3月5日",
        "2015/3/5",
        "2015.03.05",
        "20150305",
        "42068",
        "42068.5",
        "２０１５－３－５",
        "二〇一五年三月五日",
        "2015-03-05T00:00:00",
        "2015年3月5日 上午9时",
        "2015-3-5（周四）",
        "13/3/2015",
        "2015.3.5.",
        "",
        "无",
        "不详",
    ];
    for day in days {
        cases.push(Case::text(day, "grid", &table(day)).taken(1));
    }
    for day in
        ["15.3.5", "2015年3月", "2015", "待核", "#VALUE!", "昨天", "3月5日", "5/3/2015", "2015-3-5至2015-3-8"]
    {
        cases.push(Case::text(day, "grid", &table(day)).taken(1).warnings(1));
    }
    let impossible = [
        "2015-13-40",
        "2月30日",
        "2015年13月40日",
        "20151340",
        "2015.2.29",
        "2015-00-00",
        "32/13/2015",
        "1900-1-0",
    ];
    for day in impossible {
        cases.push(Case::text(day, "grid", &table(day)).rejects(2, "走访日期", Code::EventImpossible));
    }
    for day in ["2099-1-1", "2099年1月", "2099", "二〇九九年一月一日", "72700", "2099-01-01 08:00:00"]
    {
        cases.push(Case::text(day, "grid", &table(day)).rejects(2, "走访日期", Code::EventFuture));
    }
    // Of a day that is no event's all this is a warning.
    for day in ["2015-13-40", "2099-1-1", "2月30日"] {
        let text = table(day).replace("走访日期", "登记日期");
        cases.push(Case::text(format!("registered {day}"), "grid", &text).taken(1).warnings(1));
    }
    check(cases).await;
}

/// "(c) its starred key stands on an earlier row of the delivery with other content"; "An exact copy within a delivery
/// counts under `duplicates`, neither accepted nor rejected."
#[tokio::test]
async fn copies_and_keys() {
    let id = child(123);
    check(vec![
        Case::text(
            "copies, by another line number",
            "school",
            &format!("序号,姓名,身份证号\n1,张三,{id}\n2,张三,{id}\n3,张三,{id}\n"),
        )
        .taken(1)
        .duplicates(2),
        Case::text("copies of a rejected row", "school", "姓名,学校\n无,x\n无,x\n").duplicates(1).rejects(
            2,
            "姓名",
            Code::PersonMissing,
        ),
        Case::text(
            "one key, other content",
            "disabled",
            "残疾人证号,姓名,残疾等级\nA1,张三,一级\nA1,张三,一级\nA1,李四,一级\nA2,李四,一级\n",
        )
        .taken(2)
        .duplicates(1)
        .rejects(4, "残疾人证号", Code::KeyConflict),
        Case::text("the key of a row that was not taken", "disabled", "残疾人证号,姓名\nA1,无\nA1,张三\n")
            .taken(1)
            .rejects(2, "姓名", Code::PersonMissing),
        Case::text(
            "words for none are no key",
            "disabled",
            "残疾人证号,姓名\n无,张三\n无,李四\n/,王五\n,赵六\n",
        )
        .taken(4),
        Case::text(
            "no starred key: both are taken",
            "school",
            &format!("姓名,身份证号,缺勤天数\n张三,{id},1\n张三,{id},2\n"),
        )
        .taken(2)
        .warnings(1)
        .linked(1),
        Case::text(
            "a separator too many copies nothing",
            "school",
            "姓名,学校\n张三,x\n张三,x,\n张三,x\n李四,y\n",
        )
        .taken(2)
        .duplicates(1)
        .rejects(3, "", Code::FieldCount),
    ])
    .await;
}

/// "(e) its household cannot be told."
#[tokio::test]
async fn households_that_cannot_be_told() {
    check(vec![
        Case::text(
            "no number, no door",
            "grid",
            "户号,姓名,与户主关系,现住址\n1,张三,户主,x\n1,李四,妻,x\n,王五,子,\n无,赵六,子,南山区\n",
        )
        .taken(2)
        .rejects(4, "户号", Code::HouseholdUnknown)
        .rejects(5, "户号", Code::HouseholdUnknown),
        Case::text(
            "a member who was forgotten",
            "grid",
            "户号,姓名,与户主关系\n1,张三,户主\n2,李四,户主\n,王五,子\n",
        )
        .taken(2)
        .rejects(4, "户号", Code::HouseholdUnknown),
        Case::text(
            "a formula, and still to be verified",
            "grid",
            "户号,姓名,与户主关系\n#REF!,张三,户主\n待核,李四,户主\n1,王五,户主\n",
        )
        .taken(1)
        .rejects(2, "户号", Code::HouseholdUnknown)
        .rejects(3, "户号", Code::HouseholdUnknown),
        Case::text("told by the door", "grid", "户号,姓名,现住址\n,张三,x路1号101\n,李四,同上\n").taken(2),
        Case::text(
            "named on the first line only",
            "grid",
            "户号,姓名,与户主关系\n1,张三,户主\n,李四,妻\n,张小,子\n2,王五,户主\n",
        )
        .taken(4),
        Case::text(
            "a word for none is no merged cell",
            "grid",
            "户号,姓名,与户主关系\n1,张三,户主\n,李四,妻\n无,张小,子\n",
        )
        .taken(2)
        .rejects(4, "户号", Code::HouseholdUnknown),
        Case::text(
            "no copy of one in another household",
            "grid",
            "户号,姓名,与户主关系\n1,张三,户主\n,王芳,妻\n2,李四,户主\n,王芳,妻\n",
        )
        .taken(4)
        .warnings(1),
        Case::text(
            "told by the head",
            "grid",
            "户主姓名,姓名,与户主关系\n张三,张三,户主\n张三,李四,妻\n,王五,子\n张某,赵六,子\n",
        )
        .taken(2)
        .rejects(4, "户主姓名", Code::HouseholdUnknown)
        .rejects(5, "户主姓名", Code::HouseholdUnknown),
        Case::text("a file that tells none", "grid", "姓名,性别\n张三,男\n").taken(1),
        Case::text("a feed by person", "school", "姓名,户号\n张三,\n").taken(1),
    ])
    .await;
}

/// Every other cell with something wrong in it: a warning, and the row is taken.
#[tokio::test]
async fn other_cells() {
    let mut cases = Vec::new();
    let table = |heading: &str, value: &str| format!("姓名,{heading}\n张三,{value}\n");
    for (feed, heading, value, warned) in [
        ("grid", "联系电话", "138****6207", 1),
        ("grid", "联系电话", "1.38123E+10", 1),
        ("grid", "联系电话", "1381234620", 1),
        ("grid", "联系电话", "00000000000", 1),
        ("grid", "联系电话", "+86 138-1234-6207", 0),
        ("grid", "联系电话", "13812346207/0755-26123456", 0),
        ("grid", "社区", "某某社区", 1),
        ("grid", "社区", "长源社区", 0),
        ("grid", "性别", "中", 1),
        ("grid", "性别", "9", 0),
        ("grid", "年龄", "一百岁以上很多", 1),
        ("school", "缺勤天数", "-3", 1),
        ("school", "缺勤天数", "1000", 1),
        ("school", "缺勤天数", "半天", 1),
        ("school", "缺勤天数", "约12天", 0),
        ("school", "缺勤天数", "#DIV/0!", 1),
        ("school", "缺勤天数", "Err:502", 1),
        ("school", "监护人", "李某", 1),
        ("school", "监护人", "奶奶", 1),
        ("school", "监护人", "父：李四 母：王五", 0),
        ("school", "监护人", "外婆李四", 0),
        ("disabled", "残疾等级", "五级", 1),
        ("disabled", "残疾等级", "三级（中度）", 0),
        ("disabled", "残疾等级", "待核", 1),
    ] {
        let what = format!("{heading} {value}");
        cases.push(Case::text(what, feed, &table(heading, value)).taken(1).warnings(warned));
    }
    check(cases).await;
}

/// "(a) a required cell is empty or unreadable"; "a file without the required columns is refused, naming them". The
/// shipped feeds require the person alone; another may require more.
#[tokio::test]
async fn what_a_feed_requires() {
    let database = store::testing::sqlite(&migrations()).await;
    let importer = importer(&database);
    let described = include_str!("../../../../../feeds/school.toml")
        .replace("means = \"school\"\n", "means = \"school\"\nrequired = true\n")
        .replace("means = \"number\"\n", "means = \"number\"\nrequired = true\n")
        .replace(
            "means = \"name\"\nheadings = [\"姓名\"",
            "means = \"name\"\nrequired = true\nheadings = [\"姓名\"",
        );
    let feed = Feed::parse(&described).unwrap();
    let options = Options { dry_run: true, language: Language::Chinese };
    let run = async |text: &str| {
        importer.run(&feed, File { name: "名单.csv", bytes: text.as_bytes() }, options).await
    };
    let refused = run("姓名,年龄\n张三,3\n").await.unwrap_err().says(Language::Chinese);
    assert!(refused.contains("学校") && refused.contains("缺勤天数"), "{refused}");

    let text = "姓名,学校,年龄,缺勤天数\n张三,西丽某小学,9,3\n李四,,9,3\n王五,无,9,3\n赵六,西丽某小学,9,很多\n钱七,西丽某小学,9,#REF!\n张某,西丽某小学,9,3\n,西丽某小学,9,3\n";
    let report = run(text).await.unwrap();
    let rejected: Vec<(u32, &str)> =
        report.rejections.iter().map(|rejection| (rejection.row, rejection.column.as_str())).collect();
    assert_eq!(rejected, [(3, "学校"), (4, "学校"), (5, "缺勤天数"), (6, "缺勤天数"), (8, "姓名")]);
    assert_eq!((report.figures.accepted, report.figures.warnings), (2, 1), "a name in part is a warning");
}
