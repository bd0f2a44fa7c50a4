//! The terms as SQL.

use base::{AccountId, AreaPath};
use sea_orm::Condition;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use uuid::Uuid;

use super::{Branch, Grant, Reach, Scope, ScopeColumns, Sight, Term, Viewer, exception};

impl Scope {
    /// The rows that are listed: all that this scope shows at least as a referral. What it only knows to exist
    /// elsewhere (a stub) stands on no list.
    pub fn condition(&self, columns: &ScopeColumns) -> Condition {
        self.condition_at_least(Sight::Referral, columns)
    }

    /// The rows of which at least `least` is seen.
    pub fn condition_at_least(&self, least: Sight, columns: &ScopeColumns) -> Condition {
        let mut any = Condition::any().add(never());
        for branch in &self.branches {
            for grant in branch.grants.iter().filter(|grant| grant.sight >= least) {
                if let Some(term) = self.viewer.term(grant.term, columns) {
                    any = any.add(branch.restrict(term, columns));
                }
            }
        }
        self.exceptions(columns).into_iter().fold(Condition::all().add(any), Condition::add)
    }

    /// Each grant as an expression of its own that is true where it holds: "why may I see this row?". What is taken
    /// away (sealed, barred) is not in these; the row must satisfy the condition too.
    pub fn why(&self, columns: &ScopeColumns) -> Vec<(Grant, Expr)> {
        self.branches
            .iter()
            .flat_map(|branch| branch.grants.iter().map(move |grant| (branch, *grant)))
            .filter_map(|(branch, grant)| {
                let term = self.viewer.term(grant.term, columns)?;
                let holds = Expr::case(branch.restrict(term, columns), 1).finally(0);
                Some((grant, holds.into()))
            })
            .collect()
    }

    /// What is taken away whatever the terms grant.
    fn exceptions(&self, columns: &ScopeColumns) -> Vec<Expr> {
        let Some(person) = columns.person else { return Vec::new() };
        let person = (columns.table, person);
        let sealed = (!self.sees_sealed).then(|| exception::not_sealed(person));
        let barred = self.viewer.account.map(|account| exception::not_barred(account, person));
        sealed.into_iter().chain(barred).collect()
    }
}

impl Branch {
    /// `term`, for rows of this branch's kind only.
    fn restrict(&self, term: Expr, columns: &ScopeColumns) -> Condition {
        let of_kind =
            self.kind.as_ref().map(|(column, kind)| Expr::col((columns.table, *column)).eq(kind.as_str()));
        Condition::all().add_option(of_kind).add(term)
    }
}

impl Viewer {
    /// The term as an expression over a row, or `None` when it cannot hold for this viewer or this table.
    fn term(&self, term: Term, columns: &ScopeColumns) -> Option<Expr> {
        match term {
            Term::Anywhere => Some(always()),
            Term::Area => self.area.map(|area| in_area(area, columns)),
            Term::Held => reaches(&columns.holder_post, self.post?.0, columns),
            Term::Referred => reaches(&columns.organisation, self.organisation?.0, columns),
            Term::Named => self.account.map(|account| is_named(account, columns)),
        }
    }
}

/// The row's area at the level of `area` is `area`: one comparison, on the column that the table's index begins with.
fn in_area(area: AreaPath, columns: &ScopeColumns) -> Expr {
    Expr::col((columns.table, columns.at(area.level()))).eq(area.area().0)
}

fn reaches(reach: &Reach, wanted: Uuid, columns: &ScopeColumns) -> Option<Expr> {
    match reach {
        Reach::Nowhere => None,
        Reach::Column(column) => Some(Expr::col((columns.table, *column)).eq(wanted)),
        Reach::Through(through) => {
            let mut rows = any_row(through.table);
            rows.and_where(Expr::col((through.table, through.key)).equals((columns.table, through.own)))
                .and_where(Expr::col((through.table, through.column)).eq(wanted));
            if let Some((column, values)) = through.only {
                rows.and_where(Expr::col((through.table, column)).is_in(values.iter().copied()));
            }
            Some(Expr::exists(rows))
        }
    }
}

fn is_named(account: AccountId, columns: &ScopeColumns) -> Expr {
    let mut rows = any_row("named");
    rows.and_where(Expr::col(("named", "thing_id")).equals((columns.table, columns.id)))
        .and_where(Expr::col(("named", "account_id")).eq(account.0));
    Expr::exists(rows)
}

/// `SELECT 1 FROM table`, to be narrowed.
pub(super) fn any_row(table: &'static str) -> SelectStatement {
    let mut rows = Query::select();
    rows.expr(Expr::cust("1")).from(table);
    rows
}

/// True of every row; written as a comparison because SQLite has no typed boolean to bind.
fn always() -> Expr {
    Expr::cust("1 = 1")
}

/// True of no row, so that a scope without terms shows nothing whatever is added to it.
fn never() -> Expr {
    Expr::cust("1 = 0")
}
