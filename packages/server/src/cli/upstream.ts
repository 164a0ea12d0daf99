import { setFlagsFromString } from 'node:v8'
import { type Command, Option } from 'commander'
import { guardDependents } from '../authorization/catalogue/index.ts'
import { isResetPath, ownHeap, passingHeap } from '../base/index.ts'
import type { UpstreamOptions } from '../guard/index.ts'
import { badSyntax } from './failure.ts'
import { messageOf } from './home.ts'

/** The command line's options about the upstream. */
export interface UpstreamFlags {
  readonly upstream?: string
  readonly forward?: string
  readonly upstreamKey?: string
  readonly upstreamAccountKey?: boolean
  readonly allowUnchecked?: string
  readonly pass?: string
  /** False if `--no-sigv2` is given. */
  readonly sigv2?: boolean
  /** False if `--no-shared-iam` is given. */
  readonly sharedIam?: boolean
  readonly sync?: boolean
}

/** Adds the options that put the server in front of another endpoint. */
export function addUpstreamOptions(command: Command): Command {
  return command
    .optionsGroup('Guard:')
    .addOption(
      new Option(
        '--upstream <url>',
        'another AWS-compatible endpoint, which gets the authorized calls that Omen does not serve',
      ).env('OMEN_UPSTREAM'),
    )
    .addOption(
      new Option(
        '--forward <services>',
        'services that Omen serves itself but forwards, for example ec2,lambda',
      ).env('OMEN_FORWARD'),
    )
    .addOption(
      new Option(
        '--upstream-key <id:secret>',
        'the key that signs calls to the upstream (default: test:test)',
      ).env('OMEN_UPSTREAM_KEY'),
    )
    .option(
      '--upstream-account-key',
      'use the caller’s account number as the access key, by which emulators distinguish accounts',
    )
    .addOption(
      new Option(
        '--pass <paths>',
        'further paths by which the upstream is emptied, for example /_emulator/reset: root and admin may POST to them',
      ).env('OMEN_PASS'),
    )
    .option('--no-sigv2', 'refuse S3’s signatures of version 2, as boto3 makes presigned URLs by default')
    .option('--no-shared-iam', 'do not copy users, roles and policies to the upstream')
    .option(
      '--sync',
      'take over what only the upstream’s IAM has; callers with direct access to the upstream can then grant permissions in Omen',
    )
    .addOption(
      new Option(
        '--allow-unchecked <services>',
        'services that may act on other services without a check of those permissions: cloudformation, …, or all',
      ).env('OMEN_ALLOW_UNCHECKED'),
    )
}

/**
 * Makes V8 weigh the bytes of passing bodies together with its own heap. By default it sweeps the whole heap for every
 * 32 MB of them, which took a third of the guard's time on large objects. A V8 without this flag ignores it.
 */
export function tuneForBodies(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit')
  ownHeap(passingHeap)
}

/** The requested upstream; undefined if there is none. @throws CommandFailure if the options contradict each other */
export function upstreamOf(flags: UpstreamFlags): UpstreamOptions | undefined {
  const { upstream: url, upstreamKey: key, upstreamAccountKey: accountKey, allowUnchecked } = flags
  if (url === undefined) {
    const useless = Object.entries({
      '--forward': flags.forward,
      '--upstream-key': key,
      '--upstream-account-key': accountKey,
      '--allow-unchecked': allowUnchecked,
      '--pass': flags.pass,
      '--sync': flags.sync,
    })
    for (const [option, value] of useless)
      if (value !== undefined) throw badSyntax(`${option} needs --upstream`)
    return undefined
  }
  checkEndpoint(url)
  const colon = key?.indexOf(':') ?? -1
  if (key !== undefined && (colon < 1 || colon === key.length - 1))
    throw badSyntax('--upstream-key takes an access key id and its secret, with a colon between')
  return {
    url,
    ...(key === undefined ? {} : { accessKeyId: key.slice(0, colon), secretAccessKey: key.slice(colon + 1) }),
    ...(accountKey === undefined ? {} : { accountKey }),
    ...(allowUnchecked === undefined ? {} : { unchecked: uncheckedOf(allowUnchecked) }),
    ...(flags.pass === undefined ? {} : { passes: passesOf(flags.pass) }),
    ...(flags.sigv2 === false ? { sigv2: false } : {}),
    ...(flags.sharedIam === false ? { sharedIam: false } : {}),
    ...(flags.sync === true ? { sync: true } : {}),
  }
}

/** @throws CommandFailure if one cannot be the path of a reset */
function passesOf(paths: string): readonly string[] {
  const given = namesIn(paths)
  for (const path of given)
    if (!isResetPath(path)) throw badSyntax(`--pass takes paths such as /_emulator/reset, not ${path}`)
  return given
}

/** Which of these services are forwarded. @throws CommandFailure if one is unknown */
export function forwardedOf({ forward }: UpstreamFlags, served: readonly string[]): ReadonlySet<string> {
  const named = namesIn(forward ?? '')
  for (const name of named) {
    if (name === 'iam' || name === 'sts')
      throw badSyntax(`--forward cannot send ${name} away: who calls, and what they may do, is decided here`)
    if (!served.includes(name)) throw badSyntax(`--forward knows ${served.join(', ')}, not ${name}`)
  }
  return new Set(named)
}

/** Services that may act unchecked. @throws CommandFailure if one is not such a service */
function uncheckedOf(list: string): readonly string[] {
  const names = namesIn(list)
  const services = [...Object.keys(guardDependents().acting), 'all']
  for (const name of names)
    if (!services.includes(name))
      throw badSyntax(`--allow-unchecked knows ${services.join(', ')}, not ${name}`)
  return names
}

function namesIn(list: string): readonly string[] {
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

function checkEndpoint(text: string): void {
  try {
    const { protocol, pathname, search, hash } = new URL(text)
    if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError('it takes http:// or https://')
    if (pathname !== '/' || search !== '' || hash !== '') throw new TypeError('it takes no path')
  } catch (error) {
    throw badSyntax(`--upstream ${text}: ${messageOf(error)}`)
  }
}
