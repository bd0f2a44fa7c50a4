//! The preview: the first lines of the file as it came, masked, and what each column was taken for.

use policy::feeds::Feed;
use web::Ctx;

use super::show;
use crate::Texts;
use crate::deliveries::{DeliveryDetail, Fate, MappedColumn, Preview, PreviewRow};
use crate::rows::cells;

/// Columns of the file that a preview shows; a wider file says how many more it has.
const COLUMNS_SHOWN: usize = 12;

/// What a page shows of a file.
pub(super) struct FileView {
    /// Where the header stands and what is no row.
    pub note: String,
    /// Headings of the columns that are shown.
    pub headings: Vec<String>,
    /// How many columns are not shown.
    pub more_columns: usize,
    /// The lines.
    pub lines: Vec<LineView>,
    /// What each column was taken for.
    pub mapping: Vec<MappingView>,
    /// How many columns there are, and how many of them are used.
    pub mapping_note: String,
}

/// A line of the file.
pub(super) struct LineView {
    /// Its place.
    pub place: u32,
    /// Its cells, and whether something is wrong in each.
    pub cells: Vec<(String, bool)>,
    /// Whether it is a line that is no row.
    pub is_skipped: bool,
    /// Whether it is the header.
    pub is_header: bool,
    /// Class, icon and word for what becomes of it.
    pub fate: (&'static str, &'static str, &'static str),
    /// More about that.
    pub fault: String,
}

/// A column of the file.
pub(super) struct MappingView {
    /// Its heading.
    pub heading: String,
    /// The feed's column; `None` if it knows none.
    pub target: Option<String>,
    /// Whether the feed cannot do without it.
    pub is_required: bool,
    /// Share of its cells that can be used, in percent: for the bar and in words.
    pub usable_percent: u64,
    /// The same in words.
    pub usable: String,
    /// Cells that hold something.
    pub filled: u64,
}

impl FileView {
    /// What is shown of `preview`.
    pub fn of(ctx: &Ctx, feed: &Feed, detail: &DeliveryDetail, preview: &Preview) -> Self {
        let t = Texts(ctx.language);
        let width = detail.columns.len().min(COLUMNS_SHOWN);
        let used = preview.mapping.iter().filter(|column| column.target.is_some()).count();
        Self {
            note: note(t, preview),
            headings: detail.columns.iter().take(width).cloned().collect(),
            more_columns: detail.columns.len() - width,
            lines: preview.first_rows.iter().map(|row| line(ctx, feed, detail, row, width)).collect(),
            mapping: preview.mapping.iter().map(|column| mapping(ctx, feed, column)).collect(),
            mapping_note: t.preview_mapping_note(preview.mapping.len(), used),
        }
    }
}

fn note(t: Texts, preview: &Preview) -> String {
    let header = match preview.header.as_slice() {
        [first, .., last] => t.preview_header_lines(first, last),
        [line] => t.preview_header_line(line),
        [] => String::new(),
    };
    let kinds: Vec<String> = preview
        .skipped
        .iter()
        .map(|(kind, count)| format!("{} {}", show::skipped(t, kind), web::show::number(count)))
        .collect();
    let mark = t.0.choose("、", ", ");
    if kinds.is_empty() { header } else { t.preview_skipped(header, kinds.join(mark)) }
}

fn line(ctx: &Ctx, feed: &Feed, detail: &DeliveryDetail, row: &PreviewRow, width: usize) -> LineView {
    let t = Texts(ctx.language);
    let is_skipped = row.fate == Fate::Skipped;
    let is_header = row.fate == Fate::Header;
    // In a line with another number of fields nobody knows which column a cell belongs to.
    let is_shifted = row.fate == Fate::Rejected && row.faulty.is_empty();
    let is_note = is_skipped && row.fault.as_deref() == Some("note");
    let mut texts: Vec<(String, bool)> = row
        .cells
        .iter()
        .take(width)
        .enumerate()
        .map(|(index, text)| {
            let target = detail.targets.get(index).and_then(Option::as_deref);
            let shown = if is_header || (is_skipped && !is_note) {
                text.clone()
            } else if is_shifted || is_note {
                cells::unplaced(&ctx.app.roles, &ctx.actor, text)
            } else {
                cells::on_list_for(&ctx.app.roles, &ctx.actor, cells::column_of(feed, target), text)
            };
            (shown, row.faulty.iter().any(|faulty| usize::try_from(*faulty) == Ok(index)))
        })
        .collect();
    texts.resize(width, (String::new(), false));
    let is_warned = row.fault.is_some() && matches!(row.fate, Fate::Added | Fate::Updated | Fate::Unchanged);
    LineView {
        place: row.place,
        cells: texts,
        is_skipped,
        is_header,
        fate: show::fate(t, row.fate, is_warned),
        fault: fault(t, row),
    }
}

fn fault(t: Texts, row: &PreviewRow) -> String {
    let Some(fault) = &row.fault else { return String::new() };
    match row.fate {
        Fate::Skipped | Fate::Header => show::skipped(t, fault).to_owned(),
        Fate::Duplicate => t.fate_duplicate_of(fault.parse::<u32>().unwrap_or(0)),
        Fate::Rejected => show::rejection(fault, t.0).map_or("", |wording| wording.what).to_owned(),
        _ => show::warning(fault, t.0).map_or("", |wording| wording.what).to_owned(),
    }
}

fn mapping(ctx: &Ctx, feed: &Feed, column: &MappedColumn) -> MappingView {
    let target = cells::column_of(feed, column.target.as_deref());
    MappingView {
        heading: column.header.clone(),
        target: target.map(|target| {
            let label = ctx.says(&target.label);
            if column.is_second { Texts(ctx.language).preview_second(label) } else { label.to_owned() }
        }),
        is_required: column.required,
        usable_percent: (column.usable * 100).checked_div(column.filled).unwrap_or(0),
        usable: web::show::share(column.usable, column.filled),
        filled: column.filled,
    }
}

impl MappingView {
    /// Icon and class of the column's state.
    pub fn mark(&self) -> (&'static str, &'static str) {
        match (&self.target, self.usable_percent) {
            (None, _) => ("minus", "t3"),
            (Some(_), 95..) => ("circle-check", "grn"),
            (Some(_), _) if self.filled == 0 => ("minus", "t3"),
            (Some(_), _) => ("alert-triangle", "amb"),
        }
    }
}
