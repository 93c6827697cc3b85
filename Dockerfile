# Perch in an image: built here, run without the compiler and not as root.
# test/house/dockerfile.test.ts runs every step below in a plain folder; paths are therefore relative.

# What runs needs, and nothing more.
FROM node:22-bookworm-slim AS dependencies
WORKDIR /perch
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:22-bookworm-slim AS build
WORKDIR /perch
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json tsconfig.web.json ./
COPY scripts/copy-assets.js scripts/
COPY src src
RUN npm run build

FROM node:22-bookworm-slim AS runtime
WORKDIR /perch
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
COPY --from=dependencies /perch/node_modules node_modules
COPY --from=build /perch/dist dist
COPY package.json LICENSE ./
USER node
EXPOSE 8080
# Nothing but node is there to ask with. The certificate is Perch's own, and its name is not this machine's.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "require(process.env.TLS_CERT ? 'node:https' : 'node:http').get({ port: process.env.PORT, path: '/healthz', rejectUnauthorized: false }, answer => process.exit(answer.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# Wants REDIS_URL and DATABASE_URL, since the user node may write nowhere here, and SECRET: compose.yaml has it all.
# WORKERS=n serves with n processes; node is then the one that looks after them.
# The larger young generation costs up to 150 MB of memory and saves a sixth of the CPU of a claim (bench/claims).
CMD ["node", "dist/main.js"]
