import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createOmen, type RunningOmen } from 'omen-iam/testing'
import { checkCorpus, Names } from '../corpus/index.ts'
import { member, seed } from '../gate/answers-seed.ts'
import { account } from '../kit/index.ts'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { type Sent, send } from './house.ts'

// A line of these corpora is a request to a guard, and below it is the answer: the status, the body, and after `→` each request
// that reached the upstream, without those that ask about IAM.
//
//     WHO METHOD SERVICE PATH [BODY]          [name=value] before the body are headers
//     WHO SERVICE TARGET {INPUT}              a call in JSON
//     WHO SERVICE Action=…&Version=…          a call as a form
//     events                                  the newest events of the account, newest first
//     says ASKED STATUS [BODY]                what the upstream answers from now on: to `GET /path?query`, a target or an action
//
// WHO signs: root, admin, a user, a role, mia of another account, or nobody.

const corpora = ['decisions', 'storage', 'refused', 'keys', 'names', 'grants', 'batches'] as const

describe('what a guard answers', () => {
  const says = new Map<string, readonly [status: number, body: string]>()
  const reached: string[] = []
  let upstream: UpstreamServer
  before(async () => {
    upstream = await startReader(({ method, url, headers }, body, outgoing) => {
      const text = body.toString('utf8')
      const action = /^Action=(\w+)|&Action=(\w+)/.exec(text)?.slice(1).find(Boolean)
      const target = headers['x-amz-target']
      const asked = String(target ?? action ?? `${method} ${url}`)
      reached.push(`→ ${asked}${text === '' ? '' : ` ${text.slice(0, 160)}`}`)
      const [status, said] = says.get(asked) ?? unsaid(asked)
      outgoing.writeHead(status, { 'x-amzn-requestid': 'upstream' }).end(said)
    })
  })
  after(() => upstream.close())

  for (const name of corpora)
    test(name, async ({ mock }) => {
      mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 2, 3, 4, 5) })
      const options = { url: upstream.url, sharedIam: false, rememberedFor: 0 }
      await using omen = await createOmen({ account, seed, upstream: options, forward: ['ec2', 'lambda'] })
      const endpoint = await omen.listen()
      says.clear()
      const path = join(import.meta.dirname, 'answers', `${name}.txt`)
      const names = new Names()
      const answers: (readonly string[])[] = []
      for (const line of readFileSync(path, 'utf8').split('\n')) {
        if (line === '' || /^(?:#| {2})/.test(line)) continue
        const [, asked, status, said = ''] = /^says (.+?) (\d{3})(?: (.*))?$/.exec(line) ?? []
        if (asked !== undefined) {
          says.set(asked, [Number(status), said])
          answers.push([])
          continue
        }
        if (line === 'events') {
          answers.push((await eventsOf(omen)).map((each) => names.numbered(each)))
          continue
        }
        mock.timers.setTime(Date.now() + 1_000)
        reached.length = 0
        const answer = await send(endpoint, sentOf(omen, line))
        const type = answer.headers['content-type']
        const body = answer.body.replaceAll(/<(RequestI[dD]|HostId)>.*?<\/\1>/g, '').replaceAll('\r', '')
        const shown = [
          `${answer.status}${type === undefined ? '' : ` ${type}`}`,
          ...body.split('\n'),
          ...reached,
        ]
        answers.push(
          shown
            .filter((each) => each !== '')
            .map((each) => names.numbered(each.replaceAll(endpoint, 'GUARD'))),
        )
      }
      checkCorpus(path, () => answers.shift()!)
    })
})

/** Questions about things that nobody set are answered as about things that have none. */
function unsaid(asked: string): readonly [number, string] {
  const isQuestion =
    /^GET .*[?&](?:policy|encryption|publicAccessBlock|ownershipControls|acl|tagging|object-lock|versioning)\b/
  if (isQuestion.test(asked)) return [404, '<Error><Code>NoSuchKey</Code></Error>']
  if (
    /(?:^|\.)(?:Describe|Get\w*Policy|List\w*Tags|GetResources|GetQueueAttributes|GetTopicAttributes)/.test(
      asked,
    )
  )
    return [400, '{"__type":"ResourceNotFoundException"}']
  return [200, '{}']
}

/** What the history has of the newest calls. */
async function eventsOf({ omen: { deps } }: RunningOmen): Promise<readonly string[]> {
  await deps.recorder.flush()
  const kinds = [false, true].map((data) => deps.recorder.lookUp({ account, data, limit: 50 }))
  const events = (await Promise.all(kinds)).flatMap((found) => found.events).sort((a, b) => b.time - a.time)
  return events.map(({ json }) => {
    const { eventSource, eventName, awsRegion, errorCode, resources, requestParameters } = JSON.parse(json)
    const parts = [eventSource, eventName, awsRegion, errorCode ?? '-']
    return `${parts.join(' ')} ${JSON.stringify(resources ?? [])} ${JSON.stringify(requestParameters)}`.slice(
      0,
      400,
    )
  })
}

function sentOf(omen: RunningOmen, line: string): Sent {
  const [, who = '', first = '', second = '', rest = ''] = /^(\S+) (\S+) (\S+) ?(.*)$/.exec(line) ?? []
  const key =
    who === 'root' || who === 'admin'
      ? omen.keys[who]
      : omen.as(who === 'mia' ? `arn:aws:iam::${member}:user/mia` : who === 'nobody' ? 'ann' : who)
          .credentials
  const signed = who === 'nobody' ? {} : { as: key }
  if (/^[A-Z]+$/.test(first)) {
    const [path = '/', ...words] = rest.split(' ')
    const headers: Record<string, string> = {}
    const body = words.join(' ').replaceAll(/\[([\w-]+)=([^\]]*)\] ?/g, (_, name: string, value: string) => {
      headers[name] = value
      return ''
    })
    return { method: first, service: second, path, headers, body, ...signed }
  }
  const isForm = second.includes('=')
  return {
    method: 'POST',
    service: first,
    path: '/',
    headers: isForm
      ? { 'content-type': 'application/x-www-form-urlencoded' }
      : { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': second },
    body: isForm ? second : rest,
    ...signed,
  }
}
