import type { AccessRequest } from '../../../authorization/index.ts'
import { parseAccountId, parseArn } from '../../../base/index.ts'
import { ask } from '../../ask.ts'
import { guardLimits } from '../../limits.ts'
import type { Upstream } from '../../upstream.ts'
import { Remembered } from '../remembered.ts'
import { type Tags, tagsIn } from './read-tags.ts'
import { type TagRow, taggingApi, tagRows } from './tag-rows.ts'

/** Where a question about tags is made. */
export interface TagAsker {
  readonly account: string
  readonly region: string
  readonly now: number
}

/** The tags of the upstream's resources, read with its own credentials (behaviour GRD-142). */
export class ResourceTags {
  readonly #upstream: Upstream
  readonly #known: Remembered<Tags | undefined>

  constructor(upstream: Upstream) {
    this.#upstream = upstream
    this.#known = new Remembered(upstream.rememberedFor, { bytes: guardLimits.rememberedTags, sizeOf })
  }

  /** The tags of a resource; undefined if the upstream does not give them. @throws NoReply if it does not answer */
  of({ resource }: Pick<AccessRequest, 'resource'>, asker: TagAsker): Promise<Tags | undefined> {
    const arn = taggedArn(resource)
    return arn === undefined
      ? Promise.resolve(undefined)
      : this.#known.get(arn, asker.now, () => this.#read(arn, asker))
  }

  /** Notes an answer to another question that has the tags of a resource. */
  tell(arn: string, text: string, now: number): void {
    const row = rowOf(arn)
    if (row !== undefined) void this.#known.get(arn, now, async () => tagsIn({ status: 200, text }, row.at))
  }

  /** Forgets what is remembered of a resource, so that it is read again. */
  forget(resource: string): void {
    const arn = taggedArn(resource)
    if (arn !== undefined) this.#known.forget(arn)
  }

  /** Everything is read again. */
  clear(): void {
    this.#known.clear()
  }

  async #read(arn: string, asker: TagAsker): Promise<Tags | undefined> {
    const row = rowOf(arn)
    const own = row && (await this.#by(row, arn, asker))
    return own ?? (await this.#by(taggingApi, arn, asker))
  }

  async #by(row: TagRow, arn: string, asker: TagAsker): Promise<Tags | undefined> {
    const parts = parseArn(arn)!
    const account = parseAccountId(parts.account) ?? parseAccountId(asker.account)!
    const place = { account, region: parts.region || asker.region }
    const asked = row.ask({ ...parts, arn })
    const patience = guardLimits.readingTime
    const question = { method: 'POST', path: '/', patience, ...asked, ...place } as const
    return tagsIn(await ask(question, this.#upstream), row.at, arn)
  }
}

/** The ARN whose tags count for a resource: of a version or part of a thing, those of the thing. */
function taggedArn(resource: string): string | undefined {
  if (/[*?]/.test(resource)) return undefined
  const parts = parseArn(resource)
  if (parts === undefined || parts.service === 's3') return undefined
  const whole = wholes[parts.service]?.exec(parts.resource)?.[0] ?? parts.resource
  return resource.slice(0, resource.length - parts.resource.length) + whole
}

/** The beginning of the resource in an ARN that has the tags. */
const wholes: Readonly<Record<string, RegExp>> = {
  apigateway: /^\/\w+\/[^/]+/,
  dynamodb: /^table\/[^/]+/,
  kinesis: /^stream\/[^/]+/,
  lambda: /^[\w-]+:[\w-]+/,
  logs: /^log-group:[^:]+/,
  sns: /^[^:]+/,
  states: /^(?:stateMachine|activity):[^:]+/,
}

function rowOf(arn: string): TagRow | undefined {
  const { service, resource } = parseArn(arn)!
  return tagRows.find((row) => row.service === service && row.form.test(resource))
}

function sizeOf(tags: Tags | undefined): number {
  let size = 200
  for (const [key, value] of tags ?? []) size += 2 * (key.length + value.length) + 50
  return size
}
