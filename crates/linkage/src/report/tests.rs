//! Goal: the page foretells what the probabilities say, names rows by ids only, and loads nothing from outside.

use super::*;
use crate::batch::{LinkOptions, Source};
use crate::{Model, TrainOptions};

const LEFT: &str = "record_id,name,id_no,birth_date,phone,district,estate,building,room\n\
L1,夏侯云嵐,,2013年3月6日,13800006207,,锦绣花园,十二栋,1203室\n\
L2,赫连小川,440305201404040018,2014-04-04,,,,,\n\
L<3>,,,,,,,,\n";
const RIGHT: &str = "record_id,name,id_no,birth_date,phone,district,estate,building,room\n\
R1,夏侯云岚,440305201303060029,2013-03-06,13800006207,南山区,锦绣花园,12栋,1203\n\
R2,赫连小川,440305201404040018,2014-04-04,13900003381,南山区,大冲新村,3栋,502\n";

fn files() -> Files {
    let model = Model::parse(include_str!("../../../../linkage/cn-person.toml")).unwrap();
    Files::read(model, Source::new(LEFT.as_bytes()), Source::new(RIGHT.as_bytes())).unwrap()
}

#[test]
fn the_page_names_rows_by_ids_and_no_values() {
    let mut files = files();
    files.train(TrainOptions::default());
    let pairs = files.link(LinkOptions { threshold: 0.001, one_to_one: false });
    let truth = "record_id,true_id\nL1,a\nL2,b\nL<3>,c\nR1,a\nR2,b\n";
    let mut written = Vec::new();
    files.write(&pairs, &mut written).unwrap();
    let evaluation =
        crate::evaluate(written.as_slice(), truth.as_bytes(), LEFT.as_bytes(), Some(RIGHT.as_bytes()))
            .unwrap();
    let report = Report::new(&files, &pairs, 0.5, true, Some(evaluation));
    assert_eq!((report.linked, report.unlinkable.rows), ((2, 2), 1));
    let page = report.to_html(true);
    for value in ["夏侯", "赫连", "云嵐", "1380000", "440305", "锦绣", "1203", "2014-04"] {
        assert!(!page.contains(value), "{value}");
    }
    assert!(page.contains("<code>L&lt;3&gt;</code>") && !page.contains("L<3>"));
    for outside in ["http://", "https://", "url(", "@import", "<script", "src="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("class=\"curve\"") && page.contains("phone|guardian_phone"));
    let (opening, closing) = (page.matches("<section>").count(), page.matches("</section>").count());
    assert!(opening == closing && opening == 6, "{opening} {closing}");
    assert_eq!(page.matches("<table").count(), page.matches("</table>").count());
}

#[test]
fn zones_keep_the_precision_that_is_wished() {
    let pair = |left: u32, probability: f64| Pair { left, right: 0, probability };
    let pairs = [pair(0, 0.999), pair(1, 0.99), pair(2, 0.7), pair(3, 0.3), pair(4, 0.01), pair(1, 0.2)];
    let best = best_of_rows(&pairs);
    let lines = zones(&pairs, &best);
    let at =
        |precision: f64| *lines.iter().find(|line| line.precision.total_cmp(&precision).is_eq()).unwrap();
    // .999 and .99 have a mean of .9945; with .7 it is .896.
    assert_eq!((at(0.99).threshold, at(0.99).links, at(0.99).review_rows), (Some(0.99), 2, 2));
    assert!((at(0.99).wrong - 0.011).abs() < 1e-9 && (at(0.99).review_right - 1.0).abs() < 1e-9);
    assert_eq!((at(0.9999).threshold, at(0.9999).links, at(0.9999).review_rows), (None, 0, 4));
    assert_eq!(distribution(&pairs).iter().sum::<u64>(), 6);
}

#[test]
fn rules_say_whom_they_bring_and_what_they_pass_over() {
    let blocking = files().blocking();
    let of = |name: &str| blocking.iter().find(|rule| rule.name == name).unwrap();
    let number = of("identity_number");
    assert_eq!((number.rows, number.pairs, number.new_pairs, number.passed_over), (1, 1, 1, 0));
    let phone = of("phone|guardian_phone");
    assert_eq!((phone.rows, phone.pairs, phone.new_pairs), (1, 1, 1));
    assert_eq!(of("name + birth").new_pairs, 0, "brought by the number already");

    let model = include_str!("../../../../linkage/cn-person.toml").replace("most = 60", "most = 1");
    let twins =
        format!("{RIGHT}R3,赫连小山,,2014-04-04,13800006207,,,,\nR4,赫连小水,,2014-04-04,13800006207,,,,\n");
    let files = Files::read(
        Model::parse(&model).unwrap(),
        Source::new(LEFT.as_bytes()),
        Source::new(twins.as_bytes()),
    );
    let blocking = files.unwrap().blocking();
    let phone = blocking.iter().find(|rule| rule.name == "phone|guardian_phone").unwrap();
    assert_eq!((phone.pairs, phone.passed_over), (0, 1));
    assert_eq!(phone.largest, [Block { rows: 3, example: "R1".to_owned() }]);
}

#[test]
fn what_was_learnt_is_written_back_and_weighs_the_same() {
    let mut files = files();
    files.train(TrainOptions::default());
    let text = files.model().to_toml();
    assert!(text.contains("[calibration]") && text.contains("sample = false"), "{text}");
    assert!(text.contains("# 100 : 1, a probability of 0.99"), "what people wrote stays");
    let again = Model::parse(&text).unwrap();
    assert_eq!(Model::parse(&again.to_toml()).unwrap().to_toml(), again.to_toml());
    let options = LinkOptions { threshold: 0.0, one_to_one: false };
    let expected = files.link(options);
    let as_given = Files::read(again, Source::new(LEFT.as_bytes()), Source::new(RIGHT.as_bytes())).unwrap();
    let found = as_given.link(options);
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!((found.left, found.right), (expected.left, expected.right));
        assert!((found.probability - expected.probability).abs() < 1e-9, "{found:?} {expected:?}");
    }
}

#[test]
fn labelled_pairs_move_the_shares_that_they_show() {
    let learnt = |labels: &str| {
        let mut files = files();
        let labels = files.read_labels(labels.as_bytes()).unwrap();
        files.train_with(TrainOptions::default(), &labels);
        let name = files.model().comparisons.iter().find(|found| found.key.as_str() == "name").unwrap();
        name.levels.iter().find(|level| level.key.as_str() == "same_tone").unwrap().log_match
    };
    let header = "left_id,right_id,label\n";
    let without = learnt(header);
    let with = learnt(&format!("{header}{}", "L1,R1,1\n".repeat(50)));
    assert!(with > without + 0.5, "{with} {without}");
    let refused =
        |row: &str| files().read_labels(format!("{header}{row}\n").as_bytes()).unwrap_err().to_string();
    assert!(refused("L1,R9,1").starts_with("line 2:"));
    assert!(refused("L1,R1,perhaps").starts_with("line 2:"));
}
