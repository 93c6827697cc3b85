import { Button } from '../parts/button.tsx'
import type { Deeds } from './deeds.ts'
import { mapWords } from './words/words.ts'
import './notice-bar.css'

/** What became of what was asked for, with the ways on. */
export function NoticeBar ({ deeds }: { deeds: Deeds }) {
  const words = mapWords()
  const notice = deeds.notice.value
  return (
    <div class='notice-place'>
      <div role='status'>{notice?.tone === 'good' && <p class='notice notice-good'>{notice.text}</p>}</div>
      <div role='alert'>
        {notice?.tone === 'bad' && (
          <div class='notice notice-bad'>
            <p>{notice.text}</p>
            <button type='button' class='notice-close' aria-label={words.dismiss} onClick={() => deeds.dismiss()}>×</button>
            {notice.offers.length > 0 && <div class='notice-offers'>{notice.offers.map(({ label, take }) => <Button key={label} onClick={take}>{label}</Button>)}</div>}
          </div>
        )}
      </div>
    </div>
  )
}
