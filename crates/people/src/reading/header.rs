//! Finding the header: the line, or the two lines, whose texts are headings of the feed.
//!
//! Titles stand above it, columns come in any order, and a second line may divide a heading (缺勤情况 over 天数 and
//! 最近日期). A line counts only as far as its cells are headings, so that a row of data is never taken for one.

use base::notation::cell_text;
use policy::feeds::{Feed, Heading, Meaning, Subject, names_somebody_else};
use sheets::{Row, Sheet};

use super::skipped;

/// Lines from the start among which the header is looked for.
pub(super) const LINES_SEARCHED: usize = 80;
/// Most columns of a file that are looked at.
const MOST_COLUMNS: usize = 400;

/// Digits that a heading has at most: 身份证号（18位）.
const MOST_DIGITS: usize = 4;
/// Words that stand in headings of the person and in no row.
const NAMING: [&str; 5] = ["姓名", "名字", "身份证", "证件", "身份号"];
/// Bytes of a heading with such a word, at most.
const LONGEST_NAMING: usize = 60;

/// A header that was found.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Index of its first row in the sheet.
    pub(super) first: usize,
    /// Index of its last row: the same, or the next.
    pub(super) last: usize,
    /// The columns of the file.
    pub(super) columns: Vec<HeaderColumn>,
    /// How many fields its line has, empty ones included.
    pub(super) fields: usize,
    /// The column of the person's name.
    pub(super) name: Option<usize>,
    /// The column of the person's identity number.
    pub(super) identity: Option<usize>,
}

/// A column of the file.
#[derive(Debug, Clone)]
pub(super) struct HeaderColumn {
    /// Its heading as a person reads it: `缺勤情况 / 天数`.
    pub(super) text: String,
    /// Normal forms of its lines, by which a repeat is recognised.
    lines: Vec<String>,
    /// Index of the feed's column that it is.
    pub(super) column: Option<usize>,
    /// Index of the feed's column of which it is a second one, under the same heading: it counts where the first is
    /// empty.
    pub(super) second_of: Option<usize>,
    is_serial: bool,
}

impl Header {
    /// Whether the heading of `column` is, in normal form, `text`.
    pub(super) fn has_heading(&self, column: usize, text: &str) -> bool {
        !text.is_empty()
            && self.columns.get(column).is_some_and(|known| known.lines.iter().any(|line| line == text))
    }

    /// Whether some column has the heading that is, in normal form, `text`.
    pub(super) fn has_heading_somewhere(&self, text: &str) -> bool {
        (0..self.columns.len()).any(|column| self.has_heading(column, text))
    }

