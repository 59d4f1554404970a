# The gateway and its sandbox, in an image without shell, package manager or root; docs/operations.md#image tells more.
#
#   docker build -t relais .

# What is built with Debian 12's libraries runs on them: both stages have the same ones, in the same versions.
FROM debian:12 AS build
WORKDIR /src
COPY . .
RUN tools/setup.sh run && \
    cmake --preset release --log-level=NOTICE && \
    cmake --build build/release --target relaisd relais-sandbox
RUN deploy/image/collect build/release/bin /image

FROM scratch
COPY --from=build /image/ /
# What the gateway writes: its state and, on their way up, files; all else may be read-only.
COPY --from=build --chown=65532:65532 /image/var/lib/relais/ /var/lib/relais/
COPY --from=build --chown=65532:65532 /image/var/tmp/ /var/tmp/
VOLUME ["/var/lib/relais", "/var/tmp"]
USER 65532:65532
WORKDIR /var/lib/relais
EXPOSE 50051 9464
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/relaisd"]
CMD ["serve", "--config", "/etc/relais/relais.yaml"]
