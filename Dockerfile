# Everything in one image: page, API and worker in one program on one file. Build it at the root of the repository: docker build .
#
#   docker run -p 8080:8080 -v pisano:/data pisanodev/pisano
ARG GO_IMAGE=golang:1.26.11-trixie
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# What builds runs on the architecture of the engine, and compiles for that of the image. Docker's classic builder knows no BUILDPLATFORM
# and no TARGETARCH: "linux" is the engine's own platform, and an empty GOARCH its architecture.

# As in web/Dockerfile, so Docker builds it once.
FROM --platform=${BUILDPLATFORM:-linux} $NODE_IMAGE AS page
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY clients/typescript/src ../clients/typescript/src
COPY web ./
# The files are readable for nginx whatever the umask of the checkout was.
RUN npm run build && chmod -R a+rX dist

# As in cmd/api/Dockerfile up to the layer of the libraries.
FROM --platform=${BUILDPLATFORM:-linux} $GO_IMAGE AS build
# OpenTelemetry depends on gRPC. The tag grpcnotrace excludes gRPC's debug page, which is unused here and makes programs larger: see
# docs/decisions/0700-small-images.md.
ENV CGO_ENABLED=0 GOWORK=off GOFLAGS="-trimpath -buildvcs=false -tags=grpcnotrace" HOME=/tmp
USER 65532:65532
WORKDIR /src
# --chown makes the files readable whatever the umask of the checkout was.
COPY --chown=65532:65532 go.mod go.sum ./
COPY --chown=65532:65532 core/go.mod core/
COPY --chown=65532:65532 cmd/dependencies cmd/
# The packages that take longest to compile and change least, in a layer of their own. The cache is writable for any user: in
# development the container runs as the owner of the checkout.
ARG TARGETARCH
RUN umask 0 && GOARCH=$TARGETARCH go build $(grep -v "^#" cmd/dependencies)
COPY --chown=65532:65532 web/embed.go web/
COPY --from=page --chown=65532:65532 /src/web/dist web/dist
COPY --chown=65532:65532 core core
COPY --chown=65532:65532 adapters adapters
COPY --chown=65532:65532 cmd cmd
ARG VERSION=unknown
ARG REVISION=unknown
RUN GOARCH=$TARGETARCH go build -ldflags="-s -w -X github.com/pisano-dev/pisano/cmd/internal/telemetry.version=$VERSION -X github.com/pisano-dev/pisano/cmd/internal/telemetry.revision=$REVISION" -o /tmp/out/pisano ./cmd/pisano \
 && mkdir /tmp/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /tmp/out/pisano /pisano
# A new volume takes over the owner of this folder.
COPY --from=build --chown=65532:65532 /tmp/data /data
# Also where SQLite puts temporary files: the image has no /tmp.
WORKDIR /data
VOLUME /data
ENV PISANO_DATA=/data/pisano.db
USER 65532:65532
EXPOSE 8080
# Liveness, not readiness, as the API's.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD ["/pisano", "health"]
ENTRYPOINT ["/pisano"]
