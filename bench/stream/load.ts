import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Cleanup } from '../../test/harness/cleanup.ts'
import type { LoadAnswer, LoadCalls } from './load-calls.ts'
import { LOAD_CORE, pin } from './pin.ts'

export interface LoadProcess {
  pid: number
  /** @throws Error when the load could not do it */
  ask<K extends keyof LoadCalls> (call: K, asked: LoadCalls[K]['asked']): Promise<LoadCalls[K]['done']>
}

const HEAP_ARGS = ['--max-semi-space-size=64']

/** The clients as a process of their own, on a core of its own; gone when `t` ends. */
export async function startLoad (t: Cleanup): Promise<LoadProcess> {
  const child = fork(fileURLToPath(new URL('load-main.js', import.meta.url)), { execArgv: HEAP_ARGS })
  const waiting = new Map<number, { resolve (result: unknown): void, reject (error: Error): void }>()
  const failed = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const exited = once(child, 'exit')
  child.on('exit', code => failed(new Error(`the load ended with ${code}`)))
  child.on('message', message => {
    const answer = message as LoadAnswer
    const asker = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) asker?.reject(new Error(answer.error))
    else asker?.resolve(answer.result)
  })
  t.after(async () => {
    child.kill('SIGKILL')
    await exited
  })
  await once(child, 'spawn')
  pin(child.pid ?? 0, LOAD_CORE)
  let calls = 0
  return {
    pid: child.pid ?? 0,
    ask: async (call, asked) => {
      const id = ++calls
      const answered = new Promise((resolve, reject) => { waiting.set(id, { resolve, reject }) })
      child.send({ id, call, asked })
      return await answered as LoadCalls[typeof call]['done']
    }
  }
}
