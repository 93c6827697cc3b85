import { test } from 'tap'
import assert from 'node:assert/strict'
import { Validator } from '@seriousme/openapi-schema-validator'
import { errors } from '../../../src/domain/errors.ts'
import { openServer } from './open-server.ts'

/** Every address of the design's table, as the document writes it. */
const CALLS = [
  'GET /v1/floors', 'GET /v1/floors/{floor}', 'PUT /v1/floors/{floor}', 'POST /v1/claims', 'GET /v1/claims', 'GET /v1/claims/{claim}', 'PATCH /v1/claims/{claim}',
  'POST /v1/claims/{claim}/check-in', 'POST /v1/claims/{claim}/release', 'PUT /v1/spaces/{space}/block', 'DELETE /v1/spaces/{space}/block', 'POST /v1/readings',
  'GET /v1/org', 'PUT /v1/org', 'GET /v1/sites', 'GET /v1/whoami', 'PUT /v1/sites/{site}', 'GET /v1/people', 'PUT /v1/people', 'GET /v1/people/{person}', 'PUT /v1/people/{person}',
  'GET /v1/keys', 'POST /v1/keys', 'DELETE /v1/keys/{name}', 'POST /v1/tickets',
  'GET /v1/devices', 'POST /v1/devices', 'PATCH /v1/devices/{device}', 'DELETE /v1/devices/{device}', 'GET /v1/devices/self', 'PUT /v1/devices/self',
  'POST /v1/pairings', 'POST /v1/pairings/poll', 'POST /v1/pairings/redeem', 'POST /v1/pairings/{code}/approve', 'POST /v1/pairings/{code}/refuse',
  'DELETE /v1/people/{person}', 'GET /v1/groups', 'PUT /v1/groups', 'GET /v1/me', 'PUT /v1/me', 'GET /v1/me/look-ups',
  'PUT /v1/people/{person}/pin', 'DELETE /v1/people/{person}/pin', 'POST /v1/people/identify', 'POST /v1/people/arrive', 'POST /v1/people/leave', 'POST /v1/people/{person}/erase', 'GET /v1/people/{person}/export', 'GET /v1/audit', 'POST /v1/retention',
  'GET /healthz', 'GET /readyz', 'GET /metrics'
]

test('the OpenAPI document is valid and has every call', async t => {
  const { ask } = await openServer(t)
  const { body } = await ask('GET', '/openapi.json', undefined, null)
  const validator = new Validator()
  const { valid, errors: found } = await validator.validate(structuredClone(body))
  assert.ok(valid, JSON.stringify(found))
  const calls = Object.entries(body['paths'] as Record<string, object>).flatMap(([path, methods]) => Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`))
  assert.deepEqual(calls.filter(call => !call.startsWith('HEAD')).sort(), [...CALLS].sort())
})

test('the document says what a body must have and what an answer has', async t => {
  const { ask } = await openServer(t)
  const { body } = await ask('GET', '/openapi.json', undefined, null)
  const claim = (body['paths'] as Record<string, Record<string, { requestBody: unknown, responses: Record<string, unknown> }>>)['/v1/claims']?.['post']
  assert.deepEqual(Object.keys(claim?.responses ?? {}), ['200', '201', '4XX', '5XX'])
  assert.match(JSON.stringify(claim?.requestBody), /"required":\["space"\]/)
})

test('the reference is one page without scripts, under a policy that lets nothing else in', async t => {
  const { ask } = await openServer(t)
  const page = await ask('GET', '/docs', undefined, null)
  assert.equal(page.status, 200)
  assert.match(String(page.headers['content-security-policy']), /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]+='/)
  assert.doesNotMatch(page.text, /<script|<link|<img|src=|@import|https?:\/\//)
  for (const call of ['/v1/claims/{claim}/check-in', '/v1/floors/{floor}']) assert.ok(page.text.includes(call), call)
  for (const code of Object.keys(errors)) assert.ok(page.text.includes(code), code)
})

test('the reference begins with what most people come for, and what runs the server comes last', async t => {
  const { ask } = await openServer(t)
  const { text } = await ask('GET', '/docs', undefined, null)
  const sections = Array.from(text.matchAll(/<h2 id="(\w+)" class="name">/g), ([, name]) => name)
  assert.deepEqual([sections.slice(0, 2), sections.at(-1)], [['claims', 'floors'], 'operations'])
})

test('the live stream is described by an AsyncAPI document whose references lead somewhere', async t => {
  const { ask } = await openServer(t)
  const { body } = await ask('GET', '/asyncapi.json', undefined, null)
  assert.equal(body['asyncapi'], '3.0.0')
  const refs = Array.from(JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g), ([, path]) => path ?? '')
  assert.ok(refs.length > 20)
  for (const path of refs) {
    const target = path.split('/').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], body)
    assert.notEqual(target, undefined, path)
  }
})

test('the root leads to the reference', async t => {
  const { ask } = await openServer(t)
  const { status, headers } = await ask('GET', '/', undefined, null)
  assert.deepEqual([status, headers['location']], [302, '/docs'])
})
