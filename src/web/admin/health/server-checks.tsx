import { healthWords, type Check } from '../words/health.ts'

const ORDER: readonly Check[] = ['serving', 'live', 'store', 'ledger', 'release']

export function ServerChecks ({ checks }: { checks: Readonly<Partial<Record<Check, boolean>>> }) {
  const words = healthWords()
  return (
    <section class='admin-card' aria-labelledby='health-checks'>
      <h2 id='health-checks'>{words.checks}</h2>
      <dl class='health-rows'>
        {ORDER.filter(name => checks[name] !== undefined).map(name => {
          const good = checks[name] === true
          return <div key={name}><dt><span class={`dot dot-${good ? 'good' : 'gone'}`} aria-hidden='true' />{words.check[name].name}</dt><dd class={good ? '' : 'health-bad'}>{good ? words.check[name].good : words.check[name].bad}</dd></div>
        })}
      </dl>
    </section>
  )
}
