//! An index as a stream of bytes, so that a node starts from a file and not from every row of the database.
//!
//! What is kept are the rows in the order of their ids, and before them the texts and addresses that they share, in the
//! order of their first use; keys, lists and counts are made anew. So the same records give the same bytes. The stream
//! comes in blocks with a checksum each, hence neither side ever holds more than a block of it, and damaged bytes can at
//! worst be refused.

use std::io::{self, Read, Write};

use rayon::prelude::*;
use uuid::Uuid;

use super::LiveIndex;
use super::interner::Interner;
use super::parts::Dealt;
use super::postings::Keyed;
use super::rows::{Rows, Shared};
use crate::keys;
use crate::mixing::mix;
use crate::model::Model;
use crate::read::Address;
use crate::read::address::ADDRESS_WORDS;

/// First bytes of a snapshot: what it is, and the version of its form.
const MAGIC: &[u8; 8] = b"SWLINK02";
/// Bytes after which a block ends.
const BLOCK: usize = 1 << 16;
/// Most bytes of a block: one thing may stand over its end.
const MOST_BLOCK: usize = BLOCK * 2;
/// Rows whose keys are made and put in together.
const ROWS_AT_ONCE: usize = 1 << 17;

/// Why a stream is no snapshot for this model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotFault {
    /// It is no snapshot, or one of another version of this program.
    #[error("these bytes are no snapshot of an index; build the index from the records")]
    NotASnapshot,
    /// It was made by another model, or another version of it.
    #[error("the snapshot was made with another linkage model; build the index from the records")]
    OtherModel,
    /// It is cut off or damaged.
    #[error("the snapshot is damaged; build the index from the records")]
    Damaged,
    /// It cannot be read.
    #[error("the snapshot cannot be read ({0}); build the index from the records")]
    Unreadable(io::ErrorKind),
}

impl LiveIndex {
    /// Writes the index: the same records give the same bytes. They hold personal data: whoever stores them seals them.
    pub fn save(&self, out: &mut impl Write) -> io::Result<()> {
        let order = self.rows.in_order();
        let (mut texts, mut addresses) = (Order::default(), Order::default());
        for (shared, number) in order.iter().flat_map(|slot| self.rows.shared(*slot)) {
            match shared {
                Shared::Text => texts.note(number),
                Shared::Address => addresses.note(number),
            }
        }
        out.write_all(MAGIC)?;
        let mut out = BlockWriter { out, block: Vec::new(), sum: self.model.fingerprint };
        out.put(
            &[self.model.fingerprint.to_le_bytes(), (texts.numbers.len() as u64).to_le_bytes()].concat(),
        )?;
        let all = &self.rows.texts;
        for (number, text) in texts.numbers.iter().filter_map(|number| Some((*number, all.get(*number)?))) {
            // A text here has at most some hundred characters (see `read`), hence fits two bytes of length.
            let length = u16::try_from(text.len()).unwrap_or(0);
            let uses = all.uses(number).to_le_bytes();
            out.put(&[&uses[..], &length.to_le_bytes(), text.as_bytes()].concat())?;
        }
        out.put(&(addresses.numbers.len() as u64).to_le_bytes())?;
        let all = &self.rows.addresses;
        for (number, address) in
            addresses.numbers.iter().filter_map(|number| Some((*number, all.get(*number)?)))
        {
            out.put(&bytes_of([all.uses(number)].into_iter().chain(address.words())))?;
        }
        out.put(&(order.len() as u64).to_le_bytes())?;
        for slot in order {
            let row = self.rows.renumbered(slot, |shared, number| match shared {
                Shared::Text => texts.new_number(number),
                Shared::Address => addresses.new_number(number),
            });
            out.put(&[&self.rows.id_of(slot).as_bytes()[..], &bytes_of(row)].concat())?;
        }
        out.end()
    }

    /// The index that [`LiveIndex::save`] wrote, under the same model.
    pub fn load(model: Model, bytes: impl Read) -> Result<Self, SnapshotFault> {
        let mut index = Self::new(model);
        let mut bytes = BlockReader::new(bytes, &index.model)?;
        let rows = &mut index.rows;
        bytes.texts(&mut rows.texts)?;
        bytes.addresses(&mut rows.addresses)?;
        bytes.rows(rows)?;
        bytes.end()?;
        index.find_all();
        Ok(index)
    }

