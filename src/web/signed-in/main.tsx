import { render } from 'preact'
import '../look/base.css'
import { Page } from './page.tsx'

// In a hidden frame: a token is being renewed, and the page around this one waits for the answer.
if (window.parent !== window) window.parent.postMessage({ type: 'perch:signed-in', search: location.search }, location.origin)
else render(<Page />, document.getElementById('page') ?? document.body)
