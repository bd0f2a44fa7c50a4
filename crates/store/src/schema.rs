//! Tables as plain data: a migration says which columns there are, this turns it into SQL for either database, so that
//! both get the same schema.

use sea_orm::sea_query::{
    ColumnDef, ForeignKey, ForeignKeyAction, Index, IndexCreateStatement, Table, TableAlterStatement,
    TableCreateStatement,
};
use sea_orm::{ConnectionTrait, DbBackend};

use crate::StoreError;

/// One step of the schema's history. Once released it never changes; what is to change is a new step.
#[derive(Clone, Copy)]
pub struct Migration {
    /// Crate, number and matter: `people.0002_household`. Applied names are kept in the table `migration`.
    pub name: &'static str,
    /// Lays the step out.
    pub up: fn(&mut Schema),
}

/// What one migration does, in order.
#[derive(Default)]
pub struct Schema {
    steps: Vec<Step>,
}

enum Step {
    CreateTable(TableSketch),
    AddColumn(&'static str, Column),
    DropColumn(&'static str, &'static str),
    CreateIndex(IndexCreateStatement),
}

/// A table as it is being described.
pub struct TableSketch {
    name: &'static str,
    columns: Vec<Column>,
    primary_key: Vec<&'static str>,
    narrow: bool,
}

/// A column as it is being described. It must hold a value unless it is made `optional`.
pub struct Column {
    name: &'static str,
    kind: Kind,
    optional: bool,
    unique: bool,
    references: Option<&'static str>,
    default: Option<i64>,
}

#[derive(Clone, Copy)]
enum Kind {
    Uuid,
    Text,
    Integer,
    BigInteger,
    Double,
    Boolean,
    Bytes,
}

impl Schema {
    /// Creates the table `name`; `describe` names its columns in order.
    pub fn create_table(&mut self, name: &'static str, describe: impl FnOnce(&mut TableSketch)) {
        let mut table = TableSketch { name, columns: Vec::new(), primary_key: Vec::new(), narrow: false };
        describe(&mut table);
        self.steps.push(Step::CreateTable(table));
    }

    /// Adds one column to the table `name`. It must be optional or have a default, since rows may be there.
    pub fn add_column(&mut self, table: &'static str, describe: impl FnOnce(&mut TableSketch)) {
        let mut sketch =
            TableSketch { name: table, columns: Vec::new(), primary_key: Vec::new(), narrow: false };
        describe(&mut sketch);
        self.steps.extend(sketch.columns.into_iter().map(|column| Step::AddColumn(table, column)));
    }

    /// Takes the column `column` out of `table`, with what stands in it. No index may be on it.
    pub fn drop_column(&mut self, table: &'static str, column: &'static str) {
        self.steps.push(Step::DropColumn(table, column));
    }

    /// Creates an index that begins with the first of `columns`: put the one that is always asked first.
    pub fn index(&mut self, table: &'static str, columns: &[&'static str]) {
        self.steps.push(Step::CreateIndex(index(table, columns)));
    }

