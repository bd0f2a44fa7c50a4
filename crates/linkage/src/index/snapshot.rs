//! An index as bytes, so that a node starts from a file and not from every row of the database.
//!
//! What is kept are the values as they were read, in the order of their ids; keys, lists and counts are made anew. So the
//! same records give the same bytes, and damaged bytes can at worst be refused.

use smallvec::SmallVec;
use uuid::Uuid;

use super::{LiveIndex, ReadRecord};
use crate::mixing::mix;
use crate::model::{ColumnKind, Model};
use crate::read::address::ADDRESS_WORDS;
use crate::read::{Address, Digits, Name, Number, PartialDay, Reading, Value, Values};

/// First bytes of a snapshot: what it is, and the version of its form.
const MAGIC: &[u8; 8] = b"SWLINK01";

/// Why bytes are no snapshot for this model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotFault {
    /// They are no snapshot, or one of another version of this program.
    #[error("these bytes are no snapshot of an index; build the index from the records")]
    NotASnapshot,
    /// They were made by another model, or another version of it.
    #[error("the snapshot was made with another linkage model; build the index from the records")]
    OtherModel,
    /// They are cut off or damaged.
    #[error("the snapshot is damaged; build the index from the records")]
    Damaged,
}

impl LiveIndex {
    /// The index as bytes: the same records give the same bytes. They hold personal data: whoever stores them seals
    /// them.
    pub fn save(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.model.fingerprint.to_le_bytes());
        bytes.extend((self.len() as u64).to_le_bytes());
        for slot in self.rows.in_order() {
            bytes.extend(self.rows.id_of(slot).as_bytes());
            let reading = self.rows.reading(&self.model, slot);
            for values in &reading.columns {
                bytes.push(u8::try_from(values.len()).unwrap_or(0));
                for value in values {
                    put(&mut bytes, value);
                }
            }
        }
        let sum = checksum(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }

    /// The index that [`LiveIndex::save`] gave `bytes` for, under the same model.
    pub fn load(model: Model, bytes: &[u8]) -> Result<Self, SnapshotFault> {
        let body = bytes.strip_prefix(MAGIC).ok_or(SnapshotFault::NotASnapshot)?;
        let (body, sum) = body.split_last_chunk::<8>().ok_or(SnapshotFault::Damaged)?;
        let checked = bytes.get(..bytes.len() - sum.len()).unwrap_or_default();
        if checksum(checked) != u64::from_le_bytes(*sum) {
            return Err(SnapshotFault::Damaged);
        }
        let mut reader = Reader(body);
        if reader.word().ok_or(SnapshotFault::Damaged)? != model.fingerprint {
            return Err(SnapshotFault::OtherModel);
        }
        let count = reader.word().ok_or(SnapshotFault::Damaged)?;
        let mut index = Self::new(model);
        for _ in 0..count {
            let (id, reading) = reader.record(&index.model).ok_or(SnapshotFault::Damaged)?;
            index.insert_read(&ReadRecord { id, reading });
        }
        if reader.0.is_empty() { Ok(index) } else { Err(SnapshotFault::Damaged) }
    }
}

fn checksum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let sum = words.iter().fold(0, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    rest.iter().fold(sum, |sum, byte| mix(sum, u64::from(*byte)))
}

fn put(bytes: &mut Vec<u8>, value: &Value) {
    let put_words =
        |bytes: &mut Vec<u8>, words: &[u32]| bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    match value {
        Value::Name(name) => put_text(bytes, &name.text()),
        Value::Text(text) => put_text(bytes, text),
        Value::Number(number) => put_words(bytes, &number.words()),
        Value::Day(day) => put_words(bytes, &[day.word()]),
        Value::Category(value) => put_words(bytes, &[*value]),
        Value::Phone(phone) => put_words(bytes, &phone.words()),
        Value::Address(address) => put_words(bytes, &address.words()),
    }
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    // A text here has at most some hundred characters (see `read`), hence fits two bytes of length.
    bytes.extend(u16::try_from(text.len()).unwrap_or(0).to_le_bytes());
    bytes.extend(text.as_bytes());
}

/// Takes values off the front of bytes; `None` as soon as they do not suffice.
struct Reader<'bytes>(&'bytes [u8]);

impl<'bytes> Reader<'bytes> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn word(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn words<const N: usize>(&mut self) -> Option<[u32; N]> {
        let mut words = [0; N];
        for word in &mut words {
            *word = u32::from_le_bytes(self.take()?);
        }
        Some(words)
    }

    fn text(&mut self) -> Option<&'bytes str> {
        let length = usize::from(u16::from_le_bytes(self.take()?));
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(taken).ok()
    }

    fn record(&mut self, model: &Model) -> Option<(Uuid, Reading)> {
        let id = Uuid::from_bytes(self.take()?);
        let mut reading = Reading { columns: Vec::with_capacity(model.columns.len()) };
        for column in &model.columns {
            let [count] = self.take()?;
            let values: Option<SmallVec<_>> = (0..count).map(|_| self.value(model, column.kind)).collect();
            let values: Values = values?;
            reading.columns.push(values);
        }
        Some((id, reading))
    }

    fn value(&mut self, model: &Model, kind: ColumnKind) -> Option<Value> {
        Some(match kind {
            ColumnKind::PersonName => Value::Name(Name::from_text(&model.characters, self.text()?)),
            ColumnKind::Text => Value::Text(self.text()?.into()),
            ColumnKind::IdentityNumber => Value::Number(Number::from_words(self.words()?)?),
            ColumnKind::Day => {
                let [word] = self.words()?;
                Value::Day(PartialDay::from_word(word)?)
            }
            ColumnKind::Category => {
                let [value] = self.words()?;
                Value::Category(value)
            }
            ColumnKind::Phone => Value::Phone(Digits::from_words(self.words()?)?),
            ColumnKind::Address => Value::Address(Address::from_words(self.words::<ADDRESS_WORDS>()?)),
        })
    }
}
