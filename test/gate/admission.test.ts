import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam'
import type { Mode } from '../../packages/server/src/base/index.ts'
import { Fault, type HttpRequest, Secret } from '../../packages/server/src/base/index.ts'
import { Admittance } from '../../packages/server/src/gate/index.ts'
import { findOperation, loadModel } from '../../packages/server/src/model/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { checkCorpus } from '../corpus/index.ts'

let omen: RunningOmen
let inactive: { readonly accessKeyId: string; readonly secretAccessKey: string }
before(async () => {
  omen = await createOmen()
  const iam = omen.client(IAM, 'admin')
  await iam.createUser({ UserName: 'resting' })
  const { AccessKey: key } = await iam.createAccessKey({ UserName: 'resting' })
  inactive = { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }
  await iam.updateAccessKey({ UserName: 'resting', AccessKeyId: inactive.accessKeyId, Status: 'Inactive' })
})
after(() => omen.close())

const body = Buffer.from('Action=GetCallerIdentity&Version=2011-06-15')
const bare = (
  headers: Readonly<Record<string, string>> = {},
  more: Partial<HttpRequest> = {},
): HttpRequest => ({
  method: 'POST',
  rawPath: '/',
  rawQuery: '',
  headers: { host: 'sts.amazonaws.com', 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body,
  remoteAddress: '127.0.0.1',
  secure: false,
  ...more,
})

/** A request signed by a key; what is changed afterwards is not signed. */
function signed(
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
  {
    service = 'sts',
    changed = {},
    more = {},
  }: { service?: string; changed?: Record<string, string>; more?: Partial<HttpRequest> } = {},
): HttpRequest {
  const request = bare()
  const signer = { accessKeyId, secret: new Secret(secretAccessKey), region: 'eu-west-1', service }
  const headers = signedHeaders(request, signer, omen.clock.now())
  return { ...request, ...more, headers: { ...request.headers, ...headers, ...changed } }
}

const unknown = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}
const page = { origin: 'https://example.com' }

/** The requests, by the names that the cases give them. */
const requests: Readonly<Record<string, () => HttpRequest>> = {
  unsigned: () => bare(),
  'unsigned-from-a-page': () => bare(page),
  malformed: () => bare({ authorization: 'AWS4-HMAC-SHA256 Credential=x' }),
  'malformed-from-a-page': () => bare({ authorization: 'AWS4-HMAC-SHA256 Credential=x', ...page }),
  signed: () => signed(omen.keys.admin),
  'signed-from-a-page': () => signed(omen.keys.admin, { changed: page }),
  'signed-for-another-service': () => signed(omen.keys.admin, { service: 'iam' }),
  'signed-with-another-secret': () =>
    signed({ ...omen.keys.admin, secretAccessKey: unknown.secretAccessKey }),
  'signed-for-another-body': () => signed(omen.keys.admin, { more: { body: Buffer.from('Action=Other') } }),
  'signed-by-an-inactive-key': () => signed(inactive),
  'signed-by-an-unknown-key': () => signed(unknown),
  'signed-by-an-unknown-key-from-a-page': () => signed(unknown, { changed: page }),
  'signed-by-an-unknown-key-with-more-headers': () => signed(unknown, { changed: { 'x-amz-more': 'x' } }),
}

describe('who is admitted', () => {
  test('in each mode, by each kind of signature', async () => {
    const said = new Map<string, string>()
    for (const mode of ['enforce', 'audit', 'off'] as Mode[])
      for (const operation of ['GetCallerIdentity', 'AssumeRoleWithWebIdentity'])
        for (const [name, request] of Object.entries(requests))
          said.set(`${mode} ${operation} ${name}`, await admitted(mode, operation, request()))
    checkCorpus(join(import.meta.dirname, 'admissions.txt'), (input) => [said.get(input) ?? 'no such case'])
    assert.equal(said.size, 3 * 2 * Object.keys(requests).length)
  })
})

async function admitted(mode: Mode, name: string, request: HttpRequest): Promise<string> {
  const service = loadModel('sts')
  const route = { service, operation: findOperation(service, name)!, labels: {} }
  const { deps } = omen.omen
  const noted = deps.decisions.failed.last()
  try {
    const found = await new Admittance({ ...deps, mode }).admit(route, request, omen.clock.now())
    const { caller, account, region, unsigned = false } = found
    const of = account.id === deps.firstAccount ? 'of the first account' : 'of another account'
    return `${caller.kind} ${of} in ${region}, mode ${found.mode}${unsigned ? ', unsigned' : ''}`
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const failed = deps.decisions.failed.last()
    const { problem, accessKeyId, caller } = {
      problem: 'not noted',
      accessKeyId: undefined,
      caller: undefined,
      ...(failed === noted ? {} : failed),
    }
    const key =
      accessKeyId === undefined
        ? ''
        : accessKeyId === unknown.accessKeyId
          ? ' of an unknown key'
          : ' of a key'
    const owner = caller === undefined ? '' : ` of ${caller.replace(/^.*:/, '')}`
    return `${error.code} ${error.status}: ${problem}${key}${owner}`
  }
}
