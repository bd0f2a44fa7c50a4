//! The departments' files of a city: real bytes that anybody could have sent, with the errors that such exports have.
//!
//! What belongs here: what departments notice of the lives (`observe`), how a hurried clerk writes it down (`pen`,
//! `address`), and the three exports. Each file says beside its bytes whose row is where; whoever imports it never sees
//! that, the truth file does ([`crate::truth`]).

mod address;
mod characters;
mod disabled;
mod grid;
mod observe;
mod pen;
mod school;
mod table;

use base::{AreaPath, AreaTree, Day};

pub use pen::Slip;

use crate::lives::{City, Household};
use table::{Encoding, Table};

/// A department's file.
#[derive(Debug, Clone)]
pub struct DepartmentFile {
    /// The feed that it is a delivery of.
    pub feed: &'static str,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whose rows stand in it, in its order.
    pub rows: Vec<FileRow>,
}

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// The sheet's row number, or the physical line.
    pub place: u32,
    /// Whose it is: the place in [`City::persons`]. `None`: nobody's, an empty home.
    pub person: Option<usize>,
    /// What was spoilt in it.
    pub slips: Vec<Slip>,
}

/// A file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written")]
pub struct FileError(#[from] rust_xlsxwriter::XlsxError);

/// Which department's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    /// 网格人口
    Grid,
    /// 残疾人名册
    Disabled,
    /// 学校缺勤
    School,
}

impl Feed {
    /// All of them, in the order in which they are taken in.
    pub const ALL: [Self; 3] = [Self::Grid, Self::Disabled, Self::School];

    /// The key of the feed's description.
    pub fn key(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Disabled => "disabled",
            Self::School => "school",
        }
    }

    /// What the department would send on `day` of those who live within `within`: of a pilot area, or of the whole
    /// city. The same city, day and area give the same bytes.
    ///
    /// # Errors
    /// When a workbook cannot be written, which its limits of size decide.
    pub fn export(
        self,
        city: &City,
        areas: &AreaTree,
        day: Day,
        within: AreaPath,
    ) -> Result<DepartmentFile, FileError> {
        let lives_there = |household: &Household| {
            areas.path_of(household.home.community).is_some_and(|at| at.is_within(&within))
        };
        let (table, encoding, name) = match self {
            Self::Grid => (grid::table(city, areas, day, &lives_there), Encoding::Gb18030, "网格实有人口"),
            Self::Disabled => {
                (disabled::table(city, areas, day, &lives_there), Encoding::Utf8WithMark, "残疾人名册")
            }
            Self::School => (school::table(city, areas, day, &lives_there), Encoding::Xlsx, "学生缺勤"),
        };
        let extension = if encoding == Encoding::Xlsx { "xlsx" } else { "csv" };
        Ok(DepartmentFile {
            feed: self.key(),
            name: format!("{name}{day}.{extension}"),
            bytes: table.bytes(encoding)?,
            rows: rows_of(table),
        })
    }
}

fn rows_of(table: Table) -> Vec<FileRow> {
    let first = table.first_place();
    table
        .lines
        .into_iter()
        .enumerate()
        .map(|(at, line)| FileRow {
            place: u32::try_from(first + at).unwrap_or(u32::MAX),
            person: line.person,
            slips: line.slips,
        })
        .collect()
}

#[cfg(test)]
mod tests;
