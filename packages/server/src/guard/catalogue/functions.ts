import { type ArnParts, parseArn } from '../../base/index.ts'
import { decodePercent } from '../../wire/index.ts'
import { agentTool, ec2Arn, iteratorStream, managedArn, taskSource } from './ids.ts'
import { partsAt, Unreadable } from './input.ts'
import { partiqlTable } from './partiql.ts'
import { eachStep } from './path.ts'
import type { Place } from './place.ts'
import { hasDots } from './plain-request.ts'
import { queueAccount, queueName } from './queue-url.ts'
import { readingsOf } from './readings.ts'
import { isBucket, s3Host } from './s3-host.ts'

/** Functions of templates and condition keys over a text; each returns nothing if the text has no such part. */
export const textFunctions = {
  /** As it is, even if it looks like an ARN. */
  raw: (text) => [text],
  /** An ARN; nothing for any other text. */
  arn: (text) => (parseArn(text) === undefined ? [] : [text]),
  /** Behind the last slash. */
  last: (text) => [text.slice(text.lastIndexOf('/') + 1)],
  /** Behind the kind in an ARN: `cluster/name/id` is `name/id`. */
  behindKind: (text) => {
    const resource = parseArn(text)?.resource ?? text
    return [resource.slice(resource.indexOf('/') + 1)]
  },
  /** Organizations' ids without their kind: `p-1234` is `1234`. */
  afterDash: (text) => [text.replace(/^(?:p|h|ou)-/, '')],
  /** A shard iterator's stream. */
  beforeBar: (text) => [text.split('|', 1)[0]!],

  /** A bucket, or an access point by its ARN. */
  bucketArn: (text, where) => [bucketArn(text, where)],
  /** The prefix of the ARNs of objects in a bucket or access point. */
  objectsOf: (text, where) => [objectsOf(text, where)],
  /** The object that x-amz-copy-source names: `/bucket/key?versionId=1`, encoded. */
  sourceArn: (text, where) => {
    // a plus may be itself or a space
    const readings = text.includes('+') ? [text, text.replaceAll('+', ' ')] : [text]
    return readings.map((reading) => {
      const { bucket, key } = sourceParts(reading)
      return `${objectsOf(bucket, where)}/${key}`
    })
  },

  /** A queue's name, at the end of its URL. */
  queueName: (text, where) => [queueName(text, where)],
  /** The account in a queue's URL. */
  queueAccount: (text, { account }) => [queueAccount(text) ?? account],
  /** The topic of a subscription. */
  topicOf: (text) => [text.replace(/:[0-9a-f]{8}-[0-9a-f-]+$/, '')],

  taskSource: (text) => taskSource(text),
  iteratorStream: (text) => iteratorStream(text),

  ec2Arn: (text, where) => [ec2Arn(text, where)],
  managedArn: (text, where) => [managedArn(text, where)],

  /** A function by name, `account:function:name` or ARN, each with or without a qualifier. */
  functionArn: (text, where) => [functionArn(text, where, true)],
  functionArnAlone: (text, where) => [functionArn(text, where, false)],

  /** A branch as Git's reference; CodeCommit takes names and references. */
  branchRef: (text) => [text.startsWith('refs/') ? text : `refs/heads/${text}`],
  /** The name of a table in its ARN. */
  tableName: (text) => [/:table\/([^/]+)/.exec(text)?.[1] ?? text],
  /** A state machine without the version or alias that a caller may name with it. */
  machineOf: (text) => [/^((?:[^:]*:){5}stateMachine:[^:]+)/.exec(text)?.[1] ?? text],
  /** The version or alias behind a state machine's ARN. */
  machineQualifier: (text) => {
    const qualifier = /^(?:[^:]*:){5}stateMachine:[^:]+:(.+)$/.exec(text)?.[1]
    return qualifier === undefined ? [] : [qualifier]
  },
  /** The prefix of a rule's name: its bus, by name or ARN, unless it is the default bus. */
  busPath: (text) => {
    // names of partners' buses have slashes themselves
    const bus = parseArn(text)?.resource.replace(/^event-bus\//, '') ?? text
    return readingsOf(bus, 'events:event-bus/').map((name) =>
      name === '' || name === 'default' ? '' : `${name}/`,
    )
  },
  /** The sources and detail types that an EventBridge rule's pattern requires. */
  patternSource: (text) => patternTexts(text, 'source'),
  patternDetailType: (text) => patternTexts(text, 'detail-type'),
  /** A switch as a condition writes it. */
  switched: (text) => [text === 'ENABLED' ? 'true' : 'false'],
  /** The scopes in AWS WAF's ARNs. */
  wafScope: (text) => [text === 'CLOUDFRONT' ? 'global' : text.toLowerCase()],
  /** The kinds in the ARNs of load balancers. */
  balancerKind: (text) => [text === 'network' ? 'net' : text === 'gateway' ? 'gwy' : 'app'],
  /** A DNS name as Route 53 compares it. */
  recordName: (text) => [text.toLowerCase().replace(/\.$/, '')],
  /** The address in `Name <address>`, and the name. */
  address: (text) => [/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text],
  displayName: (text) => {
    const bracket = text.indexOf('<')
    if (bracket < 0 || !/^<[^<>]*>\s*$/.test(text.slice(bracket))) return []
    const name = text.slice(0, bracket).trim().replace(/^"|"$/g, '')
    return name === '' || name.includes('"') ? [] : [name]
  },

  tableArn: (text, where) => [tableArn(text, where)],
  /** The table, or the index, that a PartiQL statement is about. */
  partiqlTable: (text) => [partiqlTable(text)],

  /** A key by its id becomes `key/id`, by an alias `alias/name`. */
  key: (text) => [parseArn(text) !== undefined || text.startsWith('alias/') ? text : `key/${text}`],
  /** The alias by which a key is named, if it is. */
  alias: (text) => {
    const alias = parseArn(text)?.resource ?? text
    return alias.startsWith('alias/') ? [alias] : []
  },
  /** The key's id at the beginning of a ciphertext, if the upstream writes it there (behaviour GRD-17). */
  ciphertextKey: (text) => {
    const head = Buffer.from(text.slice(0, 64), 'base64').toString('latin1')
    const id = /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/.exec(head)?.[0]
    return id === undefined ? [] : [id]
  },
  /** A multi-Region key is made as the primary one. */
  madeKeyType: (text) => (text === 'true' ? ['PRIMARY'] : []),
  /** A time in seconds since 1970, in the form that conditions compare; any other text unchanged. */
  time: (text) => {
    const seconds = /^\d{1,11}(?:\.\d*)?$/.test(text) ? Number(text) : Number.NaN
    return [Number.isNaN(seconds) ? text : new Date(seconds * 1_000).toISOString()]
  },
  /** A secret by its name: its ARN ends in six characters that only Secrets Manager knows (behaviour GRD-18). */
  secret: (text) => [parseArn(text) === undefined ? `${text}-??????` : text],

  /** A Systems Manager path follows `parameter/` without its own slash. */
  parameter: (text) => [text.replace(/^\//, '')],
  /** A parameter's name without the version or label that a reader may add. */
  parameterName: (text) => {
    const arn = /^(arn:(?:[^:]*:){4}[^:]*)/.exec(text)?.[1]
    return [parseArn(text) === undefined ? text.replace(/^\//, '').split(':', 1)[0]! : (arn ?? text)]
  },
  parameterPath: (text) => [withoutSlashes(text).replace(/^\//, '')],

  /** The secret that a parameter refers to; nothing if it refers to none. */
  referencedSecret: (text) => {
    const name = /(?:^|[/:])aws\/reference\/secretsmanager\/(.+)$/.exec(text)?.[1]
    return name === undefined ? [] : [`${name.split(':', 1)[0]}-??????`]
  },
  /** Bucket and key in a URL of S3. */
  objectOfUrl: (text) => [objectOfUrl(text)],

  /** A log group by name or ARN. */
  logGroup: (text) => {
    const name = /^log-group:(.+?)(?::\*)?$/.exec(parseArn(text)?.resource ?? '')?.[1] ?? text
    // no name has a colon, and some endpoints read what follows one
    if (name.includes(':')) throw new Unreadable('What should name a log group cannot be read')
    return [name]
  },
  /** The owner of a Systems Manager document: AWS's own have none. */
  documentAccount: (text, { account }) => [/^(?:AWS|Amazon)[A-Za-z0-9]*-/.test(text) ? '' : account],
  /** A task definition without a revision is the newest, whichever that is. */
  taskDefinition: (text) => [parseArn(text) === undefined && !text.includes(':') ? `${text}:*` : text],
  /** The service in the ARN of its deployment or revision: `service-deployment/cluster/service/id`. */
  ecsService: (text) => {
    const parts = /^((?:[^:]*:){5})service-(?:deployment|revision)\/([^/]+\/[^/]+)\/[^/]+$/.exec(text)
    return parts === null ? [] : [`${parts[1]}service/${parts[2]}`]
  },
  /** A fleet of Amazon GameLift follows its kind, which its id shows. */
  gameFleet: (text) => [
    parseArn(text) === undefined
      ? `${text.startsWith('containerfleet-') ? 'containerfleet' : 'fleet'}/${text}`
      : text,
  ],
  /** A browser or an interpreter of Bedrock AgentCore: AWS's own, or one of the account's. */
  agentBrowser: (text, where) => [agentTool(text, 'browser', where)],
  agentInterpreter: (text, where) => [agentTool(text, 'code-interpreter', where)],
  /** The registry in a schema's ARN. */
  glueRegistry: (text) => [parseArn(text)?.resource.split('/')[1] ?? ''],
  /** The project in a build's id or ARN. */
  projectOf: (text) => {
    const id = parseArn(text)?.resource ?? text
    return [id.slice(id.lastIndexOf('/') + 1).split(':', 1)[0]!]
  },
  /** A foundation model by id is AWS's own. */
  modelArn: (text, { partition, region }) => [
    parseArn(text) === undefined ? `arn:${partition}:bedrock:${region}::foundation-model/${text}` : text,
  ],
} satisfies Readonly<Record<string, (text: string, where: Place) => readonly string[]>>

/** The name of one of them. */
export type TextFunction = keyof typeof textFunctions

/** The values that a pattern lists for a member: texts, and other tests as they are written, which no policy names. */
function patternTexts(pattern: string, member: string): readonly string[] {
  let value: unknown
  try {
    value = JSON.parse(pattern)
  } catch {
    return []
  }
  return partsAt(value, [member, eachStep]).map((each) =>
    typeof each === 'string' ? each : JSON.stringify(each),
  )
}

function withoutSlashes(text: string): string {
  let end = text.length
  while (text[end - 1] === '/') end--
  return text.slice(0, end)
}

function bucketArn(text: string, { partition }: Place): string {
  return isAccessPoint(parseArn(text)) ? text : `arn:${partition}:s3:::${text}`
}

function objectsOf(text: string, { partition }: Place): string {
  return isAccessPoint(parseArn(text)) ? `${text}/object` : `arn:${partition}:s3:::${text}`
}

function isAccessPoint(arn: ArnParts | undefined): boolean {
  return arn?.service.startsWith('s3') === true && arn.resource.startsWith('accesspoint')
}

/** The bucket and key in a URL. @throws Unreadable if it names no object, or two readers could find two in it (behaviour GRD-22) */
export function objectOfUrl(text: string): string {
  // parsers drop blanks at the ends and control characters
  const isWhole = text === text.trim() && !/[\x00-\x1f\x7f]/.test(text)
  const url = isWhole && URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url?.protocol === 's3:'
  const path = url && decodePercent(url.pathname)
  const { bucket } = isPlain ? { bucket: url.host } : (s3Host(url?.host ?? '', ['localhost']) ?? {})
  const [, inPath = '', rest = ''] = /^\/([^/]+)\/(.+)$/s.exec(path ?? '') ?? []
  const object = bucket === undefined ? `${inPath}/${rest}` : `${bucket}${path}`
  // URLs resolve dots, and readers of s3: find a key with a question mark
  const isUnclear = hasDots(text.replace(/[?#].*/, '')) || (isPlain && /[?#]/.test(text))
  if (path === undefined || isUnclear || !/^[^/]+\/[^/]/.test(object))
    throw new Unreadable('What should be the URL of an object cannot be read')
  return object
}

/** @throws Unreadable if two readers could find two objects in it (behaviour GRD-22) */
function sourceParts(text: string): { readonly bucket: string; readonly key: string } {
  const raw = text.replace(/\?versionId=[\w.+/=-]{0,1024}$/, '')
  const path = decodePercent(raw)
  if (path === undefined || !/^[\x20-\x7e]+$/.test(raw) || /[?#\\]/.test(raw) || /\0|\?versionId=/.test(path))
    throw new Unreadable('x-amz-copy-source cannot be read')
  const bare = path.startsWith('/') ? path.slice(1) : path
  const point = /^(arn:[^:]+:s3[\w-]*:[^:]*:\d*:accesspoint\/[^/]+)\/object\/([\s\S]*)$/.exec(bare)
  const slash = bare.indexOf('/')
  const parts =
    point === null
      ? { bucket: bare.slice(0, Math.max(slash, 0)), key: bare.slice(slash + 1) }
      : { bucket: point[1]!, key: point[2]! }
  if (!isBucket(parts.bucket) || parts.key === '' || hasDots(`/${parts.key}`))
    throw new Unreadable('x-amz-copy-source names no object')
  return parts
}

function tableArn(text: string, { partition, region, account }: Place): string {
  const arn = parseArn(text)
  return arn === undefined
    ? `arn:${partition}:dynamodb:${region}:${account}:table/${text}`
    : `arn:${arn.partition}:${arn.service}:${arn.region || region}:${arn.account || account}:${arn.resource}`
}

function functionArn(text: string, { partition, region, account }: Place, qualified: boolean): string {
  const arn = parseArn(text)
  const [, owner, partial] = /^(\d{12}):(?:function:)?(.+)$/.exec(text) ?? []
  const named = arn === undefined ? (partial ?? text) : arn.resource
  const [name = '', qualifier, ...more] = named.replace(/^function:/, '').split(':')
  if (more.length > 0 || named.includes('/'))
    throw new Unreadable('What should name a function cannot be read')
  const place =
    arn === undefined
      ? `arn:${partition}:lambda:${region}:${owner ?? account}`
      : `arn:${arn.partition}:${arn.service}:${arn.region || region}:${arn.account || account}`
  return `${place}:function:${name}${qualified && qualifier !== undefined ? `:${qualifier}` : ''}`
}
