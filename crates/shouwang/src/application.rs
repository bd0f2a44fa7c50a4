//! Wiring: the database at this version's tables, the programs that were read, and the modules in the order of the
//! arrows. The only place that knows all of them.

use std::path::Path;
use std::sync::Arc;

use access::Roles;
use anyhow::{Context, Result, bail};
use base::{AreaTree, OperationId, SharedClock, WorkCalendar};
use matters::Matters;
use people::People;
use policy::Programs;
use store::clock::OfficeClock;
use store::jobs::Runner;
use store::{ActorRef, Database, DatabaseUrl, Operation};
use web::{App, Module, Site};

use crate::configuration::Configuration;
use crate::machine;
use crate::tongue::say;

/// Everything that a command works with.
pub struct Application {
    /// What handlers, jobs and services are handed.
    pub app: App,
    /// What imports, links and searches.
    pub people: People,
    /// What opens, moves and counts matters.
    pub matters: Matters,
    /// The office's clock, which the app's clock is: for taking over what another process has moved it to.
    pub office_clock: Arc<OfficeClock>,
}

impl Application {
    /// Opens the database that `configuration` names, brings it to this version's tables, reads the programs and
    /// loads the areas.
    ///
    /// # Errors
    /// When the folder, the database or a policy file is not usable: the error names it.
    pub async fn open(configuration: &Configuration) -> Result<Self> {
        let mut programs = load_programs(configuration.policy_folder.as_deref())?;
        let machine_clock = machine::clock();
        let database = open_database(configuration, machine_clock.clone()).await?;
        let office_clock = Arc::new(OfficeClock::new(machine_clock));
        database
            .migrate(&web::migrations(&tables()))
            .await
            .with_context(|| say("数据库升不到本版本", "the database cannot be brought to this version"))?;
        keep_versions(&database, &mut programs).await?;
        let programs = Arc::new(programs);
        let roles = Arc::new(
            Roles::of_programs(&programs)
                .with_context(|| say("角色定义不可用", "the roles are not usable"))?,
        );
        let people = People::new(&programs)?;
        let matters = matters_of(&programs, &roles)?;
        office_clock
            .refresh(&database)
            .await
            .with_context(|| say("读不到办公时钟", "the office's clock cannot be read"))?;
        let areas = load_areas(&database).await?;
        let app = App {
            entropy: database.entropy().clone(),
            clock: office_clock.clone(),
            roles,
            programs,
            areas: web::Areas::new(areas),
            site: Arc::new(Site { is_demo: configuration.is_demo, is_secure: configuration.is_secure }),
            database,
        };
        Ok(Self { app, people, matters, office_clock })
    }

    /// The same application by another office clock: for playing a past.
    pub fn at(&self, clock: SharedClock) -> Self {
        let app = App { clock, ..self.app.clone() };
        Self {
            app,
            people: self.people.clone(),
            matters: self.matters.clone(),
            office_clock: self.office_clock.clone(),
        }
    }

    /// The modules in the order of the arrows.
    pub fn modules(&self) -> Vec<Module> {
        modules(&self.people, &self.matters, &self.office_clock)
    }

    /// What runs the jobs, the sequencer of the journal and the listeners of all modules.
    ///
    /// # Errors
    /// When two modules give a job or a listener the same name, or the database fails.
    pub async fn runner(&self) -> Result<Runner<App>> {
        let (mut jobs, mut listeners) = (Vec::new(), Vec::new());
        for module in self.modules() {
            jobs.extend(module.jobs);
            listeners.extend(module.listeners);
        }
        let (database, clock) = (self.app.database.clone(), self.app.clock.clone());
        Ok(Runner::new(database, clock, self.app.clone(), jobs, listeners).await?)
    }

