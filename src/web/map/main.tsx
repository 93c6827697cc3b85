import { render } from 'preact'
import '../look/base.css'
import { Page } from './page.tsx'

render(<Page />, document.getElementById('page') ?? document.body)
