//! The roles that a database is worked with: its owner, as whom it is brought up to date; the service's, which owns nothing; and
//! the public's, which is shown nothing but what is public. What each may do is said in `migration/src/rights/`.

use super::connect::{Way, connect_to};
use super::servers::{Login, Servers, Switch, unavailable};
use crate::error::{Error, Result};
use migration::rights::{self, Roles};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// The role of the service in a private server.
pub const SERVICE: &str = "lmi_service";
/// The role of whoever has not signed in, there.
pub const PUBLIC: &str = "lmi_public";

const WHO: &str = "SELECT current_user::text AS name";
const KNOWN: &str = "SELECT 1 FROM pg_roles WHERE rolname = $1";

/// Makes both in a private server, where they are not there yet.
pub async fn make(admin: &DatabaseConnection) -> Result<()> {
    for role in [SERVICE, PUBLIC] {
        if !is_known(admin, role).await? {
            let made = admin.execute_unprepared(&format!("CREATE ROLE {role} LOGIN")).await;
            // Another process may have been quicker.
            if let Err(error) = made
                && !is_known(admin, role).await?
            {
                return Err(error.into());
            }
        }
    }
    Ok(())
}

async fn is_known(admin: &DatabaseConnection, role: &str) -> Result<bool> {
    let known = Statement::from_sql_and_values(DbBackend::Postgres, KNOWN, [role.into()]);
    Ok(admin.query_one_raw(known).await?.is_some())
}

/// Gives the rights that they need to whomever these addresses are of, as the owner of the database.
pub(crate) async fn give(owner: &DatabaseConnection, servers: &Servers, public: Option<&Servers>) -> Result<()> {
    let service = connect_to(servers, None, Way::Listen, &Switch::default()).await?;
    let name = who(&service).await;
    service.close().await?;
    let name = name?;
    if name == who(owner).await? {
        let message = "DATABASE_URL and DATABASE_OWNER_URL are of one role; give the service another, which owns nothing, or leave \
                       DATABASE_OWNER_URL out";
        return Err(Error::bad_input(message));
    }
    let Some(public) = public else {
        return Ok(rights::give(owner, Roles { service: &name, public: None }).await?);
    };
    let login = Login::of(public).map_err(unavailable)?;
    let public = connect_to(servers, Some(&login), Way::Listen, &Switch::default()).await?;
    let given = give_both(owner, &name, &public).await;
    public.close().await?;
    given
}

async fn give_both(owner: &DatabaseConnection, service: &str, public: &DatabaseConnection) -> Result<()> {
    let name = who(public).await?;
    if name == service || name == who(owner).await? {
        let message = "DATABASE_PUBLIC_URL is of the role of another address; give it one of its own, or leave it out";
        return Err(Error::bad_input(message));
    }
    rights::give(owner, Roles { service, public: Some(&name) }).await?;
    // A pooler passes no settings on: where its names lead stands with the role itself.
    Ok(public.execute_unprepared(PATH).await.map(drop)?)
}

const PATH: &str = "
    DO $$ BEGIN
      EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET search_path = lmi_shown, public', current_database());
    END $$";

async fn who(db: &impl ConnectionTrait) -> Result<String> {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, WHO)).await?;
    Ok(row.ok_or_else(|| Error::internal("no row"))?.try_get("", "name")?)
}
