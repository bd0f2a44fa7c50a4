//! The numbers of the command page, each with the list behind it. Read once, in one snapshot.

use std::collections::HashMap;

use access::organisations::{self, Organisation};
use access::posts::{self, Post};
use base::{AreaId, AreaLevel, AreaPath, MatterId, Severity};
use matters::inbox::{Count, Counts, Filter, InboxRow, Standing, Whose};
use matters::timeline::Climb;
use matters::{Matter, MatterError, Matters};
use store::Read;
use web::{Ctx, WebError};

use super::headcount::Headcounts;
use crate::screening::DISMISSED;
use crate::{CASE, REFERRAL};

/// Urgent matters that stand on the page itself; the rest are a click away.
const URGENT_AT_MOST: u64 = 8;
/// Holders and departments that stand on the page itself.
const LINES_AT_MOST: usize = 8;

/// A number and the query of the inbox that lists just what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// How many.
    pub figure: u64,
    /// Where they are listed.
    pub href: String,
}

/// What the page shows of one area.
#[derive(Debug)]
pub struct Board {
    /// The area.
    pub area: AreaPath,
    /// Rows that the feeds hold, of the whole city: a row has no place, its person has.
    pub rows: u64,
    /// Persons of the area.
    pub persons: u64,
    /// Leads, whatever became of them.
    pub leads: Counted,
    /// Leads that nobody has sent out yet.
    pub undispatched: Counted,
    /// Leads that were looked into at the door.
    pub checked: Counted,
    /// Leads that are being looked into, and are late.
    pub leads_late: Counted,
    /// Leads at whose end a child was found to be in difficulty or in danger.
    pub found: Counted,
    /// Cases, whatever became of them.
    pub cases: Counted,
    /// Cases in hand.
    pub cases_open: Counted,
    /// Cases in hand that are late.
    pub cases_late: Counted,
    /// Cases that were closed.
    pub cases_closed: Counted,
    /// The most pressing of the urgent matters.
    pub urgent: Vec<InboxRow>,
    /// All urgent matters in hand.
    pub all_urgent: Counted,
    /// What is in hand and late, by the areas one level below.
    pub places: Vec<Place>,
    /// All that is in hand, and late.
    pub all: (Counted, Counted),
    /// The posts with the most late matters.
    pub holders: Vec<Holder>,
    /// What departments have in hand.
    pub departments: Vec<Department>,
    /// What the urgent matters were opened for.
    pub lines: HashMap<MatterId, String>,
    /// The points of the urgent leads, and of the leads that urgent matters came from.
    pub points: HashMap<MatterId, i64>,
    /// How far the urgent matters have climbed.
    pub climbs: HashMap<MatterId, Climb>,
    /// Names of the posts that hold the urgent matters.
    pub posts: HashMap<base::PostId, Post>,
}

/// One area below.
#[derive(Debug)]
pub struct Place {
    /// The area; `None` for matters whose place is not known so far down.
    pub area: Option<AreaId>,
    /// The numbers.
    pub count: Count,
    /// Where those in hand are listed.
    pub href: String,
    /// Where the late ones are.
    pub late_href: String,
}

/// One post with late matters.
#[derive(Debug)]
pub struct Holder {
    /// The post.
    pub post: Post,
    /// In hand.
    pub all: Counted,
    /// Late.
    pub late: Counted,
}

/// One department with referrals.
#[derive(Debug)]
pub struct Department {
    /// Its name.
    pub name: String,
    /// In hand.
    pub all: Counted,
    /// Late.
    pub late: Counted,
}

/// Reads with one snapshot, one actor and one area.
pub struct Reader<'a> {
    /// Who asks.
    pub ctx: &'a Ctx,
    /// The services.
    pub matters: &'a Matters,
    /// The snapshot.
    pub read: &'a Read,
    /// The area that is shown.
    pub area: AreaPath,
    /// How many persons there are.
    pub headcounts: &'a Headcounts,
}