    /// Has done what an office does by itself from its start on: whoever serves one, and whoever has made one, asks for it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(&self) -> Result<()> {
        let at = self.app.now();
        let operation = |name| {
            let id = OperationId(self.app.entropy.uuid(at));
            Operation { id, name, actor: ActorRef::SYSTEM, at }
        };
        people::import::take_up_left(&self.app.database, operation("people.take_up_left")).await?;
        Ok(minors::screening::begin_round(&self.app, operation("minors.begin_round")).await?)
    }

    /// Runs the jobs that are due and those that follow, until nothing is left to do, and returns how many failed: those
    /// stand in the list of jobs, and `serve` and `work` try them again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle(&self) -> Result<u64> {
        let runner = self.runner().await?;
        let settled = runner.settle().await;
        runner.release().await;
        Ok(settled?.failed)
    }
}

/// The services over matters: what the programs do at the words of their workflows, and where their pages are.
fn matters_of(programs: &Arc<Programs>, roles: &Arc<Roles>) -> Result<Matters> {
    let (programs, roles) = (Arc::clone(programs), Arc::clone(roles));
    let matters = Matters::new(programs, roles, WorkCalendar::shipped(), minors::consequences());
    matters.check().map_err(anyhow::Error::msg)?;
    Ok(matters.with_pages(minors::PAGES))
}

/// The modules in the order of the arrows: one line each.
fn modules(people: &People, matters: &Matters, clock: &Arc<OfficeClock>) -> Vec<Module> {
    vec![
        people::module(people),
        matters::module(people, matters),
        admin::module(clock),
        minors::module(people, matters),
    ]
}

/// The tables of these modules, which must stand before what earlier programs left in them is read.
fn tables() -> [Module; 3] {
    [
        Module { migrations: people::migrations(), ..Module::new("people") },
        Module { migrations: matters::migrations(), ..Module::new("matters") },
        Module { migrations: minors::migrations(), ..Module::new("minors") },
    ]
}

/// Keeps this version of each program, and takes up the earlier ones: matters finish under the version that they name.
async fn keep_versions(database: &Database, programs: &mut Programs) -> Result<()> {
    let write = database.write(at_start(database, "programs.keep")).await?;
    matters::versions::keep(&write, programs)
        .await
        .with_context(|| say("项目定义不能生效", "the programs cannot be put in force"))?;
    write.save().await?;
    Ok(())
}

/// An operation of the start itself.
fn at_start(database: &Database, name: &'static str) -> Operation {
    let at = database.machine_now();
    Operation { id: OperationId(database.entropy().uuid(at)), name, actor: ActorRef::SYSTEM, at }
}

fn load_programs(overriding: Option<&Path>) -> Result<Programs> {
    Programs::load(overriding).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        anyhow::anyhow!("{}{}", say("政策文件不可用：", "the policy files are not usable:"), lines.concat())
    })
}

async fn open_database(configuration: &Configuration, clock: SharedClock) -> Result<Database> {
    std::fs::create_dir_all(&configuration.data_folder).with_context(|| {
        let folder = configuration.data_folder.display();
        say(format!("建不了数据文件夹 {folder}"), format!("the data folder {folder} cannot be made"))
    })?;
    let url = configuration.database_url()?;
    if let (true, DatabaseUrl::Sqlite(path)) = (configuration.names_database(), &url) {
        // An address that is mistyped must not become an empty installation somewhere else.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
        if let Some(folder) = folder {
            let folder = folder.display();
            bail!(say(
                format!("数据库地址所在的文件夹 {folder} 不存在，请核对 SHOUWANG_DATABASE_URL，或先建好它"),
                format!(
                    "the folder {folder} of the database does not exist; check SHOUWANG_DATABASE_URL, or make it first"
                ),
            ));
        }
    }
    Database::open(&url, &configuration.data_folder, machine::entropy()?, clock)
        .await
        .with_context(|| say("打不开数据库", "the database cannot be opened"))
}