    /// Whether `column` numbers the lines.
    pub(super) fn is_serial(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|column| column.is_serial)
    }

    /// How many columns have a heading.
    pub(super) fn width_filled(&self) -> usize {
        self.columns.iter().filter(|column| !column.text.is_empty()).count()
    }

    /// How many columns of the feed were found.
    fn mapped(&self) -> usize {
        self.columns.iter().filter(|column| column.column.is_some()).count()
    }

    /// What makes one line a better header than another: that it tells the person, then how many columns it knows.
    fn tells(&self) -> (bool, usize) {
        (self.name.is_some() || self.identity.is_some(), self.mapped())
    }

    /// Whether it is a better header than `higher`, which stands above it. A header that is repeated further down, in
    /// other words perhaps, must not make titles of the rows between.
    fn replaces(&self, higher: &Self) -> bool {
        let is_same_line = self.first == higher.first;
        let tells_far_more = self.mapped() * 2 > higher.mapped() * 3;
        self.tells() > higher.tells() && (is_same_line || tells_far_more || !higher.tells().0)
    }

    /// What makes the header of one sheet better than another's: that it lacks nothing, then what it tells.
    pub(super) fn rank(&self, feed: &Feed) -> (bool, bool, usize) {
        let (tells_person, mapped) = self.tells();
        (self.lacks(feed).is_empty(), tells_person, mapped)
    }

    /// Whether most of its headings are the feed's, or some and one that names the person in words that are nobody's, with
    /// nothing missing: what no row of data is.
    pub(super) fn names_most(&self, feed: &Feed) -> bool {
        let person = [self.name, self.identity].into_iter().flatten();
        let is_naming = |text: &str| NAMING.iter().any(|word| text.contains(word));
        let names_person =
            person.filter_map(|place| self.columns.get(place)).any(|column| is_naming(&column.text));
        let tenths = if names_person { 3 } else { 6 };
        self.lacks(feed).is_empty()
            && self.mapped() >= 2
            && self.mapped() * 10 >= self.width_filled() * tenths
    }

    /// Whether it is the header of a further part of the list that `best` stands over.
    pub(super) fn continues(&self, best: &Self, feed: &Feed) -> bool {
        self.lacks(feed).is_empty()
            && self.mapped() * 10 >= self.width_filled() * 6
            && self.mapped() * 2 >= best.mapped()
            && self.mapped() >= best.mapped().clamp(1, 2)
    }

    /// Whether it can stand below `before`: where that has the person, it has no value but a heading, unless it names the
    /// person in words that are nobody's.
    pub(super) fn stands_below(&self, before: &Self, sheet: &Sheet, feed: &Feed) -> bool {
        let Some(row) = sheet.row(self.first) else { return false };
        let below = (self.last > self.first).then(|| sheet.row(self.last)).flatten();
        before.has_headings_for_person(&row, feed)
            || names_a_column(&row)
            || below.is_some_and(|below| before.is_upper_line(&row, &below, feed))
    }

    /// Whether `row` is the upper line of a header of two, by itself no heading of the person: most of its cells are
    /// headings (of the feed, or of this header), and the person's stand in `below`.
    fn is_upper_line(&self, row: &Row, below: &Row, feed: &Feed) -> bool {
        let names_person = names_a_column(below) || self.has_headings_for_person(below, feed);
        if !names_person || has_a_number(row) || has_a_number(below) {
            return false;
        }
        let filled = row.cells().filter(|cell| !cell.text.trim().is_empty());
        let (mut count, mut headings) = (0, 0);
        for cell in filled.take(MOST_COLUMNS) {
            let heading = Heading::of(cell.text);
            count += 1;
            headings += usize::from(
                self.has_heading_somewhere(heading.whole()) || feed.column_for(&heading).is_some(),
            );
        }
        headings >= 2 && headings * 10 >= count * 6
    }

    fn has_headings_for_person(&self, row: &Row, feed: &Feed) -> bool {
        [self.name, self.identity].into_iter().flatten().all(|column| {
            let text = row.cell(column).text.trim();
            text.is_empty() || feed.column_for(&Heading::of(text)).is_some()
        })
    }

    /// Whether rows below it are read otherwise than below `before`. One that leaves out some headings is a repeat.
    pub(super) fn differs(&self, before: &Self, is_grid: bool) -> bool {
        let is_moved = |(place, own): (usize, &HeaderColumn)| {
            let known = before.columns.get(place);
            // The lower line alone of a header of two says 姓名 where both say 学生基本信息 / 姓名: the same column.
            let is_part = known.is_some_and(|known| {
                own.lines.iter().all(|line| line.is_empty() || known.lines.contains(line))
            });
            !own.text.is_empty()
                && !is_part
                && known.is_none_or(|known| {
                    known.column != own.column || own.column.is_none() && known.text != own.text
                })
        };
        self.columns.iter().enumerate().any(is_moved) || !is_grid && self.fields != before.fields
    }

    /// What stands where persons should, if most of it are headings: the table lies on its side, or is a form for each
    /// person. `None` for a list, and wherever most cells of the header are headings, as they are of no form.
    pub(super) fn labels_for_persons(&self, sheet: &Sheet, feed: &Feed) -> Option<Vec<String>> {
        let place = self.name.or(self.identity)?;
        if self.mapped() * 2 > self.width_filled() {
            return None;
        }
        let (mut filled, mut headings) = (0, 0);
        let mut labels: Vec<(usize, String)> = Vec::new();
        for row in (self.first..sheet.len()).take(LINES_SEARCHED).filter_map(|index| sheet.row(index)) {
            let text = row.cell(place).text.trim();
            filled += usize::from(!text.is_empty());
            let Some(index) = feed.named(&Heading::of(text)) else { continue };
            headings += 1;
            // 父亲, 儿童, 户主 are headings and stand in place of names in many a list.
            let is_name = feed.columns.get(index).is_none_or(|column| column.meaning == Meaning::Name);
            if !is_name && labels.iter().all(|(known, _)| *known != index) {
                labels.push((index, shown(text)));
            }
        }
        let are_most = headings * 2 > filled;
        (are_most && labels.len() >= 2).then(|| labels.into_iter().map(|(_, text)| text).collect())
    }

    /// Headings of the person that stand a second time, further right, and are nobody's column: most often the list is
    /// printed in two halves side by side. Empty unless they name somebody and say more.
    pub(super) fn repeats_person(&self, feed: &Feed) -> Vec<String> {
        let meaning = |column: &HeaderColumn| {
            let column = feed.columns.get(column.column?)?;
            (column.subject == Subject::Person).then_some(&column.meaning)
        };
        let (mut again, mut names) = (Vec::new(), false);
        for (place, column) in self.columns.iter().enumerate() {
            if column.column.is_some() || column.second_of.is_some() || column.text.is_empty() {
                continue;
            }
            let mut before = self.columns.iter().take(place);
            let first = before.find(|first| first.text == column.text).and_then(meaning);
            let is_name = matches!(first, Some(Meaning::Name | Meaning::IdentityNumber));
            let tells = is_name || matches!(first, Some(Meaning::Birth | Meaning::Sex));
            if tells && !again.contains(&column.text) {
                again.push(column.text.clone());
                names |= is_name;
            }
        }
        if names && again.len() >= 2 { again } else { Vec::new() }
    }

    /// Where in the file the feed's column `index` stands.
    pub(super) fn place_of(&self, index: usize) -> Option<usize> {
        self.columns.iter().position(|column| column.column == Some(index))
    }

    /// Where in the file a second column of the feed's column `index` stands.
    pub(super) fn second_of(&self, index: usize) -> Option<usize> {
        self.columns.iter().position(|column| column.second_of == Some(index))
    }

    /// 联系电话 and 联系电话: the second says what the first leaves open. Not of who somebody is: under a second 姓名
    /// stands somebody else.
    fn find_seconds(&mut self, feed: &Feed) {
        for place in 1..self.columns.len() {
            let Some((before, own)) = self.columns.split_at_mut_checked(place) else { return };
            let Some(own) = own.first_mut() else { return };
            if own.column.is_some() || own.text.is_empty() {
                continue;
            }
            let first = before.iter().rev().find(|column| column.text == own.text);
            let Some(index) = first.and_then(|column| column.column) else { continue };
            let is_further = feed.columns.get(index).is_some_and(|column| may_be_twice(&column.meaning));
            let is_new = before.iter().all(|column| column.second_of != Some(index));
            own.second_of = Some(index).filter(|_| is_further && is_new);
        }
    }

    /// A list of households that names nobody but their heads is a list of the heads: 户主姓名 is then the person's name.
    fn take_heads_for_persons(&mut self, feed: &Feed) {
        let person = |meaning: &Meaning| feed.find(Subject::Person, meaning);
        let names_members = [Meaning::Name, Meaning::Relation]
            .iter()
            .any(|meaning| person(meaning).is_some_and(|index| self.place_of(index).is_some()));
        if !feed.by_household || names_members {
            return;
        }
        for meaning in [Meaning::Name, Meaning::IdentityNumber, Meaning::Phone] {
            let (Some(own), Some(heads)) = (person(&meaning), feed.find(Subject::Head, &meaning)) else {
                continue;
            };
            if self.place_of(own).is_some() {
                continue;
            }
            for column in self.columns.iter_mut().filter(|column| column.column == Some(heads)) {
                column.column = Some(own);
            }
        }
    }

    /// Required columns of the feed that the file lacks, by index; the person counts as there when either the name or
    /// the number is.
    pub(super) fn lacks(&self, feed: &Feed) -> Vec<usize> {
        let mut lacking: Vec<usize> = feed
            .columns
            .iter()
            .enumerate()
            .filter(|(index, column)| column.required && self.place_of(*index).is_none())
            .map(|(index, _)| index)
            .collect();
        if self.name.is_none() && self.identity.is_none() {
            let person = [Meaning::Name, Meaning::IdentityNumber]
                .iter()
                .find_map(|meaning| feed.find(Subject::Person, meaning));
            lacking.extend(person.filter(|index| !lacking.contains(index)));
        }
        lacking
    }
}

