import { useEffect, useState } from 'preact/hooks'
import { pageSettings } from '../live/page-settings.ts'
import { LanguageChoice } from '../parts/language-choice.tsx'
import { homeWords } from './words.ts'

/** Where to go from the address that the server prints; in a demo, what to try first. */
export function Home () {
  const words = homeWords()
  const [isDemo, setIsDemo] = useState<boolean | null>(null)
  // Whether it is one decides only what stands where: without an answer all ways are there.
  useEffect(() => { pageSettings().then(({ signIn }) => setIsDemo(signIn.way === 'development'), () => setIsDemo(false)) }, [])
  return (
    <main class='home'>
      <header>
        <svg viewBox='0 0 32 32' aria-hidden='true'><circle cx='16' cy='16' r='11' /></svg>
        <div><h1>Perch</h1><p class='intro'>{words.intro}</p></div>
      </header>
      {isDemo === true && <Demo />}
      {isDemo === false && <House />}
      <footer><LanguageChoice /></footer>
    </main>
  )
}

function Demo () {
  const words = homeWords()
  return (
    <>
      <section class='home-try' aria-labelledby='try'>
        <h2 id='try'>{words.tryTitle}</h2>
        <p>{words.tryIntro}</p>
        <ol>
          <li><span>{words.tryMap}</span><a class='home-go' href='/map/'>{words.map}</a></li>
          <li><span>{words.tryDisplay}</span><span class='home-two'><a class='home-go' href='/display/' target='_blank'>{words.display}</a><a class='home-go' href='/admin/devices' target='_blank'>{words.admin}</a></span></li>
          <li><span>{words.tryKiosk}</span><a class='home-go' href='/kiosk/' target='_blank'>{words.kiosk}</a></li>
        </ol>
      </section>
      <Ways ways={['map', 'display', 'kiosk', 'admin', 'docs']} />
    </>
  )
}

function House () {
  const words = homeWords()
  return <><Ways ways={['map', 'docs']} large /><h2 class='home-others'>{words.others}</h2><Ways ways={['display', 'kiosk', 'admin']} /></>
}

type Way = 'map' | 'display' | 'kiosk' | 'admin' | 'docs'

const ADDRESSES: Readonly<Record<Way, string>> = { map: '/map/', display: '/display/', kiosk: '/kiosk/', admin: '/admin/', docs: '/docs' }

function Ways ({ ways, large = false }: { ways: readonly Way[], large?: boolean }) {
  const words = homeWords()
  const said: Record<Way, [name: string, what: string]> = {
    map: [words.map, words.mapFor], display: [words.display, words.displayFor], kiosk: [words.kiosk, words.kioskFor], admin: [words.admin, words.adminFor], docs: [words.docs, words.docsFor]
  }
  return <ul class={`ways ${large ? 'ways-large' : ''}`}>{ways.map(way => <li key={way}><a href={ADDRESSES[way]}><strong>{said[way][0]}</strong><span>{said[way][1]}</span></a></li>)}</ul>
}
