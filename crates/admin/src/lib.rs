//! The office's own pages: log-in, users and posts, areas, notices, jobs, journal.