/// The best header of a sheet: the one with the most columns of the feed, the higher line if several have about as many.
pub(super) fn find(sheet: &Sheet, feed: &Feed) -> Option<Header> {
    let mut best: Option<Header> = None;
    for index in 0..sheet.len().min(LINES_SEARCHED) {
        let Some(row) = sheet.row(index).filter(|row| !row.is_blank()) else { continue };
        let single = one_line(index, &row, feed);
        // A row of the table that a header stands over already is no heading of the line below it.
        let is_a_row = best.as_ref().is_some_and(|best| {
            best.first < index && best.tells().0 && skipped::below_header(&row, best, feed).is_none()
        });
        let double = sheet.row(index + 1).filter(|_| !is_a_row).and_then(|below| {
            let double = two_lines(index, &row, &below, &single, feed)?;
            // A single text over a line that tells as much by itself is a title, not a heading that the line divides.
            let may_be_title = row.cells().filter(|cell| !cell.text.trim().is_empty()).count() == 1;
            let divides = double.tells() > one_line(index + 1, &below, feed).tells();
            (divides || !may_be_title).then_some(double)
        });
        for candidate in [Some(single), double].into_iter().flatten() {
            let better = best.as_ref().is_none_or(|best| candidate.replaces(best));
            if candidate.mapped() > 0 && better {
                best = Some(candidate);
            }
        }
    }
    best
}

