//! Program M: screening to leads, dispatch and check, the child's file, the case, the command page.