impl Reader<'_> {
    fn filter(&self, kinds: &[&str], standing: Standing) -> Filter {
        Filter {
            whose: Whose::Area,
            standing,
            within: Some(self.area),
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            ..Filter::default()
        }
    }

    async fn counts(&self, filter: &Filter) -> Result<Counts, MatterError> {
        self.matters.counts(self.read, &self.ctx.actor, filter, self.ctx.now).await
    }

    /// Everything that the page shows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn board(&self) -> Result<Board, WebError> {
        let (read, ctx) = (self.read, self.ctx);
        let feeds = people::deliveries::repo::feeds(read.connection()).await?;
        let rows = feeds.iter().map(|feed| feed.current_rows.unsigned_abs()).sum();
        let persons = {
            let of_area = people::persons::listing::Filter { within: Some(self.area), ..Default::default() };
            self.headcounts.of(ctx, read, &of_area).await?
        };
        let checked = Filter { outcomes: self.door_outcomes(), ..self.filter(&["lead"], Standing::Closed) };
        let found = Filter { outcomes: FOUND.map(str::to_owned).to_vec(), ..checked.clone() };
        let urgent = Filter { severities: vec![Severity::Urgent], ..self.filter(&[], Standing::Open) };
        let page = self.matters.inbox(read, &ctx.actor, &urgent, ctx.now, None, URGENT_AT_MOST).await?;
        let holders: Vec<base::PostId> = page.rows.iter().map(|row| row.matter.holder).collect();
        let posts = posts::by_ids(read.connection(), &holders).await?;
        let found_urgent: Vec<&Matter> = page.rows.iter().map(|row| &row.matter).collect();
        let lines = self.lines(&found_urgent).await?;
        let points = points(read, &found_urgent).await?;
        let climbs = self.matters.climbs(read, &found_urgent).await?;
        // Two passes give most of the figures: what is in hand, and how it ended.
        let open = self.counts(&self.filter(&[], Standing::Open)).await?;
        let ended = self.filter(&["lead", "case"], Standing::Closed);
        let ended = self.matters.counts_by_outcome(read, &ctx.actor, &ended, ctx.now).await?;
        let ended_as = |kind: &str, fits: &dyn Fn(&str) -> bool| -> u64 {
            let of_kind = ended.iter().filter(|one| one.kind == kind && fits(&one.outcome));
            of_kind.map(|one| one.figure).sum()
        };
        let every = |_: &str| true;
        let first = self.first_stage("lead");
        let (leads, cases) = (open.of_kind("lead"), open.of_kind("case"));
        let ever = |kind: &str| open.of_kind(kind).all + ended_as(kind, &every);
        let counted = |figure: u64, filter: &Filter| Counted { figure, href: inbox(filter) };
        let list = |kinds: &[&str], standing: Standing| self.filter(kinds, standing);
        let undispatched = first.iter().map(|stage| open.of_stage("lead", stage).all).sum();
        Ok(Board {
            area: self.area,
            rows,
            persons,
            leads: counted(ever("lead"), &list(&["lead"], Standing::Any)),
            undispatched: counted(undispatched, &Filter { stages: first, ..list(&["lead"], Standing::Open) }),
            checked: counted(
                ended_as("lead", &|outcome| checked.outcomes.iter().any(|one| one == outcome)),
                &checked,
            ),
            leads_late: counted(leads.late, &list(&["lead"], Standing::Late)),
            found: counted(ended_as("lead", &|outcome| FOUND.contains(&outcome)), &found),
            cases: counted(ever("case"), &list(&["case"], Standing::Any)),
            cases_open: counted(cases.all, &list(&["case"], Standing::Open)),
            cases_late: counted(cases.late, &list(&["case"], Standing::Late)),
            cases_closed: counted(ended_as("case", &every), &list(&["case"], Standing::Closed)),
            all_urgent: counted(open.of_severity(Severity::Urgent).all, &urgent),
            lines,
            points,
            climbs,
            urgent: page.rows,
            places: self.places().await?,
            all: (
                counted(open.all().all, &list(&[], Standing::Open)),
                counted(open.all().late, &list(&[], Standing::Late)),
            ),
            holders: self.holders().await?,
            departments: self.departments().await?,
            posts: posts.into_iter().map(|post| (post.id, post)).collect(),
        })
    }

    /// What the urgent matters were opened for. A referral was opened for what brought its case; a case that began with a
    /// child in danger says so first, whatever else is known of the child.
    async fn lines(&self, urgent: &[&Matter]) -> Result<HashMap<MatterId, String>, WebError> {
        let (ctx, read) = (self.ctx, self.read);
        let mut lines = self.matters.lines(ctx, read, urgent).await?;
        let cases = self.parents(urgent, REFERRAL).await?;
        let from: Vec<MatterId> = cases.iter().filter_map(|case| case.parent).collect();
        let reasons = crate::leads::reasons_of(ctx, read, &from).await?;
        let leads = self.parents(urgent, CASE).await?;
        for matter in urgent {
            let parent = |of: &[Matter]| of.iter().find(|one| Some(one.id) == matter.parent).cloned();
            if let Some(reasons) = parent(&cases).and_then(|case| reasons.get(&case.parent?)) {
                lines.entry(matter.id).or_insert_with(|| reasons.clone());
            }
            let danger = parent(&leads).filter(|lead| lead.outcome.as_deref() == Some(DANGER));
            if let Some(word) = danger.and_then(|lead| Some(self.matters.outcome_of(&lead)?.clone())) {
                let line = lines.entry(matter.id).or_default();
                let joint = if line.is_empty() { "" } else { ctx.language.choose("：", ": ") };
                *line = format!("{}{joint}{line}", ctx.says(&word));
            }
        }
        Ok(lines)
    }

    /// What those of `matters` that are of `kind` came from.
    async fn parents(&self, matters: &[&Matter], kind: &str) -> Result<Vec<Matter>, WebError> {
        let of_kind = matters.iter().filter(|matter| matter.kind == kind);
        let parents: Vec<MatterId> = of_kind.filter_map(|matter| matter.parent).collect();
        let (connection, keys) = (self.read.connection(), self.read.keys());
        let scope = self.matters.scope(&self.ctx.actor);
        Ok(self.matters.by_ids(connection, keys, &scope, &parents).await?)
    }

    /// The stage in which a matter of this kind begins, by the present workflow.
    fn first_stage(&self, kind: &str) -> Vec<String> {
        let program = self.matters.programs().program(crate::PROGRAM);
        let kind = program.and_then(|program| program.workflow.kind(kind));
        kind.map(|kind| kind.first.clone()).into_iter().collect()
    }

    /// The outcomes of a lead that somebody looked into at the door: all but the one that dismisses it unseen.
    fn door_outcomes(&self) -> Vec<String> {
        let program = self.matters.programs().program(crate::PROGRAM);
        let kind = program.and_then(|program| program.workflow.kind("lead"));
        let outcomes = kind.into_iter().flat_map(|kind| kind.outcomes.keys().cloned());
        outcomes.filter(|outcome| outcome != DISMISSED).collect()
    }

    async fn places(&self) -> Result<Vec<Place>, WebError> {
        let Some(level) = self.area.level().below() else { return Ok(Vec::new()) };
        let (filter, late) = (self.filter(&[], Standing::Open), self.filter(&[], Standing::Late));
        let counts =
            self.matters.counts_by_area(self.read, &self.ctx.actor, &filter, level, self.ctx.now).await?;
        let mut known: HashMap<Option<AreaId>, Count> =
            counts.into_iter().map(|place| (place.area, place.count)).collect();
        let unknown = known.remove(&None);
        let children = self.ctx.app.areas.children(self.area.area());
        let mut places: Vec<Place> = children
            .map(|child| Place {
                area: Some(child.id),
                count: known.remove(&Some(child.id)).unwrap_or_default(),
                href: inbox(&Filter { within: self.ctx.app.areas.path_of(child.id), ..filter.clone() }),
                late_href: inbox(&Filter { within: self.ctx.app.areas.path_of(child.id), ..late.clone() }),
            })
            .collect();
        // Three score communities do not fit on a page: those with something late come first.
        if level == AreaLevel::Community {
            places.sort_by_key(|place| std::cmp::Reverse((place.count.late, place.count.all)));
        }
        let (href, late_href) =
            (inbox(&Filter { unplaced: true, ..filter }), inbox(&Filter { unplaced: true, ..late }));
        places.extend(unknown.map(|count| Place { area: None, count, href, late_href }));
        Ok(places)
    }

    async fn holders(&self) -> Result<Vec<Holder>, WebError> {
        let filter = self.filter(&[], Standing::Open);
        let mut counts =
            self.matters.counts_by_holder(self.read, &self.ctx.actor, &filter, self.ctx.now).await?;
        counts.retain(|(_, count)| count.late > 0);
        counts.sort_by_key(|(post, count)| (std::cmp::Reverse(count.late), post.0));
        counts.truncate(LINES_AT_MOST);
        let ids: Vec<base::PostId> = counts.iter().map(|(post, _)| *post).collect();
        let posts = posts::by_ids(self.read.connection(), &ids).await?;
        let holder = |(id, count): (base::PostId, Count)| {
            let post = posts.iter().find(|post| post.id == id)?.clone();
            let of = |standing| Filter { holder: Some(id), ..self.filter(&[], standing) };
            Some(Holder {
                post,
                all: counted(&count, &of(Standing::Open)),
                late: counted(&count, &of(Standing::Late)),
            })
        };
        Ok(counts.into_iter().filter_map(holder).collect())
    }

    async fn departments(&self) -> Result<Vec<Department>, WebError> {
        let filter = self.filter(&["referral"], Standing::Open);
        let mut counts =
            self.matters.counts_by_organisation(self.read, &self.ctx.actor, &filter, self.ctx.now).await?;
        counts.sort_by_key(|(id, count)| (std::cmp::Reverse((count.late, count.all)), id.0));
        counts.truncate(LINES_AT_MOST);
        let ids: Vec<base::OrganisationId> = counts.iter().map(|(id, _)| *id).collect();
        let named: Vec<Organisation> = organisations::by_ids(self.read.connection(), &ids).await?;
        let department = |(id, count): (base::OrganisationId, Count)| {
            let organisation = named.iter().find(|organisation| organisation.id == id)?;
            let of = |standing| Filter { organisation: Some(id), ..self.filter(&["referral"], standing) };
            Some(Department {
                name: organisation.name.clone(),
                all: counted(&count, &of(Standing::Open)),
                late: counted(&count, &of(Standing::Late)),
            })
        };
        Ok(counts.into_iter().filter_map(department).collect())
    }
}

/// The outcomes of a lead after which there is a file.
const FOUND: [&str; 2] = ["in_difficulty", DANGER];
/// The outcome of a lead at which a child was found in danger at the door.
const DANGER: &str = "danger";

/// Of `count` what stands as `filter` says, with the list of it.
fn counted(count: &Count, filter: &Filter) -> Counted {
    Counted { figure: count.of(filter.standing), href: inbox(filter) }
}

/// The points of leads, and of what came from a lead those of that one; none of what nobody counted points for.
async fn points(read: &Read, matters: &[&Matter]) -> Result<HashMap<MatterId, i64>, WebError> {
    let leads: Vec<MatterId> =
        matters.iter().flat_map(|matter| [Some(matter.id), matter.parent]).flatten().collect();
    let details = crate::screening::repo::details(read.connection(), read.keys(), &leads).await?;
    let counted = matters.iter().filter_map(|matter| {
        let own = details.get(&matter.id).or_else(|| details.get(&matter.parent?))?;
        Some((matter.id, own.points))
    });
    Ok(counted.collect())
}

/// The list of the inbox that a filter names.
pub fn inbox(filter: &Filter) -> String {
    format!("/inbox?{}", filter.query())
}
