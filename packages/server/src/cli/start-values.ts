import type { FunctionConfinement } from '../authorization/index.ts'
import {
  type AccountId,
  type Mode,
  modes,
  type Partition,
  parseAccountId,
  parsePartition,
  partitions,
} from '../base/index.ts'
import type { PlainKey } from '../gate/index.ts'
import { didYouMean } from './environment.ts'
import { badConfiguration, badSyntax, CommandFailure, exitCodes } from './failure.ts'
import { messageOf } from './home.ts'
import type { NodeFlags } from './node-options.ts'
import type { PlaceOptions } from './place.ts'
import { parseSize } from './size.ts'
import type { TlsFlags } from './tls-terms.ts'
import type { UpstreamFlags } from './upstream.ts'

/** The options of `omen start` and `omen guard`. */
export interface StartOptions extends PlaceOptions, UpstreamFlags, TlsFlags, NodeFlags {
  readonly host: string
  readonly port: string
  readonly mode: string
  readonly account?: string
  /** Keys of admin, `ID:SECRET` each. */
  readonly key?: readonly string[]
  readonly partition?: string
  readonly quotas?: string
  readonly seed?: string
  readonly trailFolder?: string
  readonly authorizationIds?: boolean
  readonly refuseNewAdminPaths?: boolean
  readonly runFunctions: FunctionConfinement
  readonly testClock?: boolean
  readonly trailEndpoint?: string
  readonly retentionDays: string
  readonly retentionSize?: string
}

/** Events go some thousands at a time: of less than this hardly any would be left. */
const smallestRetention = 10_000_000

export const defaultAccount = '123456789012'

/** Returns keys `ID:SECRET` of a command line. @throws CommandFailure if one is none; it names no secret */
export function parseFixedKeys(texts: readonly string[]): readonly PlainKey[] {
  return texts.map((text) => {
    const [, accessKeyId, secretAccessKey] = /^(\w{1,128}):([!-~]{1,128})$/.exec(text) ?? []
    if (accessKeyId === undefined || secretAccessKey === undefined || accessKeyId.startsWith('ASIA'))
      throw badSyntax('--key takes ID:SECRET; the id has letters and digits, and does not begin with ASIA')
    return { accessKeyId, secretAccessKey }
  })
}

/** @throws CommandFailure if it is no mode, as the others throw for what they read */
export function parseMode(text: string): Mode {
  const mode = modes.find((each) => each === text)
  if (mode === undefined)
    throw badSyntax(`unknown mode ${text}${didYouMean(text, modes) || '.'} Modes: ${modes.join(', ')}`)
  return mode
}

export function parsePartitionOption(text: string | undefined): Partition | undefined {
  if (text === undefined) return undefined
  const partition = parsePartition(text)
  if (partition === undefined)
    throw badSyntax(
      `unknown partition ${text}${didYouMean(text, partitions) || '.'} Partitions: ${partitions.join(', ')}`,
    )
  return partition
}

export function parseDays(text: string): number {
  const days = Number(text)
  if (!/^\d{1,5}$/.test(text) || days < 1)
    throw badSyntax(`--retention-days takes a number from 1, not ${text}`)
  return days
}

/** Bytes. */
export function parseRetention(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const bytes = parseSize(text)
  if (bytes === undefined || bytes < smallestRetention)
    throw badSyntax(`--retention-size takes a size from 10MB, such as 500MB or 2GiB, not ${text}`)
  return bytes
}

/** @param kept the account of the home @throws CommandFailure if the two differ */
export function parseAccount(given: string | undefined, kept: string | undefined): AccountId {
  if (given !== undefined && kept !== undefined && given !== kept) {
    throw badConfiguration(`this home belongs to account ${kept}, not ${given}: choose another --home`)
  }
  const account = parseAccountId(given ?? kept ?? defaultAccount)
  if (account === undefined) throw badSyntax(`--account takes twelve digits, not ${given}`)
  return account
}

/** The failure of a port that cannot be opened. */
export function cannotListen(error: unknown, host: string, port: number): CommandFailure {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const why = code === 'EADDRINUSE' ? 'the port is in use' : messageOf(error)
  return new CommandFailure(`cannot listen on ${host}:${port}: ${why}`, exitCodes.other)
}
