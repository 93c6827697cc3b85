import { render } from 'preact'
import '../look/base.css'
import { keepOffline } from '../offline/keep-offline.ts'
import { Page } from './page.tsx'

/** When lobbies are empty. */
const NIGHT_HOUR = 3

render(<Page />, document.getElementById('page') ?? document.body)
// At night, by its own clock: an hour too early or too late is night as well.
keepOffline('/display/', () => new Date().getHours() === NIGHT_HOUR)
