//! A database for one test: a file of its own, or a database of its own on the server in `TEST_DATABASE_URL`.

use sea_orm::{ConnectionTrait, Database};

pub struct TestDatabase {
    pub url: String,
    /// The embedded database's folder goes with the test.
    folder: Option<tempfile::TempDir>,
}

impl TestDatabase {
    pub async fn create() -> Self {
        match server() {
            None => {
                let folder = tempfile::tempdir().expect("tempdir");
                let url = format!("sqlite://{}", folder.path().join("test.db").display());
                Self { url, folder: Some(folder) }
            }
            Some(server) => {
                let name = format!("switchboard_test_{}", uuid::Uuid::new_v4().simple());
                let admin = Database::connect(server.as_str()).await.expect("TEST_DATABASE_URL can be reached");
                admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database can be made");
                // The server is never stopped here: nothing is gained by waiting for its disk.
                let hurry = format!("ALTER DATABASE {name} SET synchronous_commit = off");
                admin.execute_unprepared(&hurry).await.expect("a database can be set up");
                let (base, _) = server.rsplit_once('/').expect("a URL with a database");
                Self { url: format!("{base}/{name}"), folder: None }
            }
        }
    }

    pub fn is_embedded(&self) -> bool {
        self.folder.is_some()
    }

    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.as_ref().expect("an embedded database").path().join(name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some(server) = server() else { return };
        let name = self.url.rsplit('/').next().unwrap_or_default().to_owned();
        // A test's runtime is ending; the server's database goes from a thread of its own.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let admin = Database::connect(server.as_str()).await.expect("TEST_DATABASE_URL can be reached");
                admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
            })
        });
        if !matches!(dropped.join(), Ok(Ok(_))) && !std::thread::panicking() {
            panic!("a test's database could not be removed");
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where tests read the environment")]
pub fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}
