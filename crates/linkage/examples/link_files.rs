//! Links one CSV file against another with the shipped model, or another one, and says how well, when the truth is given.
//!
//! `link_files MASTER.csv FEED.csv [TRUTH.csv] [--model MODEL.toml] [--pairs OUT.csv] [--errors N]`
//!
//! The first column of each file is the record's id; columns are those of the shared generator (`name`, `id_no`,
//! `birth_date`, `sex`, `phone`, `district` … `room`, `address`, `guardian_name`). The truth has `record_id,true_id`.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::time::Instant;

use linkage::{Candidate, LiveIndex, Model, Person, PersonAddress, Record, Zone};
use uuid::Uuid;

/// Candidates kept for each row.
const CANDIDATES: usize = 5;

struct Arguments {
    files: Vec<String>,
    pairs: Option<String>,
    model: Option<String>,
    errors: usize,
}

/// A file's rows: their ids and their records.
struct Rows {
    names: Vec<String>,
    records: Vec<Record>,
}

/// Counts over all rows of the feed.
#[derive(Default)]
struct Figures {
    linked: usize,
    linked_right: usize,
    linked_valid_numbers_differ: usize,
    review: usize,
    review_right: usize,
    new: usize,
    in_master: usize,
    found: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = arguments();
    let [master, feed, ..] = arguments.files.as_slice() else {
        return Err("give MASTER.csv FEED.csv [TRUTH.csv]".into());
    };
    let truth = match arguments.files.get(2) {
        Some(path) => read_truth(path)?,
        None => HashMap::new(),
    };
    let master = read_rows(master, 1)?;
    let feed = read_rows(feed, 2)?;
    let index = build(&master, arguments.model.as_ref())?;
    let answers = score(&index, &feed);
    if !truth.is_empty() {
        report(&index, &master, &feed, &answers, &truth, arguments.errors);
    }
    if let Some(path) = arguments.pairs {
        write_pairs(&path, &master, &feed, &answers)?;
    }
    Ok(())
}

fn arguments() -> Arguments {
    let mut arguments = Arguments { files: Vec::new(), pairs: None, model: None, errors: 0 };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--pairs" => arguments.pairs = words.next(),
            "--model" => arguments.model = words.next(),
            "--errors" => arguments.errors = words.next().and_then(|count| count.parse().ok()).unwrap_or(0),
            _ => arguments.files.push(word),
        }
    }
    arguments
}

fn read_rows(path: &str, file: u64) -> Result<Rows, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let headers = reader.headers()?.clone();
    let mut rows = Rows { names: Vec::new(), records: Vec::new() };
    for (place, line) in (0..).zip(reader.records()) {
        let line = line?;
        let cell = |name: &str| {
            let place = headers.iter().position(|header| header == name);
            place.and_then(|place| line.get(place)).unwrap_or("").to_owned()
        };
        let list = |name: &str| vec![cell(name)];
        let address = PersonAddress {
            text: cell("address"),
            district: cell("district"),
            subdistrict: cell("subdistrict"),
            community: cell("community"),
            estate: cell("estate"),
            building: cell("building"),
            room: cell("room"),
        };
        let person = Person {
            id: Uuid::from_u64_pair(file, place),
            names: list("name"),
            identity_number: cell("id_no"),
            birth: cell("birth_date"),
            sex: cell("sex"),
            phones: list("phone"),
            guardian_names: list("guardian_name"),
            guardian_phones: list("guardian_phone"),
            addresses: vec![address],
        };
        rows.names.push(line.get(0).unwrap_or("").to_owned());
        rows.records.push(person.into());
    }
    Ok(rows)
}

fn read_truth(path: &str) -> Result<HashMap<String, String>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let lines = reader.records().map(|line| {
        let line = line?;
        Ok((line.get(0).unwrap_or("").to_owned(), line.get(1).unwrap_or("").to_owned()))
    });
    lines.collect()
}

fn build(master: &Rows, path: Option<&String>) -> Result<LiveIndex, Box<dyn Error>> {
    let shipped = || Ok(include_str!("../../../linkage/cn-person.toml").to_owned());
    let text = path.map_or_else(shipped, std::fs::read_to_string)?;
    let model = Model::parse(&text).map_err(|faults| {
        faults.iter().fold(String::new(), |mut text, fault| {
            text.push_str(&fault.to_string());
            text.push('\n');
            text
        })
    })?;
    let before = Instant::now();
    let mut index = LiveIndex::new(model.clone());
    for record in &master.records {
        index.insert(record);
    }
    let seconds = before.elapsed().as_secs_f64();
    let people = index.len() as f64;
    println!(
        "index   {people} records in {seconds:.2} s, {:.0} bytes a record",
        index.memory_bytes() as f64 / people
    );
    let mut bytes = Vec::new();
    index.save(&mut bytes)?;
    let before = Instant::now();
    let again = LiveIndex::load(model, &bytes[..])?;
    println!("snapshot {} bytes, loaded in {:.2} s", bytes.len(), before.elapsed().as_secs_f64());
    drop(again);
    Ok(index)
}

