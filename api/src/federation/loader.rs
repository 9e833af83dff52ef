//! Rows by what others call them.

use crate::database::{Alias, former, one_of};
use crate::error::{Error, Result};
use crate::graphql::tree::Branch;
use crate::graphql::{ContextExt as _, NodeType};
use async_graphql::Context;
use entity::{convening, district, organization, person};
use sea_orm::ConnectionTrait as _;
use std::collections::HashMap;
use uuid::Uuid;

/// The keys of the rows of a type that a field names, as far as the viewer may see them.
pub(super) async fn keys(
    ctx: &Context<'_>,
    node_type: NodeType,
    field: &'static str,
    names: Vec<String>,
) -> Result<HashMap<String, Uuid>> {
    match (node_type, field) {
        (NodeType::Convening, "slug") => named::<convening::Entity>(ctx, "slug", names).await,
        (NodeType::District, "slug") => named::<district::Entity>(ctx, "slug", names).await,
        (NodeType::District, "cdsCode") => named::<district::Entity>(ctx, "cds_code", names).await,
        (NodeType::Organization, "slug") => named::<organization::Entity>(ctx, "slug", names).await,
        (NodeType::Person, "slug") => named::<person::Entity>(ctx, "slug", names).await,
        _ => Err(Error::internal("a key that no row is found by")),
    }
}

/// The same of a table, by what a column holds. A slug of a row that was merged into another leads to that other.
async fn named<E: Branch>(
    ctx: &Context<'_>,
    column: &'static str,
    names: Vec<String>,
) -> Result<HashMap<String, Uuid>> {
    let rows = Alias::new("named");
    let mut select = rows.select_from::<E>();
    let holds = one_of(rows.computed(column), names.clone());
    select.expr(rows.computed(column)).expr(rows.computed(E::KEY));
    select.and_where(holds).and_where(ctx.viewer().visible::<E>(&rows));
    let mut found = HashMap::new();
    let mut statements = vec![select];
    if column == "slug" && former::has_any::<E>() {
        statements.push(former::named::<E>(names));
    }
    // What bears a name now comes last, and stays.
    for select in statements.iter().rev() {
        for row in ctx.link().executor().query_all(select).await? {
            found.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        }
    }
    Ok(found)
}
