//! Small bots made of other people's libraries, as yardsticks: they keep ten messages of history in memory and persist
//! nothing. They are installed into a scratch folder the first time they are asked for.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::gateway::APP_SECRET;
use crate::process::Process;

const PACKAGES: [&str; 2] = ["whatsapp-api-js@6.3.0", "@kapso/whatsapp-cloud-api@0.3.0"];
const WHEELS: [&str; 5] = ["pywa==4.5.0", "fastapi", "uvicorn", "uvloop", "httptools"];
const SCRIPTS: [(&str, &str); 4] = [
    ("common.mjs", include_str!("../peers/common.mjs")),
    ("whatsapp-api-js.mjs", include_str!("../peers/whatsapp-api-js.mjs")),
    ("kapso.mjs", include_str!("../peers/kapso.mjs")),
    ("pywa_bot.py", include_str!("../peers/pywa_bot.py")),
];

/// A bot that can be started.
#[derive(Debug, Clone)]
pub struct Peer {
    pub name: &'static str,
    program: PathBuf,
    script: PathBuf,
}

impl Peer {
    pub async fn start(&self, graph_url: &str, model_url: &str) -> anyhow::Result<Process> {
        let process = Process::start("/", |listen| {
            let mut command = Command::new(&self.program);
            command
                .arg(&self.script)
                .env("PORT", listen.rsplit(':').next().unwrap_or_default())
                .env("GRAPH_URL", graph_url)
                .env("MODEL_URL", model_url)
                .env("APP_SECRET", APP_SECRET)
                .env("PHONE_NUMBER_ID", simulator::Number::default().phone_number_id);
            command
        });
        process.await.with_context(|| format!("{} does not start", self.name))
    }
}

/// All that can be had here; of the others it says why not.
pub fn install() -> Vec<Peer> {
    let folder = std::env::temp_dir().join("switchboard-bench-peers");
    let mut peers = Vec::new();
    match install_node(&folder) {
        Ok(node) => peers.extend(
            [("whatsapp-api-js, Node", "whatsapp-api-js.mjs"), ("@kapso/whatsapp-cloud-api, Node", "kapso.mjs")]
                .map(|(name, script)| Peer { name, program: node.clone(), script: folder.join(script) }),
        ),
        Err(error) => println!("The Node peers are left out, for their packages cannot be had here: {error:#}"),
    }
    match install_python(&folder) {
        Ok(program) => peers.push(Peer { name: "pywa, uvicorn", program, script: folder.join("pywa_bot.py") }),
        Err(error) => println!("The Python peer is left out, for its packages cannot be had here: {error:#}"),
    }
    peers
}

fn install_node(folder: &Path) -> anyhow::Result<PathBuf> {
    write_scripts(folder)?;
    let installed = folder.join("node_modules/whatsapp-api-js").exists()
        && folder.join("node_modules/@kapso/whatsapp-cloud-api").exists();
    if !installed {
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=30000", "--prefix"]);
        run(npm.arg(folder).args(PACKAGES).current_dir(folder))?;
    }
    Ok("node".into())
}

fn install_python(folder: &Path) -> anyhow::Result<PathBuf> {
    write_scripts(folder)?;
    let environment = folder.join("python");
    let program = environment.join("bin/python");
    if !environment.join("bin/uvicorn").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        let mut pip = Command::new(&program);
        pip.args(["-m", "pip", "install", "--quiet", "--timeout", "30", "--retries", "1"]);
        run(pip.args(WHEELS))?;
    }
    Ok(program)
}

fn write_scripts(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (name, text) in SCRIPTS {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().display().to_string();
    let output = command.output().with_context(|| format!("{program} is not here"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "{program}: {}", said.lines().last().unwrap_or("failed"));
    Ok(())
}
