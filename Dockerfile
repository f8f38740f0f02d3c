# One service as an image: docker build --build-arg SERVICE=identity .
# A registry of packages of your own: --secret id=npmrc,src=FILE; its private authority: --secret id=ca,src=FILE.
ARG NODE_IMAGE=node:26-bookworm-slim
# The C library and nothing else: no shell, no packages.
ARG RUN_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${NODE_IMAGE} AS node

# The pinned pnpm, held to its integrity.
FROM node AS tools
WORKDIR /tools
COPY tools/package.json tools/package-lock.json ./
RUN --mount=type=secret,id=ca --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,target=/root/.npm \
    if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    npm ci --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error
ENV PATH=/tools/node_modules/.bin:$PATH CI=true

# Only what names packages: a change of code installs nothing anew.
FROM tools AS manifests
WORKDIR /context
COPY . .
RUN mkdir /manifests && cp package.json pnpm-lock.yaml pnpm-workspace.yaml /manifests \
 && find libs services proto deploy bench prove workshop -name package.json -exec cp --parents {} /manifests \;

# Code made from proto/ and the service's schema.
FROM tools AS generated
ARG SERVICE
WORKDIR /app
COPY --from=manifests /manifests ./
RUN --mount=type=secret,id=ca --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,id=pnpm,target=/store \
    if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    pnpm install --frozen-lockfile --store-dir=/store --reporter=append-only --ignore-scripts \
      --filter "@sandkeep/${SERVICE}..." --filter @sandkeep/proto
COPY tsconfig.base.json ./
COPY proto proto
COPY libs libs
COPY services/${SERVICE} services/${SERVICE}
RUN PRISMA_SCHEMA_ENGINE_BINARY=/bin/true \
    pnpm --filter "@sandkeep/${SERVICE}" --filter @sandkeep/proto run --if-present gen

# What the service runs on: the packages of the lock file that are not for development, and the folders it imports.
FROM tools AS app
ARG SERVICE
WORKDIR /app
COPY --from=manifests /manifests ./
RUN --mount=type=secret,id=ca --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,id=pnpm,target=/store \
    if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    pnpm install --prod --frozen-lockfile --store-dir=/store --reporter=append-only --ignore-scripts \
      --package-import-method=copy --filter-prod "@sandkeep/${SERVICE}..." \
 && mkdir -p /out && cp package.json /out && mv node_modules /out/node_modules
COPY --from=generated /app/libs /code/libs
COPY --from=generated /app/services /code/services
COPY deploy/docker/assemble.sh /
RUN sh /assemble.sh "${SERVICE}" /app /code /out

FROM ${RUN_IMAGE} AS run
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=app /usr/lib/*-linux-gnu/libatomic.so.1* /usr/local/lib/
ARG SERVICE
COPY --from=app /out /app
COPY deploy/docker/healthcheck.mjs /app/
# Every problem with its code, which the gateway tells people about.
COPY docs/problems.json /app/docs/
WORKDIR /app/services/${SERVICE}
USER 1000:1000
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 LD_LIBRARY_PATH=/usr/local/lib HOME=/tmp
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD ["/usr/local/bin/node", "/app/healthcheck.mjs"]
# Node itself is the process that gets SIGTERM.
ENTRYPOINT ["/usr/local/bin/node"]
CMD ["src/main.ts"]
