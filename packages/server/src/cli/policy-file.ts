import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { guessKind, type Policy, type PolicyKind, parsePolicy, policyKinds } from '@omen-iam/policy'
import { Option } from 'commander'
import { badSyntax } from './failure.ts'
import { messageOf } from './home.ts'
import { textOfFile } from './text-file.ts'

/** A file that holds a policy document. */
export interface PolicyFile {
  /** As it was given; `-` is standard input. */
  readonly name: string
  readonly text: string
}

/** The kind of policies, as a command gets it. */
export function kindOption(): Option {
  return new Option(
    '--kind <kind>',
    'what the document is used as; guessed from its contents if absent',
  ).choices(policyKinds)
}

export function kindOf(file: PolicyFile, kind: PolicyKind | undefined): PolicyKind {
  return kind ?? guessKind(file.text)
}

/** The files, and the JSON files in the folders. @throws CommandFailure if one cannot be read */
export function readPolicyFiles(paths: readonly string[]): readonly PolicyFile[] {
  return paths.flatMap(filesOf).map(readPolicyFile)
}

/** @throws CommandFailure if it cannot be read */
export function readPolicyFile(name: string): PolicyFile {
  try {
    return { name, text: textOfFile(readFileSync(name === '-' ? 0 : name)) }
  } catch (error) {
    throw badSyntax(`${name}: ${messageOf(error)}`)
  }
}

/** A policy for analysis. @throws CommandFailure with AWS's text if it is not a policy */
export function parsedPolicy({ name, text }: PolicyFile, kind: PolicyKind): Policy {
  const parsed = parsePolicy(text, kind)
  if (parsed.ok) return parsed.policy
  const [first] = parsed.findings
  const where = first === undefined ? '' : `:${first.span.start.line}:${first.span.start.column}`
  throw badSyntax(`${name}${where}: ${first?.message ?? parsed.message}`)
}

function filesOf(path: string): readonly string[] {
  if (path === '-') return [path]
  try {
    if (!statSync(path).isDirectory()) return [path]
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .sort()
    if (files.length === 0) throw badSyntax(`${path} holds no JSON files`)
    return files.map((name) => join(path, name))
  } catch (error) {
    throw error instanceof Error && 'exitCode' in error ? error : badSyntax(`${path}: ${messageOf(error)}`)
  }
}
