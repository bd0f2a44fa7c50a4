//! The shipped model of organisations. Goal: a small synthetic register and a file with the errors of hand-kept lists are
//! linked nearly without fault, with and without register numbers.

#![cfg(test)]

use std::collections::HashSet;

use linkage::{Files, LinkOptions, Model, Source, TrainOptions};

/// Numbers that are the same in each run (Knuth's linear congruence, upper half).
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn happens(&mut self, in_hundred: usize) -> bool {
        self.below(100) < in_hundred
    }
}

const HEADER: &str = "record_id,name,code,representative,founded,phone,email,capital,place,address\n";

#[derive(Clone)]
struct Firm {
    core: String,
    form: &'static str,
    code: String,
    representative: String,
    founded: String,
    phone: String,
    email: String,
    capital: usize,
    place: (f64, f64),
    address: String,
}

fn firm(draw: &mut Draw, number: usize) -> Firm {
    let first = ["锦", "鸿", "瑞", "盛", "华", "天", "海", "嘉", "恒", "信", "德", "金"];
    let second = ["绣", "运", "丰", "达", "源", "泽", "诚", "和", "泰", "通", "安", "业"];
    let trade = ["科技", "贸易", "餐饮", "物流", "电子", "教育咨询", "建材", "服装", "医疗器械", "文化传播"];
    let surnames = ["王", "李", "陈", "黄", "林", "吴", "郑", "谢", "罗", "邓"];
    let given = ["伟", "芳", "志强", "晓明", "丽华", "国栋", "子涵", "海燕", "建平", "玉兰"];
    let estates = ["高新园区", "天安数码城", "车公庙工业区", "坂田工业园", "龙岗天安城"];
    let core = format!("深圳市{}{}{}", draw.of(&first), draw.of(&second), draw.of(&trade));
    let code: String = format!("91440300MA5{:06}{:X}", number * 7 + draw.below(7), draw.below(16));
    Firm {
        core,
        form: draw.of(&["有限公司", "有限责任公司", "股份有限公司"]),
        code,
        representative: format!("{}{}", draw.of(&surnames), draw.of(&given)),
        founded: format!("20{:02}-{:02}-{:02}", draw.below(24), 1 + draw.below(12), 1 + draw.below(28)),
        phone: format!("138{:08}", draw.below(99_999_999)),
        email: format!("office{number}@firm{}.com", draw.below(5000)),
        capital: 10_000 * draw.of(&[50, 100, 200, 500, 1000, 3000]),
        place: (22.5 + draw.below(3000) as f64 / 1e4, 113.9 + draw.below(3000) as f64 / 1e4),
        address: format!("南山区{}{}栋{}", draw.of(&estates), 1 + draw.below(30), 101 + draw.below(900)),
    }
}

fn row(id: &str, firm: &Firm) -> String {
    let Firm { core, form, code, representative, founded, phone, email, capital, place, address } = firm;
    let (latitude, longitude) = place;
    format!(
        "{id},{core}{form},{code},{representative},{founded},{phone},{email},{capital},{latitude:.5} {longitude:.5},{address}\n"
    )
}

/// The firm as a hand-kept list has it.
fn damaged(draw: &mut Draw, mut firm: Firm) -> Firm {
    if draw.happens(35) {
        firm.code.clear();
    } else if draw.happens(10) {
        let at = 10 + draw.below(5);
        let mut characters: Vec<char> = firm.code.chars().collect();
        characters.swap(at, at + 1);
        firm.code = characters.into_iter().collect();
    }
    if draw.happens(30) {
        firm.form = draw.of(&["", "公司", "有限公司"]);
    }
    if draw.happens(12) {
        firm.core = firm.core.replacen("深圳市", "深圳", 1);
    }
    if draw.happens(20) {
        firm.phone = format!("139{:08}", draw.below(99_999_999));
    }
    if draw.happens(25) {
        firm.email = firm.email.replace("@firm", "+sz@firm");
    } else if draw.happens(20) {
        firm.email.clear();
    }
    if draw.happens(15) {
        firm.representative = "周新".to_owned();
    }
    if draw.happens(15) {
        firm.founded.clear();
    }
    if draw.happens(10) {
        firm.capital += firm.capital / 100;
    }
    firm.place.0 += draw.below(40) as f64 / 1e5;
    if draw.happens(15) {
        firm.address = "福田区".to_owned();
    }
    firm
}

#[test]
fn a_hand_kept_list_finds_its_organisations_in_the_register() {
    for seed in [1, 2] {
        let mut draw = Draw(seed);
        let register: Vec<Firm> = (0..3_000).map(|number| firm(&mut draw, number)).collect();
        let mut right = HEADER.to_owned();
        for (number, firm) in register.iter().enumerate() {
            right.push_str(&row(&format!("R{number}"), firm));
        }
        let mut left = HEADER.to_owned();
        let mut truth: HashSet<(String, String)> = HashSet::new();
        for number in 0..1_000 {
            let id = format!("L{number}");
            if draw.happens(80) {
                let at = draw.below(register.len());
                left.push_str(&row(&id, &damaged(&mut draw, register[at].clone())));
                truth.insert((id, format!("R{at}")));
            } else {
                let stranger = firm(&mut draw, 100_000 + number);
                left.push_str(&row(&id, &damaged(&mut draw, stranger)));
            }
        }
        let model = Model::parse(include_str!("../../../linkage/organisation.toml")).unwrap();
        let mut files =
            Files::read(model, Source::new(left.as_bytes()), Source::new(right.as_bytes())).unwrap();
        files.train(TrainOptions::default());
        let pairs = files.link(LinkOptions { threshold: 0.5, one_to_one: false });
        let found = pairs.iter().filter(|pair| {
            let (left, right) = files.ids(pair);
            truth.contains(&(left.to_owned(), right.to_owned()))
        });
        let right_ones = found.count() as f64;
        let (precision, recall) = (right_ones / pairs.len() as f64, right_ones / truth.len() as f64);
        assert!(precision > 0.985 && recall > 0.97, "seed {seed}: precision {precision}, recall {recall}");
    }
}

#[test]
fn names_in_latin_letters_lose_their_legal_form_only_where_it_is_one() {
    let model = Model::parse(include_str!("../../../linkage/organisation.toml")).unwrap();
    let right = "id,company,phone\nr1,Riverside Trading Co. Ltd.,0755-26001234\nr2,Mexico,0755-26001235\n";
    let left = "id,company,phone\nl1,Riverside Trading,0755-26001234\nl2,Mexi,\n";
    let files = Files::read(model, Source::new(left.as_bytes()), Source::new(right.as_bytes())).unwrap();
    let explained = files.explain("l1", "r1").unwrap();
    let core = |explained: &linkage::Explanation| {
        explained.lines.iter().find(|line| line.field == "core").unwrap().level.clone()
    };
    assert_eq!(core(&explained), "exact");
    assert_eq!(core(&files.explain("l2", "r2").unwrap()), "else");
}
