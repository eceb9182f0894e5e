# The npm package, run as a user of its own on Node 24. Nothing is compiled: better-sqlite3 carries its binaries.
FROM node:24-slim AS package
WORKDIR /build
COPY package.json package-lock.json tsconfig.json tsconfig.build.json ./
RUN npm ci --ignore-scripts
COPY build build
COPY src src
COPY web web
COPY bin bin
COPY data data
COPY README.md CHANGELOG.md LICENSE ./
RUN node build/package.mjs

FROM node:24-slim
ENV NODE_ENV=production \
    RECOUP_HOST=0.0.0.0 \
    RECOUP_PORT=8080 \
    RECOUP_DATA=/var/lib/recoup
WORKDIR /opt/recoup
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY --from=package /build/dist dist
COPY bin bin
COPY data data
COPY LICENSE ./
RUN groupadd --system recoup && useradd --system --gid recoup --no-create-home recoup \
    && install -d -o recoup -g recoup -m 0700 /var/lib/recoup
USER recoup
VOLUME /var/lib/recoup
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.RECOUP_PORT+'/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# Not npm, which would keep the signal to itself.
ENTRYPOINT ["node", "bin/recoup.mjs"]
CMD ["serve"]
