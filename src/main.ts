import { serve } from './app.ts'
import { ConfigError, readConfig } from './config.ts'

try {
  process.exitCode = await serve(readConfig())
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  for (const { variable, problem } of error.problems) process.stderr.write(`perch: ${variable} ${problem}\n`)
  process.exitCode = 1
}