/// The header that begins at line `index`: of one line, or of two where the second divides the first.
pub(super) fn at(sheet: &Sheet, index: usize, feed: &Feed) -> Option<Header> {
    let row = sheet.row(index).filter(|row| !row.is_blank() && !has_a_number(row))?;
    let single = one_line(index, &row, feed);
    let double = sheet.row(index + 1).and_then(|below| two_lines(index, &row, &below, &single, feed));
    Some(double.filter(|double| double.tells() > single.tells()).unwrap_or(single))
}

/// Whether the row at `index`, below `first`, could be a header: told by a glance, for it is asked of every row.
pub(super) fn may_be(sheet: &Sheet, index: usize, first: &Header, feed: &Feed) -> bool {
    let Some(row) = sheet.row(index).filter(|row| !has_a_number(row)) else { return false };
    names_a_column(&row)
        || first.has_headings_for_person(&row, feed)
        || sheet.row(index + 1).is_some_and(|below| first.is_upper_line(&row, &below, feed))
}

/// Whether some cell has a number as rows have them and headings do not: of a document, a phone, a day.
fn has_a_number(row: &Row) -> bool {
    row.cells().any(|cell| cell.text.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS)
}

/// Whether some cell names the column of the person in words that are nobody's name.
fn names_a_column(row: &Row) -> bool {
    row.cells()
        .any(|cell| cell.text.len() <= LONGEST_NAMING && NAMING.iter().any(|word| cell.text.contains(word)))
}

fn one_line(index: usize, row: &Row, feed: &Feed) -> Header {
    let headings =
        row.cells().take(MOST_COLUMNS).map(|cell| (Heading::of(cell.text), shown(cell.text))).collect();
    let lines =
        row.cells().take(MOST_COLUMNS).map(|cell| vec![Heading::of(cell.text).whole().to_owned()]).collect();
    build(index, index, row.len(), headings, lines, feed)
}

