//! Any bytes as an upload, at the whole management API on a database of its own.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use poem::http::Method;
use poem::{EndpointExt, Request, Route};
use serde_json::json;
use switchboard::app::App;
use switchboard::clock::SystemClock;
use switchboard::config::Settings;
use switchboard::{api, bootstrap};
use tokio::runtime::Runtime;

#[path = "../../tests/it/laws/multipart.rs"]
mod law;

const KEY: &str = "fuzz-admin-key-0123456789-0123456789";

static GATEWAY: LazyLock<(Runtime, poem::endpoint::BoxEndpoint<'static>, String)> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = std::env::temp_dir().join(format!("switchboard-fuzz-{}", std::process::id()));
    let (api, agent_id) = runtime.block_on(async {
        let settings = format!(
            "[database]\nurl = \"sqlite://{}/fuzz.db\"\n[secrets]\nmaster_key = \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"\n[admin]\nkey = \"{KEY}\"\n",
            folder.display()
        );
        let settings = Settings::layered(&[&settings]).expect("valid settings");
        let app = Arc::new(App::new(settings, Arc::new(SystemClock)).await.expect("app"));
        bootstrap::prepare(&app).await.expect("prepared");
        let api = api::mount(Route::new(), &app).around(api::answer_errors).boxed();
        let agent = Request::builder().method(Method::POST).uri_str("/api/v1/agents");
        let agent = agent.header("authorization", format!("Bearer {KEY}")).content_type("application/json");
        let body = json!({"name": "Fuzz", "instructions": "None."});
        let (status, made) = law::call(&api, agent.body(body.to_string())).await;
        (api, made["id"].as_str().unwrap_or_else(|| panic!("an agent: {status} {made}")).to_owned())
    });
    (runtime, api, agent_id)
});

fuzz_target!(|body: &[u8]| {
    let (runtime, api, agent_id) = &*GATEWAY;
    runtime.block_on(law::holds(api, KEY, agent_id, "multipart/form-data; boundary=X", body.to_vec()));
});
