import { render } from 'preact'
import '../look/base.css'
import { waitForFont } from './late-font.ts'
import { Page } from './page.tsx'

waitForFont()
render(<Page />, document.getElementById('page') ?? document.body)
