import { serve } from './app.ts'
import { ConfigError, readConfig } from './config.ts'

try {
  // Everything is closed by then. What a library has left behind, like a timer that Node goes on counting, must not keep the process.
  process.exit(await serve(readConfig()))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  for (const { variable, problem } of error.problems) process.stderr.write(`perch: ${variable} ${problem}\n`)
  process.exitCode = 1
}
