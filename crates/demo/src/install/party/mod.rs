//! Party work, good government and office affairs (党建治理、办公事务).

mod activities;
mod branches;
mod documents;
mod ideology;
mod institution;
mod integrity;
mod members;
mod secrets;
mod topics;
mod union;

use anyhow::Result;
use kernel::app::Scope;

use super::world::World;

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let party = branches::write(scope, world).await?;
    topics::write(scope, world, &party).await?;
    activities::write(scope, world, &party).await?;
    members::write(scope, world, &party).await?;
    let powers = institution::write(scope, world).await?;
    integrity::write(scope, world, &powers).await?;
    ideology::write(scope, world).await?;
    union::write(scope, world).await?;
    documents::write(scope, world).await?;
    secrets::write(scope, world).await
}
