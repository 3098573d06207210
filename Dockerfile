# The gateway in an image of its own: one binary, no shell, no package manager, not root.
#
#   docker build -t switchboard .
#   docker run -p 8080:8080 -v switchboard-data:/data switchboard

FROM rust:1.95-slim-bookworm AS build
WORKDIR /source

# The dependencies first, against empty crates: this layer stays until Cargo.toml or Cargo.lock change.
COPY Cargo.toml Cargo.lock ./
COPY entity/Cargo.toml entity/
COPY migration/Cargo.toml migration/
COPY simulator/Cargo.toml simulator/
COPY bench/Cargo.toml bench/
RUN for crate in . entity migration simulator bench; do mkdir -p "$crate/src" && touch "$crate/src/lib.rs"; done \
    && echo 'fn main() {}' > src/main.rs && cp src/main.rs bench/src/main.rs \
    && cargo build --release --locked --package switchboard \
    && cargo clean --release --package switchboard --package entity --package migration --package simulator

COPY entity entity
COPY migration migration
COPY simulator simulator
COPY prompts prompts
COPY knowledge knowledge
COPY config.default.toml ./
COPY src src
RUN cargo build --release --locked --package switchboard \
    && mkdir /data

# glibc, the public certificate authorities and a user: nothing else.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /source/target/release/switchboard /usr/local/bin/switchboard
COPY --from=build --chown=nonroot:nonroot /data /data

# Relative paths of the settings, such as data/switchboard.db, lead to the volume.
WORKDIR /
VOLUME /data
ENV SWITCHBOARD__SERVER__LISTEN=0.0.0.0:8080
EXPOSE 8080
# nonroot, as a number: orchestrators that demand a user who is not root read numbers only.
USER 65532:65532

# Readiness: the database answers and its schema is current.
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 CMD ["switchboard", "health"]
ENTRYPOINT ["switchboard"]
CMD ["serve"]
