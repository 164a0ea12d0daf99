import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type HttpRequest,
  parseAccountId,
  Secret,
  systemRandom,
} from '../../packages/server/src/base/index.ts'
import { Omen, type PlainKey } from '../../packages/server/src/gate/index.ts'
import {
  loadModel,
  type ServiceId,
  type ServiceModel,
  type Shape,
} from '../../packages/server/src/model/index.ts'
import { servedApis } from '../../packages/server/src/services/index.ts'
import { openSqliteStore } from '../../packages/server/src/store/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'

/** Bytes of a request. */
const most = 1_000_000
const shown = 12
const baselineCalls = 500

interface Attack {
  readonly name: string
  readonly service: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether it is sent without a signature. */
  readonly unsigned?: true
}

/**
 * What a single request of 1 MB takes of the main thread, by anyone: each operation of the query and JSON APIs with
 * each of its members as large as the model lets it be, and what attacks have tried.
 */
export async function bench(): Promise<void> {
  const omen = await Omen.open({
    store: await openSqliteStore({ memory: true }),
    apis: servedApis,
    masterKey: systemRandom.bytes(32),
    account: parseAccountId('123456789012')!,
    mode: 'enforce',
    version: 'bench',
    complain: (error) => process.stderr.write(`${String(error)}\n`),
  })
  const plain = attack('sts', 'GetCallerIdentity', {})
  const send = (each: Attack) => spent(each, omen)
  for (let n = 0; n < 200; n++) await send(plain)
  const before = process.threadCpuUsage()
  for (let n = 0; n < baselineCalls; n++) await omen.answer(requestOf(plain, omen.firstKeys.admin))
  const { user, system } = process.threadCpuUsage(before)
  const baseline = (user + system) / 1_000 / baselineCalls
  const all = [
    ...tried(),
    ...(['iam', 'sts', 'ec2', 'organizations', 'cloudtrail'] as const).flatMap(largest),
  ]
  const times: { readonly name: string; readonly milliseconds: number; readonly status: number }[] = []
  for (const each of all) {
    // the second time counts: what is compiled once is no matter of the request
    const first = await send(each)
    const second = first.milliseconds > 20 ? await send(each) : first
    times.push({ name: each.name, ...second })
    await nextTurn()
  }
  times.sort((a, b) => b.milliseconds - a.milliseconds)
  process.stdout.write(
    `${all.length} requests of up to ${most} bytes; GetCallerIdentity takes ${baseline.toFixed(2)} ms\n`,
  )
  for (const { name, milliseconds, status } of times.slice(0, shown)) {
    const ratio = Math.round(milliseconds / baseline)
    process.stdout.write(
      `${name.padEnd(64)} ${milliseconds.toFixed(1)} ms, ${ratio} × the baseline, ${status}\n`,
    )
  }
  await omen.close()
}

/** Processor time of this thread for one request, its signature's check included. */
async function spent(each: Attack, omen: Omen) {
  const request = requestOf(each, omen.firstKeys.admin)
  const before = process.threadCpuUsage()
  const { status } = await omen.answer(request)
  const { user, system } = process.threadCpuUsage(before)
  return { milliseconds: (user + system) / 1_000, status }
}

function requestOf({ service, headers, body, unsigned }: Attack, key: PlainKey): HttpRequest {
  const bytes = Buffer.from(body)
  const request = {
    method: 'POST',
    rawPath: '/',
    rawQuery: '',
    headers: { ...headers, host: '127.0.0.1' },
    body: bytes,
    remoteAddress: '127.0.0.1',
    secure: false,
  }
  if (unsigned) return request
  const signer = {
    accessKeyId: key.accessKeyId,
    secret: new Secret(key.secretAccessKey),
    region: 'us-east-1',
    service,
  }
  return { ...request, headers: signedHeaders(request, signer, Date.now()) }
}

