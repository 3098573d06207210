# The gateway in an image of its own: one binary on a slim Debian, not root.
#
#   docker build -t switchboard .
#   docker run -p 8080:8080 -v switchboard-data:/data switchboard

FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
# Node builds the console.
COPY --from=node:22-bookworm-slim /usr/local /usr/local

# The dependencies first, against empty crates: this layer stays until Cargo.toml or Cargo.lock change.
COPY .cargo .cargo
COPY Cargo.toml Cargo.lock ./
COPY entity/Cargo.toml entity/
COPY migration/Cargo.toml migration/
COPY simulator/Cargo.toml simulator/
COPY bench/Cargo.toml bench/
COPY console/Cargo.toml console/
RUN for crate in . entity migration simulator bench; do mkdir -p "$crate/src" && touch "$crate/src/lib.rs"; done \
    && echo 'fn main() {}' > src/main.rs && cp src/main.rs bench/src/main.rs \
    && mkdir benches console/embed && touch console/embed/lib.rs && cp src/main.rs benches/pure.rs \
    && cargo build --release --locked --package switchboard \
    && cargo clean --release --package switchboard --package entity --package migration --package simulator --package console

COPY entity entity
COPY migration migration
COPY simulator simulator
COPY prompts prompts
COPY knowledge knowledge
COPY config.default.toml ./
COPY src src
COPY openapi.json ./
COPY console console
RUN cargo build --release --locked --package switchboard \
    && mkdir /data

FROM debian:bookworm-slim
# The public certificate authorities, to know Meta and the model by.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /source/target/release/switchboard /usr/local/bin/switchboard
COPY --from=build --chown=65532:65532 /data /data

# Relative paths of the settings, such as data/switchboard.db, lead to the volume.
WORKDIR /
VOLUME /data
ENV SWITCHBOARD__SERVER__LISTEN=0.0.0.0:8080
EXPOSE 8080
# A user without a name: orchestrators that demand a user who is not root read numbers only.
USER 65532:65532

# Readiness: the database answers and its schema is current.
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 CMD ["switchboard", "health"]
ENTRYPOINT ["switchboard"]
CMD ["serve"]
