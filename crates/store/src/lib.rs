//! Connection, transaction, migrations, sealed rows and blobs, bulk writing, journal, jobs.
