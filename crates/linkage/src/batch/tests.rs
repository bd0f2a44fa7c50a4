//! Goal: files are linked as single records are, whatever the number of threads; what is wrong with a file is told with
//! its line; a lent number does not hide whose the row is.

use super::*;
use crate::Person;
use crate::record::PersonAddress;
use proptest::prelude::*;
use uuid::Uuid;

const HEADER: &str = "record_id,name,id_no,birth_date,sex,phone,district,subdistrict,community,estate,building,room,address,guardian_name";

/// The shipped model as single records are weighed by: nothing learnt, nothing borrowed.
fn plain_model() -> Model {
    Model { borrowed: None, teacher: None, ..model() }
}

fn model() -> Model {
    Model::parse(include_str!("../../../../linkage/cn-person.toml")).unwrap()
}

fn read(model: Model, left: &[u8], right: &[u8]) -> Result<Files, FilesFault> {
    Files::read(model, Source::new(left), Source::new(right))
}

/// One row, drawn from so few values that rows agree often.
#[derive(Debug, Clone)]
struct Line {
    name: &'static str,
    number: &'static str,
    birth: &'static str,
    sex: &'static str,
    phone: &'static str,
    estate: &'static str,
    room: &'static str,
    guardian: &'static str,
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let one_of = |values: &'static [&'static str]| prop::sample::select(values);
    let line = (
        one_of(&["张子涵", "张梓涵", "張子涵", "张子晗", "李伟", "欧阳娜娜", "阿依努尔·买买提", "张*", ""]),
        one_of(&[
            "11010519491231002X",
            "110105491231002",
            "11010519491231003X",
            "440305201303060016",
            "待核",
            "",
        ]),
        one_of(&["2013-03-06", "2013-06-03", "2013年3月6日", "2013", "1949-12-31", ""]),
        one_of(&["男", "女", "", "?"]),
        one_of(&["13800138000", "13800138001", "0755-12345678", "无", ""]),
        one_of(&["锦绣花园", "锦绣花", "大冲新村", ""]),
        one_of(&["1203", "1203室", "502", ""]),
        one_of(&["张伟", "李伟", "王芳", ""]),
    );
    let line = line.prop_map(|(name, number, birth, sex, phone, estate, room, guardian)| Line {
        name,
        number,
        birth,
        sex,
        phone,
        estate,
        room,
        guardian,
    });
    prop::collection::vec(line, 1..24)
}

fn csv_of(prefix: &str, lines: &[Line]) -> String {
    let rows = lines.iter().enumerate().map(|(place, line)| {
        let Line { name, number, birth, sex, phone, estate, room, guardian } = line;
        format!("{prefix}{place},{name},{number},{birth},{sex},{phone},南山区,,,{estate},十二栋,{room},,{guardian}\n")
    });
    format!("{HEADER}\n{}", rows.collect::<String>())
}

