import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { session, signOut } from '../live/sign-in.ts'
import { Button } from '../parts/button.tsx'
import { LanguageChoice } from '../parts/language-choice.tsx'
import { signInWords } from '../words/sign-in.ts'
import { Link } from './link.tsx'
import { route, SECTIONS } from './route.ts'
import { shellWords } from './words/shell.ts'
import './shell.css'

/** What stands around every section. */
export function Shell ({ children }: { children: ComponentChildren }) {
  const words = shellWords()
  const { section } = route.value
  const title = words.sections[section]
  useEffect(() => { document.title = `${title} · Perch` }, [title])
  return (
    <div class='admin'>
      <header class='admin-head'>
        <a class='admin-home' href='/'><svg viewBox='0 0 32 32' aria-hidden='true'><circle cx='16' cy='16' r='9' /></svg><span>{words.title}<span class='heard'> · {words.home}</span></span></a>
        <nav aria-label={words.nav}>
          {SECTIONS.map(name => <Link key={name} to={{ section: name, floor: null }} current={name === section}>{words.sections[name]}</Link>)}
        </nav>
        <div class='admin-who'><span>{session.value?.person.name}</span><Button look='quiet' onClick={signOut}>{signInWords().signOut}</Button></div>
      </header>
      <main class='admin-main'>{children}</main>
      <footer class='admin-foot'><LanguageChoice /></footer>
    </div>
  )
}

export function NotForYou () {
  const words = shellWords()
  return <section class='admin-wait'><h1>{words.notForYou}</h1><p>{words.notForYouHow}</p><a class='button button-main' href='/map/'>{words.sections.plans}</a></section>
}
