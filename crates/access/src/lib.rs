//! Areas, organisations, posts, accounts, sessions, roles and scope.