fn record_of(place: usize, line: &Line) -> Record {
    let text = |text: &str| text.to_owned();
    let person = Person {
        id: Uuid::from_u128(place as u128),
        names: vec![text(line.name)],
        identity_number: text(line.number),
        birth: text(line.birth),
        sex: text(line.sex),
        phones: vec![text(line.phone)],
        guardian_names: vec![text(line.guardian)],
        guardian_phones: Vec::new(),
        addresses: vec![PersonAddress {
            district: text("南山区"),
            estate: text(line.estate),
            building: text("十二栋"),
            room: text(line.room),
            ..PersonAddress::default()
        }],
    };
    person.into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A file's rows have the candidates that the same records have in the live index, with the same weights.
    #[test]
    fn files_are_weighed_as_single_records_are(left in lines(), right in lines()) {
        let model = plain_model();
        let mut index = LiveIndex::new(model.clone());
        for (place, line) in right.iter().enumerate() {
            index.insert(&record_of(place, line));
        }
        let files = read(model, csv_of("L", &left).as_bytes(), csv_of("R", &right).as_bytes()).unwrap();
        let found = files.all_candidates();
        for (place, line) in left.iter().enumerate() {
            let single = index.score(&record_of(9_999, line), usize::MAX);
            let mut single: Vec<(u128, f64)> =
                single.iter().map(|found| (found.id.as_u128(), found.total_weight)).collect();
            single.retain(|(_, weight)| *weight >= files.model.zones.listed);
            single.sort_by_key(|(id, _)| *id);
            let ours: Vec<(u128, f64)> = found
                .iter()
                .filter(|(row, ..)| *row as usize == place)
                .map(|(_, right, weight)| (u128::from(*right), *weight))
                .collect();
            prop_assert_eq!(ours.len(), single.len(), "{:?}: {:?} {:?}", line, ours, single);
            for ((right, weight), (id, total)) in ours.iter().zip(&single) {
                prop_assert_eq!(right, id);
                prop_assert!((weight - total).abs() < 1e-9, "{:?}: {} {}", line, weight, total);
            }
        }
    }

    /// The lines of an explanation add up to the weight by which rows are linked, whatever was learnt and lent.
    #[test]
    fn explanations_add_up(left in lines(), right in lines()) {
        let mut files = read(model(), csv_of("L", &left).as_bytes(), csv_of("R", &right).as_bytes()).unwrap();
        files.train(TrainOptions { random_pairs: 1_000, ..TrainOptions::default() });
        for (left, right, weight) in files.all_candidates() {
            let explained = files.explain(&format!("L{left}"), &format!("R{right}")).unwrap();
            prop_assert!((explained.total_weight - weight).abs() < 1e-9, "{:?} {}", explained, weight);
            prop_assert!(explained.to_text(true).lines().count() == explained.lines.len() + 1);
        }
        prop_assert_eq!(files.explain("L0", "nobody"), None);
    }

    /// One thread or three: the same model is learnt and the same pairs are found.
    #[test]
    fn threads_change_nothing(left in lines(), right in lines()) {
        let (left, right) = (csv_of("L", &left), csv_of("R", &right));
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let mut files = read(model(), left.as_bytes(), right.as_bytes()).unwrap();
                files.train(TrainOptions { random_pairs: 1_000, ..TrainOptions::default() });
                let mut out = Vec::new();
                files.write(&files.link(LinkOptions { threshold: 0.0, one_to_one: false }), &mut out).unwrap();
                out
            })
        };
        prop_assert_eq!(run(1), run(3));
    }

    /// The quick way to read a mobile number gives what the long way gives.
    #[test]
    fn a_plain_mobile_number_is_read_as_any_other(text in "1[0-9]{10}|[0-9]{7,12}") {
        if let Some(digits) = crate::read::Digits::plain_mobile(&text) {
            prop_assert_eq!(Some(digits), crate::read::Digits::read(&text));
        }
    }
}

fn linked(left: &str, right: &str, options: LinkOptions) -> Vec<(String, String)> {
    let text = |rows: &str| format!("{HEADER}\n{rows}");
    let files = read(model(), text(left).as_bytes(), text(right).as_bytes()).unwrap();
    let name = |pair: &Pair| {
        let (left, right) = files.ids(pair);
        (left.to_owned(), right.to_owned())
    };
    files.link(options).iter().map(name).collect()
}

const MASTER: &str = "\
M1,邱娟嘉,421181199010011429,1990-10-01,女,15067765546,龙岗区,龙城街道,龙中社区,中信雅苑,27栋,1204,,
M2,邱秀敏,440308201809019962,2018-09-01,女,15067765546,龙岗区,龙城街道,龙中社区,中信雅苑,27栋,1204,,邱娟嘉
M3,何国强,44030519850312001X,1985-03-12,男,13711223344,南山区,西丽街道,,白石洲,3栋,502,,
";

#[test]
fn two_rows_against_three_are_learnt_from_without_harm() {
    let left = format!(
        "{HEADER}\nF1,何国强,44030519850312001X,1985-03-12,男,13711223344,,,,,,,,\nF2,邱娟嘉,421181199010011429,1990-10-01,女,,,,,,,,,\n"
    );
    let mut files = read(model(), left.as_bytes(), format!("{HEADER}\n{MASTER}").as_bytes()).unwrap();
    files.train(TrainOptions::default());
    let pairs = files.link(LinkOptions { threshold: 0.9, one_to_one: false });
    let ids: Vec<_> = pairs.iter().map(|pair| files.ids(pair)).collect();
    assert_eq!(ids, [("F1", "M3"), ("F2", "M1")]);
}

#[test]
fn a_parents_number_on_a_childs_row_does_not_make_it_the_parents() {
    let row = "F1,邱秀敏,421181199010011429,1990-10-01,女,15067765546,龙岗区,龙城街道,,中信雅苑,27栋,1204室,,邱娟嘉\n";
    let options = LinkOptions { threshold: 0.5, one_to_one: false };
    assert_eq!(linked(row, MASTER, options), [("F1".to_owned(), "M2".to_owned())]);
    let own =
        "F2,邱娟嘉,421181199010011429,1990-10-01,女,15067765546,龙岗区,龙城街道,,中信雅苑,27栋,1204室,,\n";
    assert_eq!(linked(own, MASTER, options), [("F2".to_owned(), "M1".to_owned())]);
}

