//! The schema's history, one file a change. Every change suits the code before and after it.

pub use sea_orm_migration::prelude::*;

mod m20261121_000001_walk;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20261121_000001_walk::Migration)]
    }
}