    /// Makes all restored rows to be found, by their ids and by their keys, on all processors.
    fn find_all(&mut self) {
        let texts = self.rows.read_texts(&self.model);
        let slots: Vec<_> = (0..).take(self.rows.len()).collect();
        for slots in slots.chunks(ROWS_AT_ONCE) {
            let made = slots.par_chunks(slots.len().div_ceil(rayon::current_num_threads())).map(|slots| {
                let (mut ids, mut keyed) = (Dealt::new(), Keyed::new());
                for slot in slots {
                    self.rows.deal(*slot, &mut ids);
                    for (place, rule) in self.model.rules.iter().enumerate() {
                        let sides = |part| self.rows.sides(&self.model, &texts, *slot, part);
                        let keys = keys::join(keys::seed(place), &rule.parts, sides);
                        keys.into_iter().for_each(|key| keyed.add(key, *slot, rule.finds));
                    }
                }
                (ids, keyed)
            });
            for (ids, keyed) in made.collect::<Vec<_>>() {
                self.rows.find_all(&ids);
                self.postings.add_all(&keyed);
            }
        }
    }
}

/// Numbers in the order of their first use, and the place of each in it, from 1.
#[derive(Default)]
struct Order {
    numbers: Vec<u32>,
    places: Vec<u32>,
}

impl Order {
    fn note(&mut self, number: u32) {
        let at = number as usize;
        if self.places.len() <= at {
            self.places.resize(at + 1, 0);
        }
        if let Some(place) = self.places.get_mut(at).filter(|place| **place == 0) {
            self.numbers.push(number);
            *place = u32::try_from(self.numbers.len()).unwrap_or(0);
        }
    }

    fn new_number(&self, number: u32) -> u32 {
        self.places.get(number as usize).copied().unwrap_or(0)
    }
}

fn bytes_of(words: impl IntoIterator<Item = u32>) -> Vec<u8> {
    words.into_iter().flat_map(u32::to_le_bytes).collect()
}

fn checksum(before: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(before, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    rest.iter().fold(sum, |sum, byte| mix(sum, u64::from(*byte)))
}

/// Writes blocks: length, bytes, the checksum of all so far. One without bytes is the end.
struct BlockWriter<'out, W> {
    out: &'out mut W,
    block: Vec<u8>,
    sum: u64,
}

impl<W: Write> BlockWriter<'_, W> {
    /// Adds what must stand within one block.
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.block.extend(bytes);
        if self.block.len() >= BLOCK { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> io::Result<()> {
        let length = u32::try_from(self.block.len()).map_err(io::Error::other)?;
        self.sum = checksum(mix(self.sum, u64::from(length)), &self.block);
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(&self.block)?;
        self.out.write_all(&self.sum.to_le_bytes())?;
        self.block.clear();
        Ok(())
    }

    fn end(mut self) -> io::Result<()> {
        if !self.block.is_empty() {
            self.write()?;
        }
        self.write()?;
        self.out.flush()
    }
}

/// Reads blocks, and gives out what stands in them in the order in which it was put in.
struct BlockReader<R> {
    bytes: R,
    block: Vec<u8>,
    at: usize,
    sum: u64,
}

impl<R: Read> BlockReader<R> {
    fn new(mut bytes: R, model: &Model) -> Result<Self, SnapshotFault> {
        let mut magic = [0; MAGIC.len()];
        match bytes.read_exact(&mut magic) {
            Err(fault) if fault.kind() != io::ErrorKind::UnexpectedEof => {
                return Err(SnapshotFault::Unreadable(fault.kind()));
            }
            _ if magic != *MAGIC => return Err(SnapshotFault::NotASnapshot),
            _ => {}
        }
        let mut reader = Self { bytes, block: Vec::new(), at: 0, sum: model.fingerprint };
        let length = reader.length()?;
        reader.fill(length)?;
        let fingerprint = u64::from_le_bytes(reader.array()?);
        // The checksums begin with the fingerprint: of another model they cannot be right.
        if fingerprint != model.fingerprint {
            return Err(SnapshotFault::OtherModel);
        }
        reader.check()?;
        Ok(reader)
    }

