import { Agent, request as httpRequest } from 'node:http'
import { after } from 'node:test'
import { account, type GuardServer, guardServer, headersOf, type Sent } from '../guard/house.ts'
import { presignedPath } from '../guard/presigned.ts'
import { type RowCaller, RowCallers } from './guard-callers.ts'
import { type Row, replay } from './rows.ts'
import { s3Call } from './s3-calls.ts'
import { canonicalIds, type S3Facts, s3World } from './s3-world.ts'
import { type RecordedUpstream, rowHeader, startRecordedUpstream } from './upstream.ts'

/** A call of S3 at the guard, with the world in which it was made. */
interface GuardRow extends Row {
  readonly as: RowCaller
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  /** The call is a presigned URL with these parameters and headers. */
  readonly presigned?: {
    readonly query: Readonly<Record<string, string>>
    readonly headers: Readonly<Record<string, string>>
  }
  readonly world?: S3Facts & { readonly at?: string }
  readonly answer: { readonly status: number; readonly code?: string; readonly message?: string }
}

interface Place {
  readonly upstream: RecordedUpstream
  readonly server: GuardServer
  readonly callers: RowCallers
}

let opened: Promise<Place> | undefined
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

after(async () => {
  agent.destroy()
  if (opened === undefined) return
  const { upstream, server } = await opened
  await server.close()
  await upstream.close()
})

// behaviours GRD-143 to GRD-148 and GRD-150 to GRD-155, GRD-156 to GRD-159
replay<GuardRow>('guard-s3.jsonl', async (row) => {
  opened ??= open()
  return ask(row, await opened)
})

async function open(): Promise<Place> {
  const upstream = await startRecordedUpstream()
  const server = await guardServer({
    account,
    upstream: { url: upstream.url, accountKey: true, rememberedFor: 0 },
    forward: ['lambda'],
  })
  return { upstream, server, callers: await RowCallers.of(server) }
}

async function ask(given: GuardRow, { upstream, server, callers }: Place): Promise<string | undefined> {
  const row = filled(given, callers)
  upstream.world = s3World(row, account)
  upstream.reached = []
  const as = await callers.as(row.as)
  const { presigned, answer } = row
  const call = s3Call(
    row.operation,
    row.input,
    as === undefined || row.as.kind !== 'member' ? account : callers.otherAccount,
  )
  const endpoint = server.omen.endpoint
  const token = as?.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': as.sessionToken }
  const query = new URLSearchParams({ ...presigned?.query, ...token }).toString()
  const sent: Sent =
    presigned === undefined
      ? { ...call, headers: { ...call.headers, [rowHeader]: row.id }, ...(as && { as }) }
      : {
          ...call,
          path: presignedPath(endpoint, {
            method: call.method,
            path: query === '' ? call.path : `${call.path}?${query}`,
            as: as!,
          }),
          headers: { ...call.headers, ...presigned.headers, [rowHeader]: row.id },
        }
  const got = await exchange(endpoint, sent)
  const wanted = `${answer.status} ${row.operation === 'HeadObject' ? '' : (answer.code ?? '')}`
  const is = `${got.status} ${row.operation === 'HeadObject' ? '' : got.code}`
  if (is !== wanted) return `${row.operation}: ${is} instead of ${wanted}. ${got.message.slice(0, 300)}`
  if (answer.message !== undefined && got.message !== answer.message)
    return `${row.operation}: ${got.message} instead of ${answer.message}`
  return undefined
}

/** A row with the accounts of this guard, and its times moved so that it is asked now. */
function filled(row: GuardRow, { otherAccount, memberRole }: RowCallers): GuardRow {
  const names: Readonly<Record<string, string>> = {
    account,
    otherAccount,
    memberRole,
    owner: canonicalIds.owner,
  }
  const shift = row.world?.at === undefined ? 0 : Date.now() - Date.parse(row.world.at)
  const text = JSON.stringify(row)
    .replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => names[name] ?? (/^aws/.test(name) ? whole : name))
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)/g, (time) =>
      new Date(Date.parse(time) + shift).toISOString(),
    )
  return JSON.parse(text) as GuardRow
}

/** Sends a request over one connection. */
function exchange(
  endpoint: string,
  sent: Sent,
): Promise<{ readonly status: number; readonly code: string; readonly message: string }> {
  const { hostname, port } = new URL(endpoint)
  const headers: Record<string, string> = { ...headersOf(endpoint, sent) }
  const body = Buffer.from(sent.body ?? '')
  if (body.length > 0) headers['content-length'] = String(body.length)
  return new Promise((resolve, reject) => {
    const { method = 'GET', path = '/' } = sent
    const request = httpRequest({ hostname, port, method, path, headers, agent }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString('utf8')
        resolve({
          status: response.statusCode ?? 0,
          code: /<Code>([^<]*)/.exec(text)?.[1] ?? '',
          message: (/<Message>([^<]*)/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"'),
        })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}
