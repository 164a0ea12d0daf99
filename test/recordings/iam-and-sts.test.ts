import { after } from 'node:test'
import { createOmen } from 'omen-iam'
import { account } from '../kit/index.ts'
import { type Answered, type Asked, type Keys, send } from './queries.ts'
import { type Row, replay } from './rows.ts'

/**
 * An answer of IAM, STS or Organizations. Rows prove among others IAM-230 to IAM-245, STS-139 to STS-149, WIRE-86 to WIRE-91,
 * RPT-36 to RPT-42, GRD-306. Rows of one set share a server and keep their order. */
interface AskedRow extends Row, Asked {
  /** Who asks: `admin` if absent, a user that `first` made, or a session of it. */
  readonly as?: string
  /** What happens before, and must succeed. */
  readonly first?: readonly Step[]
  readonly code: string
  readonly message?: string
  /** The members that the answer must have. `<name>` is a value that the first answer with it fixes. */
  readonly output?: object
  /** Elements of the answer, in this order. */
  readonly order?: readonly string[]
  /** Columns of one row of the credential report. */
  readonly report?: Readonly<Record<string, string>>
  /** Seconds from the creation to the expiry. */
  readonly expires?: number
  /** The claims and the header of the token in the answer. */
  readonly token?: object
}

/** A call that makes ready, a session or key to name, or time that passes. */
interface Step extends Partial<Asked> {
  readonly as?: string
  /** The name of the credentials that the call answers with. */
  readonly gives?: string
  /** Seconds that pass. */
  readonly wait?: number
}

let omen = await createOmen({ port: false, account })
let set = ''
let keys = new Map<string, Keys>()
let fixed = new Map<string, string>()
after(() => omen.close())

replay<AskedRow>('iam-and-sts.jsonl', async (row) => {
  const [own = ''] = row.id.split('/')
  if (own !== set) await begin(own)
  for (const step of row.first ?? []) {
    const failed = await take(step)
    if (failed !== undefined) return failed
  }
  return differenceOf(row, await ask(row))
})

/** Each set of rows has a server's first state. */
async function begin(own: string): Promise<void> {
  set = own
  await omen.close()
  omen = await createOmen({ port: false, account })
  keys = new Map([
    ['admin', omen.keys.admin],
    ['root', omen.keys.root],
  ])
  fixed = new Map()
}

/** Takes a step; returns why it failed. */
async function take(step: Step): Promise<string | undefined> {
  if (step.wait !== undefined) omen.clock.advance(step.wait * 1000)
  if (step.call === undefined) return undefined
  const answer = await ask({ ...step, call: step.call })
  if (answer.code !== 'Success') return `before it ${step.call}: ${answer.code} "${answer.message}"`
  if (step.gives === undefined) return undefined
  const { AccessKey, Credentials } = answer.output as Record<string, Record<string, string> | undefined>
  const given = Credentials ?? AccessKey
  keys.set(step.gives, {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    ...(Credentials?.SessionToken === undefined ? {} : { sessionToken: Credentials.SessionToken }),
  })
  fixed.set(`<key of ${step.gives}>`, given?.AccessKeyId ?? '')
  return undefined
}

async function ask({ as = 'admin', call, input, form, host }: Asked & { readonly as?: string }) {
  const own = keys.get(as)
  if (own === undefined)
    return { code: `nobody is called ${as}`, status: 0, message: '', output: {}, body: '' }
  return send(omen, own, {
    call,
    ...(input === undefined ? {} : { input: filled(input) as object }),
    ...(form === undefined ? {} : { form: filled(form) as [string, string][] }),
    ...(host === undefined ? {} : { host }),
  })
}

/** A text with what earlier answers fixed in place of its names. */
function filled(value: unknown): unknown {
  const text = JSON.stringify(value)
  const replaced = text.replaceAll(/<[^<>"]+>/g, (name) => fixed.get(name) ?? name)
  return JSON.parse(replaced)
}

function differenceOf(row: AskedRow, answer: Answered): string | undefined {
  const { code, message, output } = row
  const said = answer.message.replaceAll(/[0-9a-z]{25}(?=$| for complete)/g, '<authorization-id>')
  if (answer.code !== code) return `${answer.code} "${said}" instead of ${code} "${message ?? ''}"`
  const wanted = message === undefined ? undefined : (filled(message) as string)
  if (wanted !== undefined && said !== wanted) return `"${said}" instead of "${wanted}"`
  if (row.order !== undefined) {
    const places = row.order.map((name) => answer.body.search(new RegExp(`<${name}[/>]`)))
    if (places.some((place, index) => place <= (places[index - 1] ?? -1))) return `the order is ${places}`
  }
  if (row.expires !== undefined) {
    const { CreateDate = '', ExpirationDate = '' } = (Object.values(answer.output)[0] ?? {}) as Record<
      string,
      string
    >
    const seconds = (Date.parse(ExpirationDate) - Date.parse(CreateDate)) / 1000
    if (seconds !== row.expires) return `expires after ${seconds} s`
  }
  if (row.report !== undefined) return differs(row.report, reportRow(answer, row.report.user ?? ''), 'report')
  if (row.token !== undefined) return differs(row.token, tokenOf(answer), 'token')
  return output === undefined ? undefined : differs(output, answer.output, 'output')
}

/** Where a value lacks what is wanted of it. */
function differs(wanted: unknown, found: unknown, path: string): string | undefined {
  if (Array.isArray(wanted)) {
    const items = found === '' || found === undefined ? [] : found
    if (!Array.isArray(items) || items.length !== wanted.length)
      return `${path} is ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`
    return first(wanted.map((each, index) => differs(each, items[index], `${path}.${index}`)))
  }
  if (typeof wanted === 'object' && wanted !== null) {
    const members = (typeof found === 'object' && found !== null ? found : {}) as Record<string, unknown>
    return first(Object.entries(wanted).map(([key, each]) => differs(each, members[key], `${path}.${key}`)))
  }
  const text = found === undefined ? 'nothing' : typeof found === 'string' ? decoded(found) : String(found)
  const named = String(wanted)
  if (/^<[^<>]+>$/.test(named) && !fixed.has(named) && found !== undefined) {
    fixed.set(named, text)
    return undefined
  }
  const expected = fixed.get(named) ?? named
  return text === expected ? undefined : `${path} is "${text}" instead of "${expected}"`
}

/** Documents travel encoded. */
function decoded(text: string): string {
  return text.startsWith('%7B') ? JSON.stringify(JSON.parse(decodeURIComponent(text))) : text
}

function first(differences: readonly (string | undefined)[]): string | undefined {
  return differences.find((each) => each !== undefined)
}

function reportRow({ output }: Answered, user: string): Readonly<Record<string, string>> {
  const [header = '', ...lines] = Buffer.from(String(output.Content), 'base64').toString('utf8').split('\n')
  const line = lines.find((each) => each.startsWith(`${user},`)) ?? ''
  const cells = line.split(',')
  return Object.fromEntries(header.split(',').map((name, index) => [name, cells[index] ?? '']))
}

function tokenOf({ output }: Answered): object {
  const [header = '', payload = ''] = String(output.WebIdentityToken).split('.')
  const read = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>
  const claims = read(payload)
  const namespace = claims['https://sts.amazonaws.com/']
  const bytes = Buffer.from(payload, 'base64url').length
  return { header: read(header), ...claims, namespace, life: Number(claims.exp) - Number(claims.iat), bytes }
}
