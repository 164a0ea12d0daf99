import { callServer, type Keys } from '../client.ts'
import { ServiceRefusal } from '../failure.ts'
import type { RunningServer } from '../home.ts'
import { print } from '../output.ts'
import { callQuery, type Input, neededText } from '../query.ts'
import { writeDecision } from '../reason/decision.ts'
import type { DecisionView } from '../reason/view.ts'
import { columnsOf, padded, widthOf, wrapped } from '../width.ts'
import type { Language } from '../words/language.ts'
import { shortText } from '../words/short-tour.ts'
import { tourText } from '../words/tour.ts'
import { allow, allowPassing, trust } from './policies.ts'
import { commandLines } from './terminal.ts'

/** The server that a short story is played on: in memory, with its first keys. */
export type ShortServer = Pick<RunningServer, 'url' | 'partition' | 'account' | 'keys'>

/** The cast of the story, once it is set up. */
export interface ShortCast {
  readonly server: ShortServer
  readonly dev: Keys
  readonly language: Language
  readonly stream: NodeJS.WriteStream
}

interface Call {
  readonly service: 'iam' | 'sts'
  readonly operation: string
  readonly input: Input
}

const profile = 'web'

/** Makes a user who may fill instance profiles, and a role that EC2 may wear. */
export async function prepareShort(
  server: ShortServer,
  language: Language,
  stream: NodeJS.WriteStream,
): Promise<ShortCast> {
  const { admin } = server.keys
  const does = (operation: string, input: Input) => callQuery(server, admin, 'iam', operation, input)
  await does('CreateUser', { UserName: 'dev' })
  await does('PutUserPolicy', {
    UserName: 'dev',
    PolicyName: 'instances',
    PolicyDocument: allow('iam:AddRoleToInstanceProfile'),
  })
  const key = await does('CreateAccessKey', { UserName: 'dev' })
  await does('CreateRole', {
    RoleName: profile,
    AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }),
  })
  await does('CreateInstanceProfile', { InstanceProfileName: profile })
  const dev = {
    accessKeyId: neededText(key, 'AccessKey', 'AccessKeyId'),
    secretAccessKey: neededText(key, 'AccessKey', 'SecretAccessKey'),
  }
  return { server, dev, language, stream }
}

const handingOver: Call = {
  service: 'iam',
  operation: 'AddRoleToInstanceProfile',
  input: { InstanceProfileName: profile, RoleName: profile },
}

/** The first denial, and its reason in the words of `omen why`. Returns the id of the decision. */
export async function playDenial(cast: ShortCast): Promise<string> {
  const { server, dev, stream } = cast
  tell(cast, shortText[cast.language].handing)
  await refused(cast, 'dev', dev, handingOver)
  print('\n$ omen why\n', stream)
  const decision = await callServer(server, 'GET', '/_omen/decisions/last', server.keys.root)
  const view = decision as DecisionView // the server's own view
  writeDecision(view, stream, cast.language)
  return view.id ?? ''
}

/** The whole short story, and the table in which it ends. @param pause waits before the scenes behind the first one */
export async function playShort(cast: ShortCast, pause: () => Promise<void>): Promise<void> {
  const { server, dev, language, stream } = cast
  const { admin } = server.keys
  const text = shortText[language]
  const roleArn = (name: string) => `arn:${server.partition ?? 'aws'}:iam::${server.account}:role/${name}`
  await playDenial(cast)
  await pause()
  tell(cast, text.granting)
  const passing = allowPassing(roleArn(profile), 'ec2.amazonaws.com')
  await done(cast, 'admin', admin, put('pass-web', passing))
  await done(cast, 'dev', dev, handingOver)
  await pause()
  tell(cast, text.assuming)
  const assume: Call = {
    service: 'sts',
    operation: 'AssumeRole',
    input: { RoleArn: roleArn('reader'), RoleSessionName: 'morning' },
  }
  await done(cast, 'admin', admin, {
    service: 'iam',
    operation: 'CreateRole',
    input: { RoleName: 'reader', AssumeRolePolicyDocument: trust({ AWS: server.account }) },
  })
  await refused(cast, 'dev', dev, assume)
  await done(cast, 'admin', admin, put('wear', allow('sts:AssumeRole', roleArn('reader'))))
  const session = await done(cast, 'dev', dev, assume)
  const keys = {
    accessKeyId: neededText(session, 'Credentials', 'AccessKeyId'),
    secretAccessKey: neededText(session, 'Credentials', 'SecretAccessKey'),
    sessionToken: neededText(session, 'Credentials', 'SessionToken'),
  }
  tell(cast, text.worn)
  const me = { service: 'sts', operation: 'GetCallerIdentity', input: {} } as const
  const identity = await done(cast, 'dev wearing reader', keys, me)
  print(`    ${neededText(identity, 'Arn')}\n`, stream)
  await pause()
  tell(cast, text.end)
  for (const line of tableLines(text.table)) print(`${line}\n`, stream)
}

function put(name: string, document: string): Call {
  const input = { UserName: 'dev', PolicyName: name, PolicyDocument: document }
  return { service: 'iam', operation: 'PutUserPolicy', input }
}

async function done(cast: ShortCast, who: string, keys: Keys, call: Call) {
  const { server, stream } = cast
  writeCall(cast, who, call)
  const result = await callQuery(server, keys, call.service, call.operation, call.input)
  print('    ✓\n', stream)
  return result
}

async function refused(cast: ShortCast, who: string, keys: Keys, call: Call): Promise<void> {
  const { server, stream } = cast
  writeCall(cast, who, call)
  try {
    await callQuery(server, keys, call.service, call.operation, call.input)
  } catch (error) {
    if (!(error instanceof ServiceRefusal)) throw error
    const message = error.message.split('\n')[0]!.replace(/^An error .*? operation: /, `${error.code}: `)
    for (const line of wrapped(`✗ ${message}`, widthOf(stream) - 4)) print(`    ${line}\n`, stream)
    return
  }
  throw new Error(`${call.operation} as ${who} should have been refused`)
}

/** The call as one types it for the AWS CLI. */
function writeCall({ stream, language }: ShortCast, who: string, { service, operation, input }: Call): void {
  const dashed = (name: string) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()
  const options = Object.entries(input).flatMap(([name, value]) => [`--${dashed(name)}`, String(value)])
  const words = ['aws', service, dashed(operation), ...options]
  const name = tourText(who, language)
  const [first = '', ...more] = commandLines(words, columnsOf(name) + 3, widthOf(stream))
  for (const line of [`${name} $ ${first}`, ...more]) print(`${line}\n`, stream)
}

function tell({ stream }: ShortCast, lines: readonly string[]): void {
  print(`\n${lines.map((line) => `  ${line}\n`).join('')}\n`, stream)
}

/** Rows of cells as lines in columns. */
export function tableLines(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => columnsOf(row[column] ?? ''))),
  )
  return rows.map((row) =>
    `  ${row.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  ')}`.trimEnd(),
  )
}
