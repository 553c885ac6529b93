//! Party work, good government and office affairs (党建治理、办公事务).

mod documents;
mod secrets;

use anyhow::Result;
use kernel::app::Scope;

use super::world::World;

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    documents::write(scope, world).await?;
    secrets::write(scope, world).await
}