    /// Creates an index in which a combination of values stands once. Rows with a null in it are all different.
    pub fn unique_index(&mut self, table: &'static str, columns: &[&'static str]) {
        let mut index = index(table, columns);
        index.unique();
        self.steps.push(Step::CreateIndex(index));
    }

    /// The SQL of this step for `backend`.
    pub(crate) fn statements(&self, backend: DbBackend) -> Vec<String> {
        self.steps
            .iter()
            .map(|step| match step {
                Step::CreateTable(table) => backend.build(&table.statement(backend)).sql,
                Step::AddColumn(table, column) => backend.build(&add_column(table, column)).sql,
                Step::DropColumn(table, column) => {
                    backend.build(&Table::alter().table(*table).drop_column(*column).to_owned()).sql
                }
                Step::CreateIndex(index) => backend.build(index).sql,
            })
            .collect()
    }

    /// Carries this step out on `connection`.
    pub(crate) async fn apply(&self, connection: &impl ConnectionTrait) -> Result<(), StoreError> {
        for statement in self.statements(connection.get_database_backend()) {
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

impl TableSketch {
    /// The usual primary key: `id`, a UUID v7 of the operation that made the row.
    pub fn id(&mut self) {
        self.uuid("id");
        self.primary_key(&["id"]);
    }

    /// The primary key, for tables whose key is not `id`.
    pub fn primary_key(&mut self, columns: &[&'static str]) {
        self.primary_key = columns.to_vec();
    }

    /// Keeps the rows inside the primary key on SQLite (`WITHOUT ROWID`): for tables of a few short columns that are
    /// only ever found by that key. It changes speed and size, nothing else.
    pub fn narrow(&mut self) {
        self.narrow = true;
    }

    /// A column with another row's id.
    pub fn uuid(&mut self, name: &'static str) -> &mut Column {
        self.column(name, Kind::Uuid)
    }

    /// A column of text. Nothing personal: that goes into `sealed`.
    pub fn text(&mut self, name: &'static str) -> &mut Column {
        self.column(name, Kind::Text)
    }

    /// A column of 32-bit integers.
    pub fn integer(&mut self, name: &'static str) -> &mut Column {
        self.column(name, Kind::Integer)
    }

    /// A column of 64-bit integers; money is fen in one of these.
    pub fn big_integer(&mut self, name: &'static str) -> &mut Column {
        self.column(name, Kind::BigInteger)
    }

    /// A column of 64-bit floating-point numbers.
    pub fn double(&mut self, name: &'static str) -> &mut Column {
        self.column(name, Kind::Double)
    }

    /// A column of true and false.
    pub fn boolean(&mut self, name: &'static str) -> &mut Column {
        self.column(name, Kind::Boolean)
    }

    /// A column of bytes: keyed hashes, digests.
    pub fn bytes(&mut self, name: &'static str) -> &mut Column {
        self.column(name, Kind::Bytes)
    }

    /// A point in time: milliseconds since 1970 in UTC (`base::Moment`).
    pub fn moment(&mut self, name: &'static str) -> &mut Column {
        self.column(name, Kind::BigInteger)
    }

    /// A calendar day: days since 1970-01-01.
    pub fn day(&mut self, name: &'static str) -> &mut Column {
        self.column(name, Kind::Integer)
    }

    /// The row's sealed part, `sealed` (`Keys::seal`).
    pub fn sealed(&mut self) -> &mut Column {
        self.column("sealed", Kind::Bytes)
    }

    /// The version of a row that people edit, `version`: 1 at first, one more at each change.
    pub fn version(&mut self) -> &mut Column {
        self.column("version", Kind::Integer)
    }

    /// Where the row belongs (`base::AreaPath`): `city_id`, `district_id`, `subdistrict_id`, `community_id`, the lower
    /// three empty as far as they are not known.
    pub fn area(&mut self) {
        self.integer("city_id");
        for level in ["district_id", "subdistrict_id", "community_id"] {
            self.integer(level).optional();
        }
    }

    /// As `area`, for rows that may have no place at all.
    pub fn area_optional(&mut self) {
        for level in crate::AREA_COLUMNS {
            self.integer(level).optional();
        }
    }

    fn column(&mut self, name: &'static str, kind: Kind) -> &mut Column {
        let column = Column { name, kind, optional: false, unique: false, references: None, default: None };
        self.columns.push(column);
        let last = self.columns.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "the column was pushed on the line above")]
        &mut self.columns[last]
    }

    fn statement(&self, backend: DbBackend) -> TableCreateStatement {
        let mut create = Table::create();
        create.table(self.name);
        for column in &self.columns {
            create.col(column.definition());
            if let Some(parent) = column.references {
                let mut key = ForeignKey::create();
                key.from(self.name, column.name).to(parent, "id").on_delete(ForeignKeyAction::Restrict);
                create.foreign_key(&mut key);
            }
        }
        let mut key = Index::create();
        for column in &self.primary_key {
            key.col(*column);
        }
        create.primary_key(&mut key);
        if self.narrow && backend == DbBackend::Sqlite {
            create.extra("WITHOUT ROWID");
        }
        create
    }
}

impl Column {
    /// The column may be empty (null).
    pub fn optional(&mut self) -> &mut Self {
        self.optional = true;
        self
    }

    /// No two rows have the same value here.
    pub fn unique(&mut self) -> &mut Self {
        self.unique = true;
        self
    }

    /// The column holds the `id` of a row of `table`, which cannot be deleted while this row is there.
    pub fn references(&mut self, table: &'static str) -> &mut Self {
        self.references = Some(table);
        self
    }

    /// What an integer column holds in rows that were there before it, or that do not name it.
    pub fn default(&mut self, value: i64) -> &mut Self {
        self.default = Some(value);
        self
    }

    fn definition(&self) -> ColumnDef {
        let mut column = ColumnDef::new(self.name);
        match self.kind {
            Kind::Uuid => column.uuid(),
            Kind::Text => column.text(),
            Kind::Integer => column.integer(),
            Kind::BigInteger => column.big_integer(),
            Kind::Double => column.double(),
            Kind::Boolean => column.boolean(),
            Kind::Bytes => column.blob(),
        };
        if !self.optional {
            column.not_null();
        }
        if self.unique {
            column.unique_key();
        }
        if let Some(value) = self.default {
            column.default(value);
        }
        column
    }
}

fn add_column(table: &'static str, column: &Column) -> TableAlterStatement {
    Table::alter().table(table).add_column(column.definition()).to_owned()
}

/// An index named after its table and columns, cut to PostgreSQL's 63 bytes by a digest of the rest.
fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let full = format!("{table}_{}_index", columns.join("_"));
    let name = if full.len() <= 63 {
        full
    } else {
        format!("{}_{}", full.get(..46).unwrap_or(table), &blake3::hash(full.as_bytes()).to_hex()[..16])
    };
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}
