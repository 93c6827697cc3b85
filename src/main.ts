import { serve } from './app.ts'
import { ConfigError, readConfig } from './config.ts'

try {
  await serve(readConfig())
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  for (const { variable, problem } of error.problems) process.stderr.write(`perch: ${variable} ${problem}\n`)
  process.exitCode = 1
}
