//! The areas of the city as this process has them at present: the shipped list, and what was added to it in the browser, here
//! or on another node.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use access::AccessError;
use access::areas::{self, Stamp};
use base::AreaTree;
use store::Database;

/// The tree of areas. Each clone holds the tree that was present when it was made, so that a request or a job, which begins
/// with a clone of the application, works with one tree to its end, and the next one with what was added meanwhile.
pub struct Areas {
    shared: Arc<RwLock<Present>>,
    tree: Arc<AreaTree>,
}

/// What is handed to whoever asks now.
struct Present {
    tree: Arc<AreaTree>,
    /// What the table held when the tree was read; `None` for the tree of the start.
    stamp: Option<Stamp>,
}

impl Areas {
    /// The areas at the start.
    pub fn new(tree: AreaTree) -> Self {
        let tree = Arc::new(tree);
        let present = Present { tree: Arc::clone(&tree), stamp: None };
        Self { shared: Arc::new(RwLock::new(present)), tree }
    }

    /// The tree that is present now.
    pub fn present(&self) -> Arc<AreaTree> {
        Arc::clone(&self.shared.read().unwrap_or_else(PoisonError::into_inner).tree)
    }

    /// Reads the areas again if any were added or renamed: one look-up where none was.
    ///
    /// # Errors
    /// As the database.
    pub async fn refresh(&self, database: &Database) -> Result<(), AccessError> {
        let read = database.read().await?;
        let stamp = areas::stamp(read.connection()).await?;
        if self.shared.read().unwrap_or_else(PoisonError::into_inner).stamp == Some(stamp) {
            return Ok(());
        }
        let tree = Arc::new(areas::tree(read.connection(), &AreaTree::shipped()).await?);
        drop(read);
        let mut present = self.shared.write().unwrap_or_else(PoisonError::into_inner);
        // Two who read at once: nothing is ever taken out, so the one with the later stamp knows more.
        if present.stamp.is_none_or(|known| known < stamp) {
            *present = Present { tree, stamp: Some(stamp) };
        }
        Ok(())
    }
}

impl Clone for Areas {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), tree: self.present() }
    }
}

impl Deref for Areas {
    type Target = AreaTree;

    fn deref(&self) -> &AreaTree {
        &self.tree
    }
}