    fn read_exact(&mut self, into: &mut [u8]) -> Result<(), SnapshotFault> {
        self.bytes.read_exact(into).map_err(|fault| match fault.kind() {
            io::ErrorKind::UnexpectedEof => SnapshotFault::Damaged,
            kind => SnapshotFault::Unreadable(kind),
        })
    }

    fn length(&mut self) -> Result<usize, SnapshotFault> {
        let mut length = [0; 4];
        self.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length) as usize;
        if length <= MOST_BLOCK { Ok(length) } else { Err(SnapshotFault::Damaged) }
    }

    fn fill(&mut self, length: usize) -> Result<(), SnapshotFault> {
        let mut block = std::mem::take(&mut self.block);
        block.resize(length, 0);
        self.read_exact(&mut block)?;
        (self.block, self.at) = (block, 0);
        Ok(())
    }

    fn check(&mut self) -> Result<(), SnapshotFault> {
        let mut sum = [0; 8];
        self.read_exact(&mut sum)?;
        self.sum = checksum(mix(self.sum, self.block.len() as u64), &self.block);
        if u64::from_le_bytes(sum) == self.sum { Ok(()) } else { Err(SnapshotFault::Damaged) }
    }

    /// The next `length` bytes.
    fn take(&mut self, length: usize) -> Result<&[u8], SnapshotFault> {
        if self.at == self.block.len() {
            let length = self.length()?;
            self.fill(length)?;
            self.check()?;
        }
        let from = self.at;
        self.at += length;
        self.block.get(from..from + length).ok_or(SnapshotFault::Damaged)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], SnapshotFault> {
        self.take(N)?.first_chunk().copied().ok_or(SnapshotFault::Damaged)
    }

    fn count(&mut self) -> Result<u64, SnapshotFault> {
        self.array().map(u64::from_le_bytes)
    }

    fn texts(&mut self, texts: &mut Interner<Box<str>>) -> Result<(), SnapshotFault> {
        for _ in 0..self.count()? {
            let uses = u32::from_le_bytes(self.array()?);
            let length = usize::from(u16::from_le_bytes(self.array()?));
            let text = std::str::from_utf8(self.take(length)?).ok().ok_or(SnapshotFault::Damaged)?;
            texts.add_used(text, uses, |text| text.into());
        }
        Ok(())
    }

    fn addresses(&mut self, addresses: &mut Interner<Address>) -> Result<(), SnapshotFault> {
        for _ in 0..self.count()? {
            let uses = u32::from_le_bytes(self.array()?);
            let words: [u32; ADDRESS_WORDS] = words_of(&self.array::<{ ADDRESS_WORDS * 4 }>()?);
            addresses.add_used(&Address::from_words(words), uses, |address| *address);
        }
        Ok(())
    }

    fn rows(&mut self, rows: &mut Rows) -> Result<(), SnapshotFault> {
        let width = rows.width();
        let mut before = None;
        for _ in 0..self.count()? {
            let bytes = self.take(16 + width * 4)?;
            let (id, words) = bytes.split_first_chunk().ok_or(SnapshotFault::Damaged)?;
            let words = words.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word));
            // Rising ids: no two rows have the same.
            let (is_rising, id) = (before < Some(*id), *id);
            before = Some(id);
            if !is_rising || !rows.restore(Uuid::from_bytes(id), words) {
                return Err(SnapshotFault::Damaged);
            }
        }
        Ok(())
    }

    fn end(mut self) -> Result<(), SnapshotFault> {
        let is_over = self.at == self.block.len() && self.length()? == 0;
        self.block.clear();
        self.check()?;
        let is_all = self.bytes.read(&mut [0]).map_err(|fault| SnapshotFault::Unreadable(fault.kind()))? == 0;
        if is_over && is_all { Ok(()) } else { Err(SnapshotFault::Damaged) }
    }
}

fn words_of<const N: usize>(bytes: &[u8]) -> [u32; N] {
    let mut words = [0; N];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    words
}
