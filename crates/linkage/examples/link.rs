//! Links two CSV files: `link LEFT.csv RIGHT.csv OUT.csv [THRESHOLD] [MODEL.toml]`, and says how long each step took.

use std::error::Error;
use std::fs::File;
use std::time::Instant;

use linkage::{Files, LinkOptions, Model};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [left, right, out, ..] = words.as_slice() else { return Err("give LEFT.csv RIGHT.csv OUT.csv".into()) };
    let threshold = words.get(3).map_or(Ok(0.5), |text| text.parse())?;
    let shipped = || Ok(include_str!("../../../linkage/cn-person.toml").to_owned());
    let text = words.get(4).map_or_else(shipped, std::fs::read_to_string)?;
    let model = Model::parse(&text).map_err(|faults| format!("{faults:?}"))?;
    let start = Instant::now();
    let mut files = Files::read(model, File::open(left)?, File::open(right)?)?;
    println!("read  {:.3} s", start.elapsed().as_secs_f64());
    if words.get(5).is_none_or(|word| word != "given") {
        let before = Instant::now();
        files.train(linkage::TrainOptions::default());
        println!("train {:.3} s", before.elapsed().as_secs_f64());
    }
    let before = Instant::now();
    let pairs = files.link(LinkOptions { threshold });
    println!("link  {:.3} s, {} pairs", before.elapsed().as_secs_f64(), pairs.len());
    files.write(&pairs, File::create(out)?)?;
    println!("all   {:.3} s", start.elapsed().as_secs_f64());
    Ok(())
}