async fn load_areas(database: &Database) -> Result<AreaTree> {
    let shipped = AreaTree::shipped();
    let write = database.write(at_start(database, "areas.load")).await?;
    access::areas::load(&write, &shipped)
        .await
        .with_context(|| say("区划载入不了", "the areas cannot be loaded"))?;
    let tree = access::areas::tree(write.connection(), &shipped)
        .await
        .with_context(|| say("读不了区划", "the areas cannot be read"))?;
    write.save().await?;
    Ok(tree)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use texts::Language;

    use super::*;

    /// A folder beside this crate's: asked while the test runs, since a build cache outside the clone may hold a test
    /// that was built where another clone stood.
    fn beside(folder: &str) -> PathBuf {
        Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("..").join(folder)
    }

    /// What the key of an event begins with: the crate that records it, or what was read.
    const CRATES_THAT_RECORD: [&str; 7] =
        ["access.", "admin.", "file.", "matters.", "minors.", "people.", "web."];

    /// Last words of keys of events that do not end as most do.
    const IRREGULAR: [&str; 8] = ["begun", "given", "kept", "late", "off", "put", "sent", "taken"];

    /// Every source file below `folder` that is no test.
    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" && name != "dist" && name != "node_modules" {
                sources(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") && !name.contains("tests") {
                found.push(std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    /// Whether a key tells what has happened: `people.delivery_published`. Operations, tables and figures do not.
    fn tells(key: &str) -> bool {
        let last = key.rsplit(['.', '_']).next().unwrap_or_default();
        let has_happened = last.ends_with("ed") && !last.ends_with("eed");
        has_happened || IRREGULAR.contains(&last) || key == access::FILE_READ
    }

    /// The keys of all events, as they stand in the source.
    fn events() -> BTreeSet<String> {
        let mut texts = Vec::new();
        sources(&beside(""), &mut texts);
        assert!(texts.len() > 300, "{} files", texts.len());
        let mut keys = BTreeSet::new();
        for text in &texts {
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
                let quoted = line.split('"').skip(1).step_by(2);
                let dotted = quoted.filter(|key| CRATES_THAT_RECORD.iter().any(|head| key.starts_with(head)));
                let plain =
                    |key: &&str| key.bytes().all(|byte| byte.is_ascii_lowercase() || b"._".contains(&byte));
                keys.extend(dotted.filter(plain).filter(|key| tells(key)).map(str::to_owned));
            }
        }
        keys
    }

    #[test]
    fn whatever_the_journal_and_the_jobs_show_is_called_something_in_both_languages() {
        let programs = Arc::new(load_programs(None).unwrap());
        let roles = Arc::new(Roles::of_programs(&programs).unwrap());
        let (people, matters) = (People::new(&programs).unwrap(), matters_of(&programs, &roles).unwrap());
        let modules = modules(&people, &matters, &Arc::new(OfficeClock::new(machine::clock())));
        let mut keys = events();
        for known in ["file.read", "access.tenure_begun", "matters.still_late", "minors.category_added"] {
            assert!(keys.contains(known), "{known} is not found in the source");
        }
        keys.extend(modules.iter().flat_map(|module| &module.jobs).map(|job| job.name.to_owned()));
        keys.extend(modules.iter().flat_map(|module| &module.listeners).map(|one| one.name.to_owned()));
        for key in &keys {
            let key = key.replace(['.', '_'], "-");
            for language in [Language::Chinese, Language::English] {
                let all = modules.iter().filter_map(|module| module.words);
                let said: Vec<_> = all.filter_map(|words| words(language, &key)).collect();
                assert_eq!(said.len(), 1, "{key} is called {said:?} in {}", language.tag());
            }
        }
        let written = ["people", "matters", "admin", "minors"]
            .map(|name| beside(&format!("../locales/zh-CN/{name}-records.ftl")))
            .map(|file| std::fs::read_to_string(file).unwrap());
        let keys: BTreeSet<String> = keys.iter().map(|key| key.replace(['.', '_'], "-")).collect();
        for (key, _) in written.iter().flat_map(|text| text.lines()).filter_map(|line| line.split_once(" = "))
        {
            assert!(keys.contains(key), "nothing is recorded as {key}");
        }
    }
}
