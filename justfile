# What CI runs.
check:
    .ci/run

# The gateway, WhatsApp on your desk and a sample agent.
demo:
    cargo run --release -- demo

# The load runs whose figures the README states: walk, intake, history, retrieval, memory, faults. Each measures its
# yardstick beside itself; `walk --peers` and `faults --peers` measure other people's libraries, too.
bench *arguments="walk":
    cargo build --release --workspace
    cargo run --release --bin bench -- {{arguments}}

# Gateways killed again and again while everything fails: the table the README states. About fifteen minutes; it needs root
# and PostgreSQL's binaries.
torture *arguments:
    cargo build --release --workspace
    cargo run --release --bin bench -- torture {{arguments}}

# Writes the API's document anew.
openapi:
    cargo run --quiet --bin switchboard -- openapi > openapi.json
