//! How fast the live index answers and what it takes: `cargo run --release -p linkage --example lookup_city [people]`.
//! Look-ups one by one, alone and beside 1,000 inserts a second; memory; the time to save and load a snapshot. What depends
//! on the machine stands beside a floor of the same run: finding a row by its id in the plainest table.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement may break off")]

mod city;

use std::collections::HashMap;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufReader, BufWriter};
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use linkage::{LiveIndex, Model, ReadRecord, Record};
use rayon::prelude::*;

/// The allocator of the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Candidates that are asked for, as the import does.
const CANDIDATES: usize = 8;
/// Rows that are looked up: one in seven is about nobody on record.
const ROWS: u64 = 20_000;
/// How long look-ups beside the writer last.
const BESIDE: Duration = Duration::from_secs(8);
const INSERTS_A_SECOND: u32 = 1_000;

fn main() {
    let people: u64 = std::env::args().nth(1).map_or(1_000_000, |text| text.parse().unwrap());
    let model = Model::parse(include_str!("../../../../linkage/cn-person.toml")).unwrap();
    let index = build(&model, people);
    let rows: Vec<Record> = (0..ROWS)
        .map(|row| if row % 7 == 0 { people * 2 + row } else { city::mixed(row, 80) % people })
        .map(|number| city::row(number).into())
        .collect();
    floor(people);
    alone(&index, &rows);
    floor_of_threads();
    let index = beside(index, &model, &rows, people);
    search(&index);
    snapshot(index, &model, &rows);
}

fn build(model: &Model, people: u64) -> LiveIndex {
    let begin = Instant::now();
    let mut index = LiveIndex::new(model.clone());
    let (mut inside, mut slowest) = (Duration::ZERO, Duration::ZERO);
    let numbers: Vec<u64> = (0..people).collect();
    for numbers in numbers.chunks(20_000) {
        let read: Vec<ReadRecord> =
            numbers.par_iter().map(|number| ReadRecord::new(model, &city::person(*number).into())).collect();
        for record in &read {
            let begin = Instant::now();
            index.insert_read(record);
            let took = begin.elapsed();
            inside += took;
            slowest = slowest.max(took);
        }
    }
    println!(
        "{people} people put in within {:.1} s; an insert takes {:.1} µs, at most {:.2} ms",
        begin.elapsed().as_secs_f64(),
        inside.as_secs_f64() * 1e6 / people as f64,
        slowest.as_secs_f64() * 1e3
    );
    let bytes = index.memory_bytes();
    println!(
        "memory: {:.0} MB, {:.0} bytes a person; the process had at most {} MB",
        bytes as f64 / 1e6,
        bytes as f64 / people as f64,
        peak_megabytes()
    );
    index
}

/// The floor: a row's place by its id.
fn floor(people: u64) {
    let table: HashMap<u64, u32> =
        (0..people).map(|number| (city::mixed(number, 90), u32::try_from(number).unwrap())).collect();
    let mut times: Vec<Duration> = (0..ROWS)
        .map(|row| {
            let key = city::mixed(city::mixed(row, 80) % people, 90);
            let begin = Instant::now();
            black_box(table.get(black_box(&key)));
            begin.elapsed()
        })
        .collect();
    tell("floor: a place by id in a HashMap", &mut times);
}

fn alone(index: &LiveIndex, rows: &[Record]) {
    let look_up = |record: &Record| {
        let begin = Instant::now();
        black_box(index.score(record, CANDIDATES));
        begin.elapsed()
    };
    let mut times: Vec<Duration> = rows.iter().map(look_up).collect();
    tell("look-up, nobody else", &mut times);
}

/// What the machine itself makes of two busy threads: arithmetic that takes as long as a look-up, nobody else.
fn floor_of_threads() {
    let arithmetic = |number: u64| (0..3_000).fold(number, |number, _| city::mixed(number, 1));
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let busy = || {
            (0..200_000).map(|number| {
                let begin = Instant::now();
                black_box(arithmetic(number));
                begin.elapsed()
            })
        };
        let threads = [0, 1].map(|_| scope.spawn(move || busy().collect::<Vec<_>>()));
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    tell("floor: arithmetic in two threads", &mut times);
}

