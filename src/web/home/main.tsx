import { render } from 'preact'
import '../look/base.css'
import './home.css'
import { Home } from './home.tsx'

render(<Home />, document.getElementById('page') ?? document.body)
