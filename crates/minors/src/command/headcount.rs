//! How many persons an area has, as one reader may see them. All of a city are counted in some 50 ms at 100,000 persons,
//! which a page that is asked for many times a minute cannot take each time; and the number changes only with a delivery
//! or a decision about persons. So it is kept until then, and counted once for all who ask at the same time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base::{AreaPath, PostId};
use people::persons::listing::{self, Filter, Stamp};
use store::{Read, StoreError};
use web::Ctx;

/// Numbers that are kept at most: those of every area, for a few posts each, and of what they filtered for. When there are more, it begins anew.
const KEPT_AT_MOST: usize = 4_096;

/// The numbers that were counted, by who asked and for whom. What a reader sees hangs on the post and its role.
#[derive(Clone, Default)]
pub struct Headcounts(Arc<Mutex<HashMap<Asked, Kept>>>);

/// A number with the stamp that it holds for. Locked while it is counted: whoever asks meanwhile waits for it.
type Kept = Arc<tokio::sync::Mutex<Option<(Stamp, u64)>>>;

#[derive(PartialEq, Eq, Hash)]
struct Asked {
    post: Option<PostId>,
    role: String,
    own: AreaPath,
    filter: Filter,
}

impl Headcounts {
    /// How many persons of `filter` the reader may see: the number of the list of `/command/people`.
    pub async fn of(&self, ctx: &Ctx, read: &Read, filter: &Filter) -> Result<u64, StoreError> {
        let actor = &ctx.actor;
        let asked =
            Asked { post: actor.post, role: actor.role.clone(), own: actor.area, filter: filter.clone() };
        let stamp = listing::stamp(read).await?;
        let kept = self.kept(asked);
        let mut kept = kept.lock().await;
        if let Some((_, number)) = kept.filter(|(at, _)| *at == stamp) {
            return Ok(number);
        }
        let number = listing::count(read, &ctx.app.roles, actor, filter).await?;
        *kept = Some((stamp, number));
        Ok(number)
    }

    fn kept(&self, asked: Asked) -> Kept {
        // What somebody panicked with is a map all the same.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT_AT_MOST {
            all.clear();
        }
        Arc::clone(all.entry(asked).or_default())
    }
}