/// Two readers, and one writer who puts in 1,000 new people a second.
fn beside(index: LiveIndex, model: &Model, rows: &[Record], people: u64) -> LiveIndex {
    let index = RwLock::new(index);
    let is_over = AtomicBool::new(false);
    let (mut times, mut inserts) = (Vec::new(), Vec::new());
    std::thread::scope(|scope| {
        let (index, is_over) = (&index, &is_over);
        let readers: Vec<_> = rows
            .chunks(rows.len() / 2)
            .map(|rows| {
                scope.spawn(move || {
                    let mut times = Vec::new();
                    for record in rows.iter().cycle() {
                        if is_over.load(Ordering::Relaxed) {
                            break;
                        }
                        let begin = Instant::now();
                        black_box(index.read().unwrap().score(record, CANDIDATES));
                        times.push(begin.elapsed());
                    }
                    times
                })
            })
            .collect();
        let begin = Instant::now();
        for nth in 0.. {
            let due = begin + Duration::from_secs(1) / INSERTS_A_SECOND * nth;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if begin.elapsed() > BESIDE {
                break;
            }
            let begin = Instant::now();
            let read = ReadRecord::new(model, &city::person(people + u64::from(nth)).into());
            index.write().unwrap().insert_read(&read);
            inserts.push(begin.elapsed());
        }
        is_over.store(true, Ordering::Relaxed);
        times.extend(readers.into_iter().flat_map(|reader| reader.join().unwrap()));
    });
    tell(&format!("look-up, {INSERTS_A_SECOND} inserts a second"), &mut times);
    tell("the insert beside two readers", &mut inserts);
    index.into_inner().unwrap()
}

fn search(index: &LiveIndex) {
    for text in ["张伟", "wanglei", "5123"] {
        let begin = Instant::now();
        let found = index.search(text, 20).len();
        println!("search {text}: {found} found in {:.1} ms", begin.elapsed().as_secs_f64() * 1e3);
    }
}

fn snapshot(index: LiveIndex, model: &Model, rows: &[Record]) {
    let asked: Vec<&Record> = rows.iter().take(200).collect();
    let answers = |index: &LiveIndex| -> Vec<_> {
        asked.iter().map(|record| index.score(record, CANDIDATES)).collect()
    };
    let before = answers(&index);
    let path = std::env::temp_dir().join(format!("lookup_city-{}", std::process::id()));
    let begin = Instant::now();
    index.save(&mut BufWriter::new(File::create(&path).unwrap())).unwrap();
    let saved = begin.elapsed().as_secs_f64();
    drop(index);
    let (begin, before_loading) = (Instant::now(), worked());
    let index = LiveIndex::load(model.clone(), BufReader::new(File::open(&path).unwrap())).unwrap();
    println!(
        "snapshot: {:.0} MB, saved in {saved:.1} s, loaded in {:.1} s with {:.1} s of work",
        std::fs::metadata(&path).unwrap().len() as f64 / 1e6,
        begin.elapsed().as_secs_f64(),
        worked() - before_loading
    );
    std::fs::remove_file(path).unwrap();
    assert!(answers(&index) == before, "the loaded index answers as the one that was saved");
    println!(
        "memory after loading: {:.0} MB; the process had at most {} MB",
        index.memory_bytes() as f64 / 1e6,
        peak_megabytes()
    );
}

fn tell(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let milliseconds = |place: usize| times[place].as_secs_f64() * 1e3;
    let last = times.len() - 1;
    println!(
        "{what}: {} times, median {:.4} ms, p99 {:.4} ms, at most {:.3} ms",
        times.len(),
        milliseconds(last / 2),
        milliseconds(last / 100 * 99),
        milliseconds(last)
    );
}

/// Seconds that all threads of this process have worked: what a busy machine does not change.
fn worked() -> f64 {
    /// Fields of `/proc/self/stat` behind the name, counted from the state: user and system time in ticks.
    const USER: usize = 11;
    const TICKS_PER_SECOND: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(USER).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS_PER_SECOND
}

fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}