#[test]
fn two_rows_of_one_person_are_both_linked_unless_each_may_stand_once() {
    let twice = "F1,何国强,44030519850312001X,1985-03-12,男,13711223344,,,,,,,,\nF2,何国强,44030519850312001X,1985-03-12,男,,,,,白石洲,3栋,502,,\n";
    let all = linked(twice, MASTER, LinkOptions { threshold: 0.5, one_to_one: false });
    assert_eq!(all.len(), 2, "{all:?}");
    let once = linked(twice, MASTER, LinkOptions { threshold: 0.5, one_to_one: true });
    assert_eq!(once.len(), 1, "{once:?}");
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_line() {
    let refused = |left: &[u8], right: &[u8]| read(model(), left, right).unwrap_err();
    let good = format!("{HEADER}\n{MASTER}");
    let fault = refused(b"a,b\n1,2\n", good.as_bytes());
    assert!(fault.is_left() && fault.to_string().contains("id_no"), "{fault}");
    let short = format!("{good}M4,only two\n");
    let fault = refused(good.as_bytes(), short.as_bytes());
    assert!(!fault.is_left() && fault.to_string().starts_with("line 5: 2 cells"), "{fault}");
    let mut broken = good.clone().into_bytes();
    broken.extend(b"M4,\xff,,,,,,,,,,,,\n");
    let fault = refused(&broken, good.as_bytes());
    assert!(matches!(fault.fault(), FileFault::NotUtf8 { line: 5 }), "{fault}");
    let empty = read(model(), &b"name\n"[..], good.as_bytes()).unwrap();
    assert!(empty.is_empty() && empty.link(LinkOptions { threshold: 0.0, one_to_one: false }).is_empty());
}

#[test]
fn a_file_with_itself_falls_into_persons_and_two_valid_numbers_stay_apart() {
    // A1 and A2 are one person; A3 has no number and looks like both A1 and the twin A4, whose valid number is another.
    let rows = "A2,何国强,44030519850312001X,1985-03-12,男,13711223344,南山区,西丽街道,,白石洲,3栋,502,,
A1,何国强,44030519850312001X,1985-03-12,男,13711223344,南山区,西丽街道,,白石洲,三栋,502室,,
A3,何国强,,1985-03-12,男,13711223344,南山区,西丽街道,,白石洲,3栋,502,,
A4,何国强,440305198503120036,1985-03-12,男,13711223344,南山区,西丽街道,,白石洲,3栋,502,,
B1,邱娟嘉,421181199010011429,1990-10-01,女,15067765546,龙岗区,龙城街道,龙中社区,中信雅苑,27栋,1204,,
";
    let files = Files::read_one(model(), Source::new(format!("{HEADER}\n{rows}").as_bytes())).unwrap();
    let pairs = files.link(LinkOptions { threshold: 0.0, one_to_one: false });
    assert!(
        pairs.is_sorted_by_key(|pair| (pair.left, pair.right))
            && pairs.iter().all(|pair| pair.left < pair.right)
    );
    let persons = |before: &ClustersBefore| files.clusters(&pairs, ClusterBy::Persons, before);
    let clusters = persons(&ClustersBefore::default());
    assert_eq!(clusters.len(), 5);
    assert_eq!((&*clusters[0], &*clusters[1]), ("A1", "A1"), "a cluster is called by its least id");
    assert_ne!(clusters[1], clusters[3], "two valid numbers that differ are never one person's");
    assert_eq!(clusters[4], "B1");
    let mut out = Vec::new();
    files.write_clusters(&clusters, &mut out).unwrap();
    assert!(std::str::from_utf8(&out).unwrap().starts_with("record_id,cluster_id\nA2,A1\nA1,A1\nA3,"));

    // What was called before is called so again; a name goes where more of its rows are.
    assert_eq!(persons(&ClustersBefore::read(out.as_slice()).unwrap()), clusters);
    let before = "record_id,cluster_id\nA1,何家\nA2,何家\nB1,何家\nA4,A4\nGONE,X\n";
    let named = persons(&ClustersBefore::read(before.as_bytes()).unwrap());
    assert_eq!((&*named[0], &*named[1], &*named[3], &*named[4]), ("何家", "何家", "A4", "B1"));
    // A name is one cluster's, though it be the id of a row of another.
    let before = "record_id,cluster_id\nA1,B1\nA2,B1\n";
    let named = persons(&ClustersBefore::read(before.as_bytes()).unwrap());
    assert_eq!((&*named[0], &*named[1], &*named[4]), ("B1", "B1", "B1-2"));
    for (broken, line) in [("A1,\n", 2), ("A1,x\nA2,x\nA1,y\n", 4), ("A1\n", 2)] {
        let fault = ClustersBefore::read(format!("record_id,cluster_id\n{broken}").as_bytes()).unwrap_err();
        assert!(matches!(fault, FileFault::Cluster { line: at } if at == line), "{fault}");
    }
}

#[test]
fn links_alone_put_together_what_a_chain_of_pairs_holds() {
    let row = |row: usize| ["R", &row.to_string(), ",何国强,,1985-03-12,男,,,,,,,,,\n"].concat();
    let rows = (1..=5).map(row).collect::<Vec<_>>().concat();
    let files = Files::read_one(model(), Source::new(format!("{HEADER}\n{rows}").as_bytes())).unwrap();
    let pair = |left, right, probability| Pair { left, right, probability };
    let pairs = [pair(0, 1, 0.9), pair(1, 2, 0.6), pair(3, 4, 0.7)];
    let clusters = files.clusters(&pairs, ClusterBy::Links, &ClustersBefore::default());
    assert_eq!(clusters, ["R1", "R1", "R1", "R4", "R4"]);
}

#[test]
fn a_file_says_the_same_however_its_lines_and_cells_are_written() {
    let plain = format!("{HEADER}\n{MASTER}");
    let in_quotes = |line: &str| {
        line.split(',').map(|cell| ["\"", cell, "\""].concat()).collect::<Vec<_>>().join(",") + "\n"
    };
    let quoted: String = plain.lines().map(in_quotes).collect();
    let late_quote = plain.replace("M3,何国强", "M3,\"何国强\"");
    let ways = [
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        plain.replace('\n', "\n\n"),
        plain.replace('\n', "\r\n\r\n"),
        format!("\u{feff}{plain}"),
        plain.trim_end().to_owned(),
        quoted,
        late_quote,
    ];
    let pairs = |file: &str| {
        let files = read(model(), file.as_bytes(), plain.as_bytes()).unwrap();
        let mut out = Vec::new();
        files.write(&files.link(LinkOptions { threshold: 0.0, one_to_one: false }), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let expected = pairs(&plain);
    assert!(expected.lines().count() > 3, "{expected}");
    for way in ways {
        assert_eq!(pairs(&way), expected, "{way:?}");
    }
}

#[test]
fn lines_are_counted_past_empty_ones_and_past_the_first_quote() {
    let fault = |file: String| read(model(), file.as_bytes(), MASTER.as_bytes()).unwrap_err().to_string();
    // The right file is read first: it must be sound for the left one to be looked at.
    let fault_left = |rows: &str| {
        let good = format!("{HEADER}\n{MASTER}");
        read(model(), format!("{HEADER}\n{rows}").as_bytes(), good.as_bytes()).unwrap_err().to_string()
    };
    assert!(fault(format!("{HEADER}\n{MASTER}")).contains("no column"));
    assert!(fault_left(&format!("{MASTER}\n\nM4,two\n")).starts_with("line 7: 2 cells"));
    assert!(fault_left(&format!("\"M0\",a\n{MASTER}")).starts_with("line 2: 2 cells"));
    let fault = fault_left(&MASTER.replace("M3,", "M3,\",\","));
    assert!(fault.starts_with("line 4: 15 cells"), "{fault}");
}

#[test]
fn rows_longer_than_a_block_and_files_of_many_blocks_are_read_whole() {
    let long = "长".repeat(1 << 20);
    let row = |row: usize| ["N", &row.to_string(), ",何国强,,1985-03-12,男,,,,,,,,,\n"].concat();
    let rows: Vec<String> = (0..40_000).map(row).collect();
    let file = format!("{HEADER}\nX,{long},,,,,,,,,,,,\n{}", rows.concat());
    let files = Files::read_one(model(), Source::new(file.as_bytes())).unwrap();
    assert_eq!(files.len(), (40_001, 40_001));
    assert_eq!((files.left.id(0), files.left.id(40_000)), ("X", "N39999"));
}

proptest! {
    /// Words of one hash are one word to the reader of a file: the hash tells different cells apart.
    #[test]
    fn cells_are_told_apart_by_their_hash(one in "[张王李a-c]{0,9}", other in "[张王李a-c]{0,9}") {
        let of = |text: &str| crate::mixing::mix_bytes(text.as_bytes());
        prop_assert_eq!(of(&one) == of(&other), one == other);
    }
}
