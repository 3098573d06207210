//! The one that reads what was changed on this node, while anybody listens, and hands it to all of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use entity::WorkspaceId;
use tokio_util::sync::CancellationToken;

use super::render::render;
use crate::api::problem::ApiError;
use crate::app::{App, Batch, Event};
use crate::store;
use crate::store::changes::{Change, Position};

/// Changes read at once: several of one thing among them are told once.
pub const AT_ONCE: u64 = 500;
/// Between two reads: what happens meanwhile is told together.
const PAUSE: Duration = Duration::from_millis(50);
/// What nobody rang for is found by looking.
const LOOK: Duration = Duration::from_secs(1);

/// Reads and tells until `stop`, then ends every subscription.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    tokio::select! {
        () = read(&app) => {}
        () = stop.cancelled() => {}
    }
    app.feed.close();
}

async fn read(app: &App) {
    let mut commits = app.db.commits();
    loop {
        // Whoever begins to listen rings, and reads by itself what was changed until we come.
        while app.feed.workspaces().is_empty() {
            app.feed.bell.notified().await;
        }
        if let Err(error) = tell_all(app, &mut commits).await {
            tracing::warn!(error = %told(&error), "the feed could not be read; it is tried again");
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// Tells what changes while anybody listens.
async fn tell_all(app: &App, commits: &mut tokio::sync::watch::Receiver<()>) -> Result<(), ApiError> {
    let mut position = store::changes::newest(&app.db).await?;
    loop {
        let workspaces = app.feed.workspaces();
        if workspaces.is_empty() {
            return Ok(());
        }
        commits.mark_unchanged();
        let changes = store::changes::list_after(&app.db, position, AT_ONCE).await?;
        let more = changes.len() as u64 >= AT_ONCE;
        if let Some(last) = changes.last() {
            let to = last.position;
            let events = render_all(app, &workspaces, &changes).await?;
            app.feed.tell(Batch { from: position, to, events });
            position = to;
        }
        tokio::time::sleep(PAUSE).await;
        if !more {
            tokio::select! {
                // The database lives as long as we do.
                _ = commits.changed() => {}
                () = app.feed.bell.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }
}

async fn render_all(
    app: &App,
    workspaces: &[WorkspaceId],
    changes: &[Change],
) -> Result<HashMap<WorkspaceId, Vec<Event>>, ApiError> {
    let mut events = HashMap::with_capacity(workspaces.len());
    for workspace_id in workspaces {
        events.insert(workspace_id.clone(), render_some(app, workspace_id, changes).await?);
    }
    Ok(events)
}

async fn render_some(app: &App, workspace_id: &WorkspaceId, changes: &[Change]) -> Result<Vec<Event>, ApiError> {
    let own: Vec<Change> = changes.iter().filter(|change| &change.workspace_id == workspace_id).cloned().collect();
    if own.is_empty() { Ok(Vec::new()) } else { render(app, workspace_id, &own).await }
}

/// What one workspace is told of some changes after `position`.
pub struct Missed {
    pub events: Vec<Event>,
    pub to: Position,
    /// There may be more.
    pub more: bool,
}

/// Reads on from `position` for one workspace alone: for whoever comes back, or could not keep up.
pub async fn catch_up(app: &App, workspace_id: &WorkspaceId, position: Position) -> Result<Missed, ApiError> {
    let changes = store::changes::list_after(&app.db, position, AT_ONCE).await?;
    let more = changes.len() as u64 >= AT_ONCE;
    let to = changes.last().map_or(position, |last| last.position);
    let mut events = render_some(app, workspace_id, &changes).await?;
    // Where it was cut off within a change, its first parts were told.
    events.retain(|event| event.position > position);
    Ok(Missed { events, to, more })
}

fn told(error: &ApiError) -> String {
    format!("{error:?}")
}
