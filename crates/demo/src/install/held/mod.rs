//! Lessons as they were really held (课堂实施): events in their place, substitutions, workload.

mod changes;
pub mod events;
mod workload;

use anyhow::Result;
use kernel::app::Scope;
use uuid::Uuid;

use super::world::World;

/// Writes the records; needs leave and the timetable.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    events::write(scope, world).await?;
    changes::write(scope, world).await?;
    workload::write(scope, world).await
}

/// The member of staff with an id.
fn staff_at(world: &World, id: Uuid) -> Option<usize> {
    world.ids.staff.iter().position(|known| *known == id)
}
