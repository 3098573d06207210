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

# Writes the API's document anew.
openapi:
    cargo run --quiet --bin switchboard -- openapi > openapi.json
