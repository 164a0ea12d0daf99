import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { type Graph, isOutsider, type Start, withClaims } from '../../graph/index.ts'
import { badConfiguration, badSyntax } from '../failure.ts'
import { messageOf } from '../home.ts'
import { startNamed } from './names.ts'

/** The claims of a start's token. */
export interface ClaimOptions {
  readonly claims?: string
  readonly claim?: Readonly<Record<string, readonly string[]>>
}

/** The most characters of a file of claims. */
const mostCharacters = 1_000_000

/** Adds the options for what the token of a start says. */
export function addClaimOptions(command: Command): Command {
  return command
    .option(
      '--claims <file>',
      'what the token of the start says: its claims as JSON, or the token itself, which is not verified',
    )
    .option(
      '--claim <name=value>',
      'one claim of the token of the start; others are left open; repeated for several',
      (text: string, before: Readonly<Record<string, readonly string[]>> = {}) => {
        const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
        if (name === undefined || value === undefined) throw badSyntax('--claim must be NAME=VALUE')
        return { ...before, [name]: [...(before[name] ?? []), value] }
      },
    )
}

/** The start of a name, with what its token says. @throws CommandFailure if there is none, or it has no token */
export function startWithClaims(graph: Graph, name: string, { claims: file, claim }: ClaimOptions): Start {
  const start = startNamed(graph, name)
  if (file === undefined && claim === undefined) return start
  if (!isOutsider(start) || start.is !== 'federated')
    throw badConfiguration(`${name} has no token: --claim and --claims go with federated:ISSUER`)
  const given = file === undefined ? {} : claimsIn(file)
  try {
    return withClaims(start, { ...given, ...claim }, file !== undefined)
  } catch (error) {
    throw badConfiguration(messageOf(error))
  }
}

function claimsIn(file: string): Readonly<Record<string, unknown>> {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw badConfiguration(`${file} cannot be read: ${messageOf(error)}`)
  }
  if (text.length > mostCharacters) throw badConfiguration(`${file} is too long for claims`)
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(text) ?? []
  try {
    const value: unknown = JSON.parse(
      payload === undefined ? text : Buffer.from(payload, 'base64url').toString(),
    )
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>> // an object's members
  } catch {
    // said below
  }
  throw badConfiguration(`${file} has no claims: an object in JSON, or a token`)
}
