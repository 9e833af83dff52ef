//! The 58 counties and 11 regions, which every database holds from the start.
//!
//! County codes are the Department of Education's, FIPS codes the census bureau's; the regions are those of the
//! county superintendents' association. Nine counties' regions are common knowledge that no source confirms:
//! they are marked so.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Code, name, FIPS code, region and whether a source confirms the region: a line for each county.
pub(crate) const CSV: &str = include_str!("../data/counties.csv");

/// The names of all counties and the numbers of their regions, as every database has them.
pub fn names_and_regions() -> impl Iterator<Item = (&'static str, &'static str)> {
    CSV.lines().skip(1).filter_map(|line| {
        let mut columns = line.split(',').skip(1);
        Some((columns.next()?, columns.nth(1)?))
    })
}

pub(crate) struct Counties;

impl MigrationName for Counties {
    fn name(&self) -> &'static str {
        "0002_geography_counties"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Counties {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let mut regions = BTreeMap::new();
        for line in CSV.lines().skip(1) {
            let [code, name, fips, region, confirmed] = line.split(',').collect::<Vec<_>>()[..] else {
                return Err(DbErr::Migration(format!("counties.csv: not five columns: {line}")));
            };
            let number: i32 =
                region.parse().map_err(|_| DbErr::Migration(format!("counties.csv: no region: {line}")))?;
            let region_id = if let Some(&id) = regions.get(&number) {
                id
            } else {
                let id = Uuid::now_v7();
                let values = [id.into(), number.into(), format!("CCSESA Region {number}").into()];
                insert(db, "INSERT INTO region (id, number, name) VALUES ($1, $2, $3)", values).await?;
                regions.insert(number, id);
                id
            };
            let values = [
                Uuid::now_v7().into(),
                code.into(),
                name.into(),
                fips.into(),
                region_id.into(),
                (confirmed == "yes").into(),
            ];
            let county = "INSERT INTO county (id, cds_county_code, name, fips_code, region_id, region_confirmed) \
                          VALUES ($1, $2, $3, $4, $5, $6)";
            insert(db, county, values).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DELETE FROM county; DELETE FROM region;").await.map(drop)
    }
}

async fn insert<const N: usize>(db: &SchemaManagerConnection<'_>, sql: &str, values: [Value; N]) -> Result<(), DbErr> {
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await.map(drop)
}
