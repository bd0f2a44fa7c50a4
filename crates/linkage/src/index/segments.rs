//! A long list in segments. Growing it moves nothing, so that nobody waits for it; a copy of it shares every segment
//! until one of the two changes it, so that a reader may take one along and read without the lock.

use std::sync::Arc;

/// Items of `width` words each, in segments of as many items.
#[derive(Debug, Clone)]
pub(super) struct Segments<T> {
    width: usize,
    length: usize,
    all: Vec<Arc<[T]>>,
}

/// Items in a segment. Whoever changes one that a reader has taken along copies it first: some 170 kB of rows.
const SEGMENT: usize = 1 << 11;

impl<T: Clone + Default> Segments<T> {
    pub(super) fn new(width: usize) -> Self {
        Self { width, length: 0, all: Vec::new() }
    }

    /// Words of an item.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// How many items there are.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// The item at `place`, of default values until somebody changes them.
    pub(super) fn item(&self, place: u32) -> Option<&[T]> {
        let (segment, from) = self.split(place);
        self.all.get(segment)?.get(from..from + self.width)
    }

    pub(super) fn item_mut(&mut self, place: u32) -> Option<&mut [T]> {
        let (segment, from) = self.split(place);
        Arc::make_mut(self.all.get_mut(segment)?).get_mut(from..from + self.width)
    }

    /// Adds an item of default values. Its place.
    pub(super) fn push(&mut self) -> u32 {
        if self.length == self.all.len() * SEGMENT {
            self.all.push(std::iter::repeat_n(T::default(), SEGMENT * self.width).collect());
        }
        self.length += 1;
        u32::try_from(self.length - 1).unwrap_or(u32::MAX)
    }

    /// All items in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[T]> {
        let width = self.width.max(1);
        self.all.iter().flat_map(move |segment| segment.chunks_exact(width)).take(self.length)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.all.len() * SEGMENT * self.width * size_of::<T>() + self.all.capacity() * size_of::<Arc<[T]>>()
    }

    fn split(&self, place: u32) -> (usize, usize) {
        let place = place as usize;
        (place / SEGMENT, place % SEGMENT * self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_what_it_had_while_the_original_goes_on() {
        let mut list: Segments<u32> = Segments::new(3);
        let count = u32::try_from(SEGMENT).unwrap() * 2 + 5;
        for number in 0..count {
            assert_eq!(list.push(), number);
            list.item_mut(number).unwrap().copy_from_slice(&[number, 0, number + 1]);
        }
        let copy = list.clone();
        list.item_mut(7).unwrap().fill(9);
        list.push();
        assert_eq!((copy.item(7), list.item(7)), (Some(&[7, 0, 8][..]), Some(&[9, 9, 9][..])));
        assert_eq!((copy.len() + 1, copy.iter().count() + 1), (list.len(), list.iter().count()));
        assert_eq!(copy.iter().nth(SEGMENT), copy.item(u32::try_from(SEGMENT).unwrap()));
        assert!(Arc::ptr_eq(&copy.all[1], &list.all[1]), "what did not change is shared");
    }
}
