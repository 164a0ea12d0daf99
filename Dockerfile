# The server as a container image: docker build -t omen-iam . (docs/CONTAINER.md says how to run it)
ARG NODE_IMAGE=docker.io/library/node:24-trixie-slim

# Builds and installs what is published. No native module is in it, so one result serves every architecture.
FROM ${NODE_IMAGE} AS packages
WORKDIR /src
COPY . .
RUN node scripts/setup.mjs --quiet && node tools/install.ts /opt/omen && mkdir /opt/data

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="omen-iam" \
      org.opencontainers.image.description="An IAM and an STS that anyone can run, read and ask" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
COPY --from=packages /opt/omen /opt/omen
# an empty folder, so that a new volume belongs to the user that runs the server
COPY --from=packages --chown=1000:1000 /opt/data /data
ENV PATH=/opt/omen/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/data \
    OMEN_HOME=/data \
    OMEN_HOST=0.0.0.0
USER 1000:1000
WORKDIR /data
VOLUME ["/data"]
EXPOSE 6636
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --start-interval=1s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.OMEN_PORT ?? 6636}/_omen/health`).then((answer) => answer.json()).then(({ status }) => process.exit(status === 'ok' ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--disable-sigusr1", "/opt/omen/node_modules/omen-iam/bin/omen.mjs"]
CMD ["start"]
