#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import { runCli } from './cli/run.ts'
import { readServerAddress } from './config.ts'

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: {
    out: line => { process.stdout.write(`${line}\n`) },
    err: line => { process.stderr.write(`${line}\n`) },
    input: async () => await text(process.stdin),
    environment: undefined
  },
  // Loaded only where a node is to run: the other commands start in a tenth of the time.
  async serve (config, { demo }) {
    const { serve } = await import('./app.ts')
    const onListening = async (url: string): Promise<void> => {
      const { makeDemo } = await import('./cli/demo.ts')
      await makeDemo({ url, token: readServerAddress().token }, line => { process.stderr.write(`${line}\n`) })
    }
    // As in main.ts.
    process.exit(await serve(config, demo ? { onListening } : {}))
  }
})