fn score(index: &LiveIndex, feed: &Rows) -> Vec<Vec<Candidate>> {
    let (with, without): (Vec<&Record>, Vec<&Record>) =
        feed.records.iter().partition(|record| record.text("identity_number").len() >= 15);
    for (kind, records) in [("with a number", with), ("without", without)] {
        let before = Instant::now();
        let found: usize = records.iter().map(|record| index.score(record, CANDIDATES).len()).sum();
        let seconds = before.elapsed().as_secs_f64();
        println!(
            "one core {:>6} rows {kind}: {:.0} rows/s, {found} candidates",
            records.len(),
            records.len() as f64 / seconds
        );
    }
    let before = Instant::now();
    let answers = index.score_batch(&feed.records, CANDIDATES);
    let rate = feed.records.len() as f64 / before.elapsed().as_secs_f64();
    println!("batch   {} rows: {rate:.0} rows/s", feed.records.len());
    answers
}

fn report(
    index: &LiveIndex,
    master: &Rows,
    feed: &Rows,
    answers: &[Vec<Candidate>],
    truth: &HashMap<String, String>,
    most_errors: usize,
) {
    let id_of = |candidate: &Candidate| usize::try_from(candidate.id.as_u64_pair().1).unwrap_or(usize::MAX);
    let person_of = |name: Option<&String>| name.and_then(|name| truth.get(name));
    let known: std::collections::HashSet<&String> =
        master.names.iter().filter_map(|name| truth.get(name)).collect();
    let mut figures = Figures::default();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut shown = 0;
    for (name, candidates) in feed.names.iter().zip(answers) {
        let person = truth.get(name);
        let in_master = person.is_some_and(|person| known.contains(person));
        figures.in_master += usize::from(in_master);
        let is_right = |candidate: &Candidate| person_of(master.names.get(id_of(candidate))) == person;
        figures.found += usize::from(candidates.iter().any(is_right));
        let best = candidates.first();
        let zone = best.map_or(Zone::New, |best| index.zone(best));
        let right = best.is_some_and(is_right);
        match zone {
            Zone::Link => {
                figures.linked += 1;
                figures.linked_right += usize::from(right);
                let differ = best.is_some_and(|best| {
                    best.guards.iter().any(|guard| guard.as_str() == "two_valid_numbers")
                });
                figures.linked_valid_numbers_differ += usize::from(differ);
            }
            Zone::Review => {
                figures.review += 1;
                figures.review_right += usize::from(right);
                let guards = best.map_or_else(String::new, |best| {
                    best.guards.iter().map(linkage::Key::as_str).collect::<Vec<_>>().join(" ")
                });
                *reasons.entry(format!("{} {guards}", if right { "right" } else { "wrong" })).or_default() +=
                    1;
            }
            Zone::New => figures.new += 1,
        }
        if zone == Zone::Link && !right && shown < most_errors {
            shown += 1;
            println!("WRONG {name}");
            best.into_iter().for_each(explain);
        }
    }
    figures.print(feed.names.len());
    println!("review by reason: {reasons:?}");
}

fn explain(candidate: &Candidate) {
    println!(
        "  {:.1} prior {:.1} household {:.1} {:?}",
        candidate.total_weight, candidate.prior_weight, candidate.household_weight, candidate.guards
    );
    for field in candidate.fields.iter().filter(|field| field.level.as_str() != "missing") {
        println!("    {:<16} {:<18} {:+.1}", field.field.as_str(), field.level.as_str(), field.weight);
    }
}

impl Figures {
    fn print(&self, rows: usize) {
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        println!(
            "linked  {} of {rows}: precision {:.5}, recall {:.5} of {} rows whose person is in the index",
            self.linked,
            share(self.linked_right, self.linked),
            share(self.linked_right, self.in_master),
            self.in_master
        );
        println!(
            "review  {} ({:.2} %), of which right {}; new {}; right among the candidates {:.5}; linked against two valid numbers {}",
            self.review,
            share(self.review, rows) * 100.0,
            self.review_right,
            self.new,
            share(self.found, self.in_master),
            self.linked_valid_numbers_differ
        );
    }
}

fn write_pairs(
    path: &str,
    master: &Rows,
    feed: &Rows,
    answers: &[Vec<Candidate>],
) -> Result<(), Box<dyn Error>> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(["left_id", "right_id", "probability"])?;
    for (name, candidates) in feed.names.iter().zip(answers) {
        for candidate in candidates {
            let place = usize::try_from(candidate.id.as_u64_pair().1)?;
            let other = master.names.get(place).map_or("", String::as_str);
            writer.write_record([name.as_str(), other, &format!("{:.9}", candidate.probability)])?;
        }
    }
    writer.flush()?;
    Ok(())
}