function attack(
  service: ServiceId,
  operation: string,
  input: unknown,
  name = `${service} ${operation}`,
): Attack {
  const model = loadModel(service)
  if (model.targetPrefix !== undefined) {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${model.targetPrefix}.${operation}`,
    }
    return { name, service: model.signingName, headers, body: JSON.stringify(input) }
  }
  const parameters: string[] = [`Action=${operation}`, `Version=${model.apiVersion}`]
  addParameters(parameters, '', input, model.protocol === 'ec2Query')
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { name, service: model.signingName, headers, body: parameters.join('&') }
}

function addParameters(parameters: string[], name: string, value: unknown, ec2: boolean): void {
  const inside = (part: string) => (name === '' ? part : `${name}.${part}`)
  if (Array.isArray(value))
    value.forEach((each, n) => {
      addParameters(parameters, ec2 ? inside(String(n + 1)) : inside(`member.${n + 1}`), each, ec2)
    })
  else if (typeof value === 'object' && value !== null)
    for (const [member, each] of Object.entries(value)) addParameters(parameters, inside(member), each, ec2)
  else parameters.push(`${name}=${encodeURIComponent(String(value))}`)
}

/** Every operation with each of its members as large as it may be: many small values, and long ones. */
function largest(service: ServiceId): readonly Attack[] {
  const model = loadModel(service)
  return Object.values(model.operations).flatMap(({ name, input }) => {
    const shape = input === undefined ? undefined : model.shapes[input]
    if (shape?.type !== 'structure') return []
    const required = Object.fromEntries(
      (shape.required ?? []).map((member) => [
        member,
        exampleOf(model, member, shape.members[member]!.shape, 'least'),
      ]),
    )
    return Object.entries(shape.members).flatMap(([member, { shape: of }]) =>
      (['many', 'long'] as const).map((how) => {
        const large = { ...required, [member]: exampleOf(model, member, of, how) }
        return attack(service, name, large, `${service} ${name} ${member} ${how}`)
      }),
    )
  })
}

type How = 'least' | 'many' | 'long'

function exampleOf(model: ServiceModel, name: string, shapeName: string, how: How, depth = 0): unknown {
  const shape: Shape = model.shapes[shapeName]!
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members).filter(
        ([member]) =>
          how !== 'least' || (shape.required ?? []).includes(member) || /^(?:Key|Value)$/.test(member),
      )
      const few = members.slice(0, depth > 3 ? 1 : 6)
      return Object.fromEntries(
        few.map(([member, { shape: of }]) => [
          member,
          exampleOf(model, member, of, depth > 2 ? 'least' : how, depth + 1),
        ]),
      )
    }
    case 'list': {
      const one = () =>
        exampleOf(model, name, shape.member.shape, how === 'long' ? 'long' : 'least', depth + 1)
      const size = JSON.stringify(one()).length + 40
      const count =
        how === 'least' ? Math.max(1, shape.min ?? 1) : Math.min(shape.max ?? 10_000, 10_000, most / size)
      return Array.from({ length: Math.max(1, Math.floor(count)) }, (_, n) => distinct(one(), n))
    }
    case 'map':
      return { key: 'value' }
    case 'boolean':
      return true
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return 1
    case 'timestamp':
      return '2026-01-01T00:00:00Z'
    case 'blob':
      return 'AAAA'
    default:
      return textOf(
        name,
        // of the other types these three members are all that counts
        shape as { readonly enum?: readonly string[]; readonly min?: number; readonly max?: number },
        how,
      )
  }
}

/** Texts that are told apart, where a list must have no two alike. */
function distinct(value: unknown, n: number): unknown {
  if (typeof value === 'string')
    return /^[\w:*/-]+$/.test(value) && value.length < 60 ? `${value}${n}` : value
  if (typeof value !== 'object' || value === null || !('Key' in value)) return value
  return { ...value, Key: `${String(value.Key).slice(0, 20)}${n}` }
}

const allow = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'

function textOf(
  name: string,
  {
    enum: values,
    min = 1,
    max,
  }: { readonly enum?: readonly string[]; readonly min?: number; readonly max?: number },
  how: How,
): string {
  if (values !== undefined) return values[0]!
  if (/Document|PolicyInput|ResourcePolicy|Content$/.test(name))
    return how === 'least' ? allow : wildPolicy(Math.min(max ?? 131_072, 131_072))
  if (/Arn/.test(name)) return 'arn:aws:iam::123456789012:user/admin'
  if (/ActionNames?/.test(name)) return 's3:GetObject'
  const length = how === 'least' ? Math.min(Math.max(min, 4), max ?? 4) : Math.min(max ?? 100_000, 100_000)
  return 'a'.repeat(length)
}

/** A policy of so many characters that is nothing but wildcards. */
function wildPolicy(length: number): string {
  const pattern = `"arn:aws:s3:::*${'?a'.repeat(60)}b"`
  const patterns = Array.from({ length: Math.floor((length - 120) / (pattern.length + 1)) }, () => pattern)
  return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":[${patterns.join(',')}]}]}`
}

/** What attacks have tried. */
function tried(): readonly Attack[] {
  const form = (name: string, body: string): Attack => ({
    name,
    service: 'iam',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
    unsigned: true,
  })
  const fill = (piece: (n: number) => string) => {
    let text = ''
    for (let n = 0; text.length < most - 200; n++) text += piece(n)
    return text
  }
  const json = (name: string, body: string): Attack => ({
    name,
    service: 'organizations',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSOrganizationsV20161128.CreatePolicy',
    },
    body,
  })
  const simulate = (name: string, input: object) =>
    attack('iam', 'SimulateCustomPolicy', input, `simulate ${name}`)
  const long = `arn:aws:s3:::${'a'.repeat(60_000)}`
  const wild = `{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*${'?a'.repeat(20_000)}b"}}`
  const values = Array.from({ length: 1_000 }, (_, n) => `value-${n}`)
  const sets = JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: {
        'ForAllValues:StringEquals': {
          'aws:TagKeys': Array.from({ length: 6_000 }, (_, n) => `value-${7_000 - n}`),
        },
      },
    },
  })
  const actions = Array.from({ length: 1_000 }, (_, n) => `s3:Get${n}`)
  const context = (ContextKeyValues: readonly string[]) => [
    { ContextKeyName: 'aws:TagKeys', ContextKeyType: 'stringList', ContextKeyValues },
  ]
  return [
    form(
      'a form of deep names',
      fill((n) => `${n}${'.a'.repeat(31)}=&`),
    ),
    form(
      'a form of many names',
      fill((n) => `a${n}=&`),
    ),
    form(
      'a form of one long value',
      `Action=ListUsers&Version=2010-05-08&UserName=${'%61'.repeat(most / 3 - 50)}`,
    ),
    form('a form of percents', `Action=${'%'.repeat(most)}`),
    form('a form of ampersands', '&'.repeat(most)),
    form(
      'a SAML response of blanks',
      `Action=AssumeRoleWithSAML&Version=2011-06-15&RoleArn=arn:aws:iam::123456789012:role/x&PrincipalArn=arn:aws:iam::123456789012:saml-provider/x&SAMLAssertion=${'+'.repeat(100_000)}`,
    ),
    form(
      'a token of dots',
      `Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn:aws:iam::123456789012:role/x&RoleSessionName=xx&WebIdentityToken=${'.'.repeat(20_000)}`,
    ),
    json('JSON of objects', `[${'{},'.repeat(most / 3 - 10)}{}]`),
    json('JSON of brackets', '['.repeat(most)),
    json('JSON of quotes', `"${'\\"'.repeat(most / 2 - 10)}"`),
    json('JSON of 99,000 objects', `{"Tags":[${'{},'.repeat(99_000)}{}]}`),
    simulate('a wild pattern against a long resource', {
      PolicyInputList: [wild],
      ActionNames: ['s3:GetObject'],
      ResourceArns: [long],
    }),
    simulate('wild patterns against a thousand actions', {
      PolicyInputList: [wildPolicy(131_072)],
      ActionNames: actions,
    }),
    simulate('six thousand values against a thousand', {
      PolicyInputList: [sets],
      ActionNames: actions,
      ContextEntries: context(values),
    }),
    simulate('long documents against many resources', {
      PolicyInputList: Array.from({ length: 5 }, () => wildPolicy(131_072)),
      ActionNames: actions.slice(0, 100),
      ResourceArns: Array.from({ length: 20 }, (_, n) => `arn:aws:s3:::${n}${'a?a'.repeat(50)}`),
    }),
    simulate('many policies', {
      PolicyInputList: Array.from({ length: 6 }, () => wildPolicy(60_000)),
      ActionNames: actions.slice(0, 100),
      ResourceArns: Array.from({ length: 100 }, (_, n) => `arn:aws:s3:::${n}${'a?a'.repeat(50)}`),
    }),
  ]
}
