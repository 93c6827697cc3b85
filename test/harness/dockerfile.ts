/** One instruction of a Dockerfile, as far as Perch's own uses them. */
export type Step =
  | { kind: 'workdir', path: string }
  /** `from` is a stage's name; without it the sources are of the context. */
  | { kind: 'copy', from?: string, sources: string[], target: string }
  | { kind: 'run', command: string }
  | { kind: 'env', values: Record<string, string> }
  | { kind: 'user', name: string }
  | { kind: 'expose', port: number }
  | { kind: 'healthcheck', command: string[] }
  | { kind: 'cmd', command: string[] }

export interface Stage {
  name: string
  /** An image, or the name of an earlier stage. */
  base: string
  steps: Step[]
}

/** @throws Error for an instruction, flag or form that is not understood: better than to leave a step out */
export function parseDockerfile (text: string): Stage[] {
  const stages: Stage[] = []
  for (const line of instructions(text)) {
    const [, word = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(line) ?? []
    if (word === 'FROM') {
      const [, base, name] = /^(\S+) AS (\S+)$/.exec(rest) ?? []
      if (base === undefined || name === undefined) throw new Error(`FROM wants an image and a name: ${line}`)
      stages.push({ name, base, steps: [] })
      continue
    }
    const stage = stages.at(-1)
    if (stage === undefined) throw new Error(`before the first FROM: ${line}`)
    stage.steps.push(step(word, rest))
  }
  return stages
}

/** Without comments and empty lines, with continued lines as one. */
function instructions (text: string): string[] {
  const lines = text.split('\n').filter(line => !/^\s*(#|$)/.test(line))
  return lines.join('\n').replaceAll(/\\\n\s*/g, '').split('\n').filter(Boolean)
}

function step (word: string, rest: string): Step {
  switch (word) {
    case 'WORKDIR': return { kind: 'workdir', path: rest }
    case 'COPY': return copy(rest)
    case 'RUN':
      if (/^(--|\[)/.test(rest)) throw new Error(`RUN with flags or as JSON is not understood: ${rest}`)
      return { kind: 'run', command: rest }
    case 'ENV': return { kind: 'env', values: Object.fromEntries(rest.split(/\s+/).map(pair)) }
    case 'USER': return { kind: 'user', name: rest }
    case 'EXPOSE': return { kind: 'expose', port: Number(rest) }
    case 'HEALTHCHECK': return { kind: 'healthcheck', command: words(rest.replace(/^(--\S+\s+)*CMD\s+/, '')) }
    case 'CMD': return { kind: 'cmd', command: words(rest) }
    default: throw new Error(`not understood: ${word} ${rest}`)
  }
}

function copy (rest: string): Step {
  const all = rest.split(/\s+/)
  const flags = all.filter(word => word.startsWith('--'))
  const sources = all.filter(word => !word.startsWith('--'))
  const target = sources.pop()
  const from = flags[0]?.replace(/^--from=/, '')
  if (target === undefined || sources.length === 0 || flags.length > 1 || from?.startsWith('--')) throw new Error(`not understood: COPY ${rest}`)
  return { kind: 'copy', sources, target, ...(from !== undefined && { from }) }
}

function pair (text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1 || text.includes('"') || text.includes('$')) throw new Error(`ENV wants plain name=value: ${text}`)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** A command in its JSON form, the only one without a shell between Docker's signals and the process. */
function words (text: string): string[] {
  const list: unknown = JSON.parse(text)
  if (!Array.isArray(list) || !list.every(word => typeof word === 'string')) throw new Error(`not a list of words: ${text}`)
  return list
}