/// Both lines together, if the second divides headings of the first and is no row of data.
fn two_lines(index: usize, above: &Row, below: &Row, single: &Header, feed: &Feed) -> Option<Header> {
    let width = above.len().max(below.len()).min(MOST_COLUMNS);
    let is_known = |text: &str| feed.column_for(&Heading::of(text)).is_some();
    // Under the person's own headings a row of data has data.
    for column in [single.name, single.identity].into_iter().flatten() {
        let (over, under) = (above.cell(column).text.trim(), below.cell(column).text.trim());
        if !under.is_empty() && under != over && !is_known(under) {
            return None;
        }
    }
    if has_a_number(above) || has_a_number(below) {
        return None;
    }
    let mut headings = Vec::with_capacity(width);
    let mut lines = Vec::with_capacity(width);
    let mut group = "";
    let mut divided = 0;
    for column in 0..width {
        let (over, under) = (above.cell(column).text.trim(), below.cell(column).text.trim());
        // A merged heading stands over its first column only; the columns to its right with a text below are its.
        if !over.is_empty() {
            group = over;
        } else if under.is_empty() {
            group = "";
        }
        let (group, under) = if over == under { ("", under) } else { (group, under) };
        divided += usize::from(!under.is_empty() && !group.is_empty());
        let text = match (group.is_empty(), under.is_empty()) {
            (false, false) => format!("{} / {}", shown(group), shown(under)),
            (false, true) => shown(over),
            (true, _) => shown(under),
        };
        let heading = match under {
            "" => Heading::of(over),
            // 家长情况 over 家长姓名: the lower line says whose it is by itself.
            _ if names_somebody_else(under) && is_known(under) => Heading::of(under),
            _ => Heading::within(group, under),
        };
        headings.push((heading, text));
        lines.push(vec![Heading::of(over).whole().to_owned(), Heading::of(under).whole().to_owned()]);
    }
    if divided == 0 {
        return None;
    }
    Some(build(index, index + 1, width, headings, lines, feed))
}

fn build(
    first: usize,
    last: usize,
    fields: usize,
    headings: Vec<(Heading, String)>,
    lines: Vec<Vec<String>>,
    feed: &Feed,
) -> Header {
    let mut taken = vec![false; feed.columns.len()];
    let mut take = |found: Option<usize>, left_of: Option<Subject>| {
        let index = free(found?, &taken, left_of, feed)?;
        *taken.get_mut(index)? = true;
        Some(index)
    };
    let mut left_of: Option<Subject> = None;
    let mut found: Vec<(Option<usize>, Option<Subject>)> = Vec::with_capacity(headings.len());
    for (heading, _) in &headings {
        let index = take(feed.named(heading), left_of);
        let column = index.and_then(|index| feed.columns.get(index));
        let name = column.filter(|column| column.meaning == Meaning::Name);
        left_of = name.map_or(left_of, |column| Some(column.subject));
        found.push((index, left_of));
    }
    // A word in a heading counts only for columns that no heading names: 紧急联系电话 is not the phone where 联系电话 stands.
    for ((heading, _), (index, left_of)) in headings.iter().zip(&mut found) {
        if index.is_none() {
            *index = take(feed.resembling(heading), *left_of);
        }
    }
    let columns = headings
        .into_iter()
        .zip(lines)
        .zip(found)
        .map(|(((_, text), lines), (column, _))| {
            let meaning = column.and_then(|index| feed.columns.get(index)).map(|column| &column.meaning);
            let is_serial = meaning == Some(&Meaning::Serial);
            HeaderColumn { text, lines, column, second_of: None, is_serial }
        })
        .collect();
    let mut header = Header { first, last, columns, fields, name: None, identity: None };
    header.take_heads_for_persons(feed);
    header.find_seconds(feed);
    let place =
        |meaning: Meaning| feed.find(Subject::Person, &meaning).and_then(|index| header.place_of(index));
    (header.name, header.identity) = (place(Meaning::Name), place(Meaning::IdentityNumber));
    header
}

/// The column that a heading is, if it is still free; a second 联系电话 behind 监护人 is the guardian's.
fn free(index: usize, taken: &[bool], left_of: Option<Subject>, feed: &Feed) -> Option<usize> {
    if !taken.get(index).copied().unwrap_or(true) {
        return Some(index);
    }
    let column = feed.columns.get(index)?;
    let subject = left_of.filter(|subject| {
        matches!(subject, Subject::Guardian | Subject::Father | Subject::Mother | Subject::Head)
    })?;
    let other = feed.find(subject, &column.meaning)?;
    taken.get(other).is_some_and(|taken| !taken).then_some(other)
}

/// Whether a column with this meaning may stand twice with one meaning.
fn may_be_twice(meaning: &Meaning) -> bool {
    !matches!(
        meaning,
        Meaning::Name
            | Meaning::IdentityNumber
            | Meaning::Birth
            | Meaning::Sex
            | Meaning::Serial
            | Meaning::Household
            | Meaning::Relation
            | Meaning::Kinship
    )
}

/// A heading as it is shown: on one line.
fn shown(text: &str) -> String {
    cell_text(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
