# What CI runs.
check:
    .ci/run

# The gateway, WhatsApp on your desk and a sample agent.
demo:
    cargo run --release -- demo

# The runs whose figures the README states: walk, intake, history, retrieval, memory, media or faults.
bench *arguments="walk":
    cargo build --release --workspace
    cargo run --release --bin bench -- {{arguments}}

# Gateways killed again and again while everything fails: the table the README states. About fifteen minutes; it needs root
# and PostgreSQL's binaries.
torture *arguments:
    cargo build --release --workspace
    cargo run --release --bin bench -- torture {{arguments}}

# Made-up requests to every operation of the API, valid ones and broken ones; `just api-fuzz --help` tells more.
api-fuzz *arguments:
    tests/api-fuzz/run {{arguments}}

# Any command beside a real S3-compatible server whose bucket stands in TEST_S3_URL: `just s3 just bench media`, say.
s3 *command="cargo test --workspace --test it storage":
    tests/s3/run {{command}}

# Writes the API's document anew; the console, which may not fit it yet, is left out meanwhile.
openapi:
    SWITCHBOARD_CONSOLE=off cargo run --quiet --bin switchboard -- openapi > openapi.json

# Any input at a parser, for a time: webhook, signature, csv, markdown, split or multipart. It needs cargo-fuzz
# (`cargo install cargo-fuzz`); the corpus grows in fuzz/corpus.
fuzz target seconds="60":
    RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none {{target}} -- -max_total_time={{seconds}} -max_len=4096 -timeout=20
