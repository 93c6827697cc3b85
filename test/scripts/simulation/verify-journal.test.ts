import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { Journal, readJournal } from '../../../scripts/simulation/journal.ts'
import { promisesOf, whatIsWrong } from '../../../scripts/simulation/verify-journal.ts'
import type { ClaimView } from '../../../src/protocol/claim.ts'
import { temporaryFolder } from '../../harness/folder.ts'

const claim: ClaimView = {
  id: '019aa1c2-7c00-7abc-8def-0123456789ab',
  space: 'd1',
  floor: 'f',
  kind: 'desk',
  person: 'p1',
  by: 'p1',
  from: '2026-03-02T08:00:00Z',
  to: '2026-03-02T16:00:00Z',
  createdAt: '2026-03-02T07:59:00Z',
  state: 'booked',
  releaseAt: '2026-03-02T08:15:00Z'
}
const present: ClaimView = { ...claim, state: 'present', checkedInAt: '2026-03-02T08:01:00Z' }
const ended: ClaimView = { ...claim, state: 'ended', endedAt: '2026-03-02T09:00:00Z', why: 'released' }

test('a promise is kept by a claim as it was said, further on in its life, or ended', async () => {
  for (const found of [claim, present, ended]) assert.equal(whatIsWrong({ last: claim, asked: [] }, found), null)
})

test('a promise is broken by a claim that is missing, revoked, somebody else\'s, elsewhere, or of another time', async () => {
  const others: Array<ClaimView | null> = [
    null, { ...ended, why: 'revoked' }, { ...claim, person: 'p2' }, { ...claim, space: 'd2' }, { ...claim, to: '2026-03-02T15:00:00Z' }, { ...claim, from: '2026-03-02T09:00:00Z' }
  ]
  for (const found of others) assert.notEqual(whatIsWrong({ last: claim, asked: [] }, found), null, JSON.stringify(found))
})

test('a promise is broken by a claim that went back in its life', async () => {
  assert.notEqual(whatIsWrong({ last: ended, asked: [] }, claim), null)
  assert.notEqual(whatIsWrong({ last: present, asked: [] }, claim), null)
})

test('what was asked for and not answered may have happened or not', async () => {
  const asked = [{ claim: claim.id, call: 'change' as const, space: 'd2', to: undefined }]
  assert.equal(whatIsWrong({ last: claim, asked }, claim), null)
  assert.equal(whatIsWrong({ last: claim, asked }, { ...claim, space: 'd2', from: '2026-03-02T09:00:00Z' }), null)
  assert.notEqual(whatIsWrong({ last: claim, asked }, { ...claim, space: 'd3' }), null)
})

test('a journal reads as it was written, without a last line that was cut off, and the last answer counts', async t => {
  const path = join(await temporaryFolder(t, 'journal'), 'journal.jsonl')
  const journal = new Journal(path)
  journal.asks({ call: 'claim', claim: claim.id, request: { space: 'd1' } })
  journal.answered(claim)
  journal.asks({ call: 'check-in', claim: claim.id })
  journal.answered(present)
  journal.asks({ call: 'change', claim: claim.id, change: { to: '2026-03-02T17:00:00Z' } })
  journal.close()
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"answered":{"id":"01`)
  const promised = promisesOf(readJournal(path)).get(claim.id)
  assert.equal(promised?.last.state, 'present')
  assert.deepEqual(promised?.asked, [{ claim: claim.id, call: 'change', to: '2026-03-02T17:00:00Z' }])
})
