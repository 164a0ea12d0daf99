import { join } from 'node:path'
import { describe, test } from 'node:test'
import { serviceInfo } from '../../packages/server/src/authorization/catalogue/index.ts'
import type { HttpRequest } from '../../packages/server/src/base/index.ts'
import {
  guardCatalogue,
  identifyCall,
  needsOf,
  readInput,
  unknowableKeys,
} from '../../packages/server/src/guard/catalogue/index.ts'
import { checkCorpus } from '../corpus/index.ts'
import { here } from './asked.ts'
import { signedRequest } from './requests.ts'

// A line of these corpora is a request, and below it is what a guard takes it for: the service, the operation, the protocol and
// what the path names, or why it is none; then each question, with its keys and with what is still to be looked up.
//
//     SCOPE METHOD PATH [BODY]            [name=value] before the body are headers; the scope `-` is that of no signature
//     SCOPE TARGET {INPUT}                a call in JSON
//     SCOPE Action=…&Version=…            a call as a form
//
// A body that begins with `0x` is in hexadecimal digits. Of inputs.txt the second line is the input that is read.

describe('what a guard takes a request for', () => {
  for (const name of ['paths', 'names', 'questions'])
    test(name, () => checkCorpus(join(import.meta.dirname, 'recognised', `${name}.txt`), taken))

  test('the input that it reads', () =>
    checkCorpus(join(import.meta.dirname, 'recognised', 'inputs.txt'), read))

  // SERVICE OPERATION ACTION RESOURCE: the keys of the service that nobody can know before the call is made
  test('keys that it cannot know', () =>
    checkCorpus(join(import.meta.dirname, 'recognised', 'unknowable.txt'), unknowable))
})

function taken(line: string): readonly string[] {
  const call = identifyCall(requestOf(line), { hosts: ['localhost', 'emulator.test'] })
  if ('problem' in call) {
    const { problem, message, protocol, service } = call
    return [`${problem} (${protocol}${service === undefined ? '' : ` ${service.id}`}): ${message}`]
  }
  const { service, operation, protocol, open, labels, bucketInHost } = call
  const more = [open ? 'open' : '', bucketInHost === undefined ? '' : `at ${bucketInHost}`]
  const first =
    `${service.id}.${operation} (${protocol}) ${JSON.stringify(labels)} ${more.join(' ')}`.trimEnd()
  const asked = needsOf(call, here)
  if ('unknown' in asked) return [first, asked.unknown]
  return [
    first,
    ...asked.map(({ action, resource, exactness, ...rest }) => {
      const text = JSON.stringify(rest)
      return `${action} ${resource} ${exactness}${text === '{}' ? '' : ` ${text}`}`
    }),
  ]
}

function read(line: string): readonly string[] {
  const call = identifyCall(requestOf(line), { hosts: ['localhost'] })
  if ('problem' in call) return [`${call.problem}: ${call.message}`]
  const { service, operation, protocol } = call
  const first = `${service.id}.${operation} (${protocol})`
  try {
    return [first, JSON.stringify(readInput(call))]
  } catch (error) {
    return [first, String(error)]
  }
}

function requestOf(line: string): HttpRequest {
  const [, scope = '', first = '', second = '', rest = ''] = /^(\S+) (\S+) ?(\S*) ?(.*)$/.exec(line) ?? []
  if (/^[A-Z]+$/.test(first)) {
    const headers: Record<string, string> = {}
    const body = rest.replaceAll(/\[([\w-]+)=([^\]]*)\] ?/g, (_, name: string, value: string) => {
      headers[name] = value
      return ''
    })
    return unsigned(scope, signedRequest(`${first} ${second}`, scope, headers, bytesOf(body)))
  }
  const isForm = first.includes('=')
  const headers = isForm
    ? { 'content-type': 'application/x-www-form-urlencoded' }
    : { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': first }
  const body = isForm ? first : `${second} ${rest}`.trim()
  return unsigned(scope, signedRequest('POST /', scope, headers, body))
}

function bytesOf(body: string): string | Uint8Array {
  return body.startsWith('0x') ? Buffer.from(body.slice(2), 'hex') : body
}

function unsigned(scope: string, request: HttpRequest): HttpRequest {
  if (scope !== '-') return request
  const { authorization: _, 'x-amz-date': __, ...headers } = request.headers
  return { ...request, headers }
}

function unknowable(line: string): readonly string[] {
  const [service = '', operation = '', action = '', resource = ''] = line.split(' ')
  const packed = guardCatalogue().byId.get(service)?.operation(operation)
  if (packed === undefined) return ['there is no such operation']
  const prefix = action.split(':', 1)[0]!
  const keys = (serviceInfo(prefix)?.conditionKeys ?? []).map(({ key }) => key.toLowerCase())
  const isUnknowable = unknowableKeys(packed, action, resource)
  const others = ['aws:resourcetag/a', 'aws:requesttag/a', 'aws:sourceip', `${prefix}:none`]
  const named = [...keys, ...others].map((key) => key.replace(/\$\{.*\}|<.*>|tag-key/, 'a'))
  return [named.filter(isUnknowable).join(' ')]
}
