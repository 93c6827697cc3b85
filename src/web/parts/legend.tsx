import { STATUSES } from '../../domain/status.ts'
import { commonWords } from '../words/common.ts'
import { StatusMark } from './status-mark.tsx'
import './legend.css'

/** What the marks on a plan mean. */
export function Legend () {
  const words = commonWords()
  return <ul class='legend'>{STATUSES.map(status => <li key={status}><StatusMark status={status} />{words.status[status]}</li>)}</ul>
}
