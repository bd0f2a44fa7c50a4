//! Keeping the versions of the files at start, and reading earlier ones again.

use policy::{PolicyFault, Program, ProgramVersion, Programs};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Order, Query};
use serde_json::{Value, json};
use store::bulk::{Target, insert_rows};
use store::{Event, StoreError, Write};

const TABLE: &str = "program_version";

/// Why the program does not start with these files.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// A version was in use with other content, or a kept one cannot be read any more.
    #[error("{}", .0.iter().map(|fault| format!("{}:{}: {}. {}", fault.file, fault.line, fault.message, fault.mend)).collect::<Vec<_>>().join("\n"))]
    Faults(Vec<PolicyFault>),
    /// The database's own.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for VersionError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// Keeps the present version of each program, and adds to `programs` every earlier one that is kept. Called once, at
/// start, after the migrations; `write` is then saved.
///
/// # Errors
/// `Faults` if a declared version was in use with other content: matters that name it would change under way.
pub async fn keep(write: &Write, programs: &mut Programs) -> Result<(), VersionError> {
    write.lock("matters.program_version").await?;
    let kept = all(write).await?;
    let faults: Vec<PolicyFault> =
        programs.all().filter_map(|program| program.check_against(&kept).err()).collect();
    if !faults.is_empty() {
        return Err(VersionError::Faults(faults));
    }
    let is = |kept: &ProgramVersion, program: &Program| {
        kept.program == program.key && kept.version == program.version
    };
    let new = programs.all().filter(|program| !kept.iter().any(|kept| is(kept, program)));
    let new: Vec<ProgramVersion> = new.map(Program::as_version).collect();
    for version in &new {
        insert(write, version).await?;
    }
    let earlier = kept.iter().filter(|kept| !programs.all().any(|program| is(kept, program)));
    let mut read = Vec::new();
    for version in earlier {
        read.push(Program::read_version(version).map_err(VersionError::Faults)?);
    }
    for program in read {
        programs.add_earlier(program);
    }
    Ok(())
}

/// Every version that is kept. There is one for each time that somebody changed policy: a few in a year.
async fn all(write: &Write) -> Result<Vec<ProgramVersion>, VersionError> {
    let select = Query::select()
        .columns(["program", "version", "hash", "files"])
        .from(TABLE)
        .order_by("program", Order::Asc)
        .order_by("version", Order::Asc)
        .to_owned();
    let rows = write.connection().query_all(&select).await?;
    let version = |row: &sea_orm::QueryResult| -> Result<ProgramVersion, VersionError> {
        let files: String = row.try_get("", "files")?;
        Ok(ProgramVersion {
            program: row.try_get("", "program")?,
            version: row.try_get("", "version")?,
            hash: row.try_get("", "hash")?,
            files: serde_json::from_str(&files).map_err(StoreError::from)?,
        })
    };
    rows.iter().map(version).collect()
}

async fn insert(write: &Write, version: &ProgramVersion) -> Result<(), VersionError> {
    let files = serde_json::to_string(&version.files).map_err(StoreError::from)?;
    let row: [sea_orm::Value; 5] = [
        version.program.clone().into(),
        version.version.clone().into(),
        version.hash.clone().into(),
        files.into(),
        write.at().0.into(),
    ];
    let columns = ["program", "version", "hash", "files", "kept_at"];
    insert_rows(write.connection(), Target { table: TABLE, columns: &columns }, [row]).await?;
    let event = Event {
        kind: "matters.program_version_kept",
        before: Value::Null,
        after: json!({ "program": version.program, "version": version.version, "hash": version.hash }),
        ..Event::default()
    };
    write.record(event).await?;
    Ok(())
}
