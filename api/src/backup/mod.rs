//! Backups, made and restored by PostgreSQL's own programs.
//!
//! A backup is a folder: `database.dump`, which `pg_dump` wrote, and `manifest.json`, which says what is in it. What always holds:
//! - It is of one moment, however much is written meanwhile, and it has its name only once it is whole and on the disk.
//! - It is looked at whole before anything is touched, and it is restored into an empty database, in one transaction that also
//!   counts what came: all of it, or nothing.
//! - A database that was put back to an earlier state promises nothing that it cannot know of (`put_back.sql`): sign-ins and links
//!   end, feeds begin anew, and nothing is sent that may have been sent before.
//! - The key that signs access tokens is not in it, and no password stands where others read it.
//!
//! | file | subject |
//! |---|---|
//! | `make`, `place` | making one; its folder, and which of many are kept |
//! | `manifest`, `contents` | what is in it; what is in a database |
//! | `restore`, `script` | restoring one; the transaction in which that is done |
//! | `program` | PostgreSQL's programs: which of them, and how they are run |

mod contents;
mod make;
mod manifest;
mod place;
mod program;
mod restore;
mod script;

pub(crate) use make::make;
pub(crate) use place::{keep, named};
pub(crate) use program::Programs;
pub(crate) use restore::{Backup, Keys, look_over, put_back, restore};
