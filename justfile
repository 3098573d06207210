# What CI runs.
check:
    .ci/run

# The gateway, WhatsApp on your desk and a sample agent.
demo:
    cargo run --release -- demo

# The load run whose figures the README states.
bench:
    cargo build --release --workspace
    cargo run --release --bin bench -- walk

# Gateways killed again and again while everything fails: the table the README states. About fifteen minutes; it needs root
# and PostgreSQL's binaries.
torture *arguments:
    cargo build --release --workspace
    cargo run --release --bin bench -- torture {{arguments}}

# Made-up requests to every operation of the API, valid ones and broken ones; `just api-fuzz --help` tells more.
api-fuzz *arguments:
    tests/api-fuzz/run {{arguments}}

# Writes the API's document anew.
openapi:
    cargo run --quiet --bin switchboard -- openapi > openapi.json
