import { test } from 'tap'
import assert from 'node:assert/strict'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Cleanup } from './cleanup.ts'
import { parseDockerfile } from './dockerfile.ts'
import { temporaryFolder } from './folder.ts'
import { buildImages } from './image.ts'

const ignore = '# only these\n*\n!src\n!a.txt\n!b.txt\n'

test('a Dockerfile is read with its comments, continued lines, flags and JSON forms', async () => {
  assert.deepEqual(parseDockerfile([
    '# a comment', 'FROM node:22 AS one', 'WORKDIR /app', 'COPY a.txt b.txt ./', 'RUN npm ci \\', '  # within', '  --omit=dev', '',
    'FROM one AS two', 'COPY --from=one /app/x x', 'ENV A=1 B=two', 'USER node', 'EXPOSE 8080',
    'HEALTHCHECK --interval=5s --retries=3 \\', '  CMD ["node", "-e", "a\\"b"]', 'CMD ["node", "main.js"]'
  ].join('\n')), [
    {
      name: 'one',
      base: 'node:22',
      steps: [{ kind: 'workdir', path: '/app' }, { kind: 'copy', sources: ['a.txt', 'b.txt'], target: './' }, { kind: 'run', command: 'npm ci --omit=dev' }]
    },
    {
      name: 'two',
      base: 'one',
      steps: [
        { kind: 'copy', from: 'one', sources: ['/app/x'], target: 'x' }, { kind: 'env', values: { A: '1', B: 'two' } }, { kind: 'user', name: 'node' },
        { kind: 'expose', port: 8080 }, { kind: 'healthcheck', command: ['node', '-e', 'a"b'] }, { kind: 'cmd', command: ['node', 'main.js'] }
      ]
    }
  ])
})

test('what is not understood is refused', async () => {
  for (const line of ['ADD a b', 'RUN --mount=type=cache,target=/x npm ci', 'COPY --chown=node a b', 'COPY a', 'CMD node main.js', 'ENV A="b c"', 'ARG X']) {
    assert.throws(() => parseDockerfile(`FROM node AS one\n${line}`), line)
  }
  assert.throws(() => parseDockerfile('FROM node'))
  assert.throws(() => parseDockerfile('RUN true'))
})

test('stages are built in their own folders, from the context, from each other and on each other', async t => {
  const { context, into } = await folders(t, {
    Dockerfile: [
      'FROM node AS first', 'WORKDIR /app', 'ENV WORD=hello', 'COPY src src', 'COPY a.txt b.txt ./', 'COPY a.txt c.txt', 'RUN echo "$WORD" > made && mkdir out && cp made out/',
      'FROM first AS second', 'RUN echo more >> made', 'USER node', 'CMD ["cat", "made"]',
      'FROM node AS third', 'WORKDIR /srv', 'COPY --from=second /app/out dist', 'COPY --from=second /app/made ./'
    ].join('\n'),
    '.dockerignore': ignore,
    'src/deep/x.ts': 'x',
    'a.txt': 'a',
    'b.txt': 'b'
  })
  const images = await buildImages(context, into)
  const [first, second, third] = ['first', 'second', 'third'].map(name => images.get(name))
  assert.ok(first && second && third)
  assert.deepEqual((await readdir(first.folder)).sort(), ['a.txt', 'b.txt', 'c.txt', 'made', 'out', 'src'])
  assert.equal(await readFile(join(first.folder, 'src/deep/x.ts'), 'utf8'), 'x')
  assert.equal(await readFile(join(second.folder, 'made'), 'utf8'), 'hello\nmore\n')
  assert.equal(await readFile(join(first.folder, 'made'), 'utf8'), 'hello\n')
  assert.deepEqual([second.user, second.command, second.env], ['node', ['cat', 'made'], { WORD: 'hello' }])
  assert.deepEqual((await readdir(third.root, { recursive: true })).sort(), ['srv', 'srv/dist', 'srv/dist/made', 'srv/made'])
})

test('a step that fails, a file that .dockerignore keeps out and a stage that is not there fail the build', async t => {
  const build = async (step: string, ignored = ignore) => {
    const { context, into } = await folders(t, { Dockerfile: `FROM node AS one\n${step}`, '.dockerignore': ignored, '.env': 'SECRET=1', 'a.txt': 'a' })
    return await buildImages(context, into)
  }
  await assert.rejects(build('RUN echo wrong >&2 && exit 3'), /wrong/)
  await assert.rejects(build('COPY .env ./'), /keeps it out/)
  await assert.rejects(build('COPY . .'), /keeps it out/)
  await assert.rejects(build('COPY b.txt ./'), { code: 'ENOENT' })
  await assert.rejects(build('COPY --from=two /a ./'), /no such stage/)
  await assert.rejects(build('COPY a.txt ./', 'node_modules\n'), /dockerignore wants/)
})

async function folders (t: Cleanup, files: Record<string, string>): Promise<{ context: string, into: string }> {
  const context = await temporaryFolder(t, 'context')
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(context, name)), { recursive: true })
    await writeFile(join(context, name), text)
  }
  return { context, into: await temporaryFolder(t, 'images') }
}
