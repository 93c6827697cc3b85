import neostandard from 'neostandard'

/** Which folders of src/ a folder may not import: the arrows of the architecture, as a rule. */
const outer = ['transports', 'adapters', 'client', 'web']
const forbidden = {
  domain: ['protocol', 'application', ...outer],
  protocol: ['application', ...outer],
  application: outer,
  transports: ['adapters', 'client', 'web'],
  adapters: ['transports', 'client', 'web'],
  client: ['application', 'transports', 'adapters', 'web'],
  web: ['application', 'transports', 'adapters']
}

/** Nothing imports what wires everything: these stand at the top of src/. */
const wiring = ['main', 'app', 'cli', 'config', 'environment'].map(name => `**/${name}.ts`)

/** Outside packages; "./x", "../x" and "node:x" stay allowed where this pattern is used. */
const anyPackage = { regex: '^[^.]', message: 'domain/ is pure: no packages, no node modules' }

/** The SDK runs in browsers: nothing of Node, and of the protocol the types alone, since its schemas would come along with a package. */
const noSchemas = { group: ['**/protocol/**'], allowTypeImports: true, message: 'client/ takes types alone from protocol/' }
const noPackages = { regex: '^[^.]', message: 'client/ needs nothing but itself' }

const layers = Object.entries(forbidden).map(([folder, others]) => ({
  files: [`src/${folder}/**/*.ts`, `src/${folder}/**/*.tsx`],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [
        { group: [...others.map(other => `**/${other}/**`), ...wiring], message: `${folder}/ may not import this layer` },
        ...(folder === 'domain' ? [anyPackage] : [])
      ]
    }]
  }
}))

export default [
  ...neostandard({ ts: true, ignores: ['dist', 'dist-bench', 'node_modules', '.perch', '.tap'] }),
  ...layers,
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config.ts'],
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'only config.ts reads the environment' }] }
  },
  {
    // Pages are browsers' business: of the protocol the types alone.
    files: ['src/web/**/*.ts', 'src/web/**/*.tsx'],
    ignores: ['src/web/vite.config.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ ...noSchemas, message: 'web/ takes types alone from protocol/' }] }],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'global', 'require']
    }
  },
  {
    // A schema and the type derived from it share one name; the compiler itself refuses real redeclarations.
    files: ['**/*.ts'],
    rules: { '@typescript-eslint/no-redeclare': 'off' }
  },
  {
    files: ['src/client/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [noSchemas, noPackages] }],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'global', 'require', 'setImmediate']
    }
  },
  {
    files: ['src/client/react.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [noSchemas, { regex: '^(?!react$)[^.]', message: 'React is all that comes along' }] }] }
  },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'Date', 'process', 'setTimeout', 'setInterval', 'performance', 'crypto', 'fetch']
    }
  }
]
