//! How many persons an area has, as one reader may see them. All of a city are counted in some 50 ms at 100,000 persons,
//! which a page that is asked for many times a minute cannot take each time; and the number changes only with a delivery
//! or a decision about persons. So it is kept until then.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use base::{AreaPath, PostId};
use people::persons::listing::{self, Stamp};
use store::{Read, StoreError};
use web::Ctx;

/// Numbers that are kept at most: those of every area, for a few posts each. When there are more, it begins anew.
const KEPT_AT_MOST: usize = 4_096;

/// The numbers that were counted, by who asked and for which area. What a reader sees hangs on the post and its role.
#[derive(Clone, Default)]
pub struct Headcounts(Arc<Mutex<HashMap<Asked, (Stamp, u64)>>>);

#[derive(PartialEq, Eq, Hash)]
struct Asked {
    post: Option<PostId>,
    role: String,
    own: AreaPath,
    within: AreaPath,
}

impl Headcounts {
    /// How many persons of `within` the reader may see: the number of the list of `/command/people`.
    pub async fn of(&self, ctx: &Ctx, read: &Read, within: &AreaPath) -> Result<u64, StoreError> {
        let actor = &ctx.actor;
        let asked = Asked { post: actor.post, role: actor.role.clone(), own: actor.area, within: *within };
        let stamp = listing::stamp(read).await?;
        if let Some(known) = self.known(&asked, stamp) {
            return Ok(known);
        }
        let number = listing::count(read, &ctx.app.roles, actor, Some(within)).await?;
        // A lock that somebody panicked with is let be: then the number is counted each time.
        if let Ok(mut kept) = self.0.lock() {
            if kept.len() >= KEPT_AT_MOST {
                kept.clear();
            }
            kept.insert(asked, (stamp, number));
        }
        Ok(number)
    }

    fn known(&self, asked: &Asked, stamp: Stamp) -> Option<u64> {
        let kept = self.0.lock().ok()?;
        kept.get(asked).filter(|(at, _)| *at == stamp).map(|(_, number)| *number)
    }
}
