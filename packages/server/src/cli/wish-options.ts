import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { type Command, Option } from 'commander'
import type { Tag, Wish } from './become.ts'
import { parseDuration } from './duration.ts'
import { badConfiguration, badSyntax } from './failure.ts'
import { messageOf, type RunningServer } from './home.ts'

/** The options of every command that puts roles on. */
export interface WishOptions {
  readonly session?: string
  readonly duration?: string
  readonly sessionPolicy?: string
  readonly scope?: string
  readonly tag?: readonly string[]
  readonly transitive?: readonly string[]
  readonly externalId?: string
  readonly mfa?: string
  readonly sourceIdentity?: string
}

/** Gives a command the options with which roles are put on. */
export function withWishOptions(command: Command): Command {
  return command
    .addOption(new Option('--session <name>', 'the session name (default: the name of the caller)'))
    .addOption(
      new Option('--duration <time>', 'the duration of the session: seconds, or for example 90m or 12h'),
    )
    .addOption(new Option('--session-policy <file>', 'a session policy for the last role'))
    .addOption(
      new Option('--scope <file>', 'a policy that the credentials are limited to, such as that of an agent'),
    )
    .addOption(new Option('--tag <key=value>', 'a session tag; may be repeated').argParser(collect))
    .addOption(
      new Option(
        '--transitive <key>',
        'the key of a tag that is transitive: it is kept through the chain',
      ).argParser(collect),
    )
    .addOption(new Option('--external-id <id>', 'the external ID that the trust policy requires'))
    .addOption(
      new Option(
        '--mfa <serial[:code]>',
        'the MFA device and its code; without the code, the command asks for it',
      ),
    )
    .addOption(new Option('--source-identity <name>', 'the source identity, which is kept through the chain'))
}

/** The values of the options. @throws CommandFailure if one cannot be read */
export async function wishOf(
  roles: readonly string[],
  options: WishOptions,
  server: RunningServer,
): Promise<Wish> {
  const tags = (options.tag ?? []).map(parseTag)
  const transitiveTagKeys = options.transitive ?? []
  for (const key of transitiveTagKeys)
    if (!tags.some((tag) => tag.Key === key))
      throw badSyntax(`--transitive ${key} is not one of the tags: --tag ${key}=…`)
  return {
    roles,
    tags,
    transitiveTagKeys,
    ...(options.session === undefined ? {} : { sessionName: options.session }),
    ...(options.duration === undefined ? {} : { durationSeconds: parseDuration(options.duration) }),
    ...(options.sessionPolicy === undefined ? {} : { sessionPolicy: readText(options.sessionPolicy) }),
    ...(options.scope === undefined ? {} : { scope: readText(options.scope) }),
    ...(options.externalId === undefined ? {} : { externalId: options.externalId }),
    ...(options.sourceIdentity === undefined ? {} : { sourceIdentity: options.sourceIdentity }),
    ...(options.mfa === undefined ? {} : { mfa: await mfaOf(options.mfa, server) }),
  }
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function parseTag(text: string): Tag {
  const equals = text.indexOf('=')
  if (equals < 1) throw badSyntax(`--tag takes key=value, not ${text}`)
  return { Key: text.slice(0, equals), Value: text.slice(equals + 1) }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw badConfiguration(`${file} cannot be read: ${messageOf(error)}`)
  }
}

/** A device by its ARN, or by the name of a virtual one of the first account; with or without a code. */
async function mfaOf(text: string, server: RunningServer) {
  const match = /^(.+?)(?::(\d{6}))?$/.exec(text)
  if (match?.[1] === undefined) throw badSyntax('--mfa takes a serial number, and perhaps :code')
  const device = match[1]
  const plain = /^[\w+=,.@/-]+$/.test(device) && !/^[A-Z]{4}\d{8}$/.test(device)
  const serial = plain ? `arn:${server.partition ?? 'aws'}:iam::${server.account}:mfa/${device}` : device
  return { serial, code: match[2] ?? (await askForCode(device)) }
}

async function askForCode(device: string): Promise<string> {
  if (!process.stdin.isTTY) throw badSyntax(`give the code with the device: --mfa ${device}:123456`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const code = (await terminal.question(`MFA code of ${device}: `)).trim()
    if (!/^\d{6}$/.test(code)) throw badSyntax('an MFA code has six digits')
    return code
  } finally {
    terminal.close()
  }
}
