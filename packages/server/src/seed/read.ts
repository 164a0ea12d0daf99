import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type JsonNode, Lines } from '@omen-iam/policy'
import type { Partition } from '../base/index.ts'
import { type Image, ImageReader, IntakeProblem, isTemplateSource } from '../intake/index.ts'
import { checkShape, nodeAt, plainValue } from '../shape/index.ts'
import { parseSource, readPolicySources, readTree } from '../sources/index.ts'
import { SeedProblem } from './problem.ts'
import type { Seed } from './seed.ts'
import { seedShape } from './shape.ts'

/** A path of names and indexes to a value of a seed. */
export type SeedPath = readonly (string | number)[]

/** A seed that has been read and has the right shape. */
export interface ReadSeed {
  readonly seed: Seed
  /** The text of the document of a file that the seed names. @throws SeedProblem */
  document(file: string, at: SeedPath): string
  /** Where the value at a path is written. */
  place(at: SeedPath): { readonly line: number; readonly column: number }
  /** A problem with the value at a path. */
  problem(at: SeedPath, message: string): SeedProblem
}

/** The first account of the server that a seed is for. */
export interface SeedServer {
  readonly account: string
  readonly partition?: Partition
}

/** The beginning of a server besides seeds: the content of account dumps, templates and Terraform plans. */
export interface ReadAccounts {
  readonly image: Image
}

/**
 * Reads files in JSON and YAML: seeds, and everything that `omen import` reads. The latter are read together: parts of
 * one dump, stacks that import each other's exports. Templates and answers without an account belong to the server's
 * account. @throws SeedProblem with the line and column of the mistake
 */
export function readSeedFiles(
  files: readonly string[],
  server: SeedServer,
): readonly (ReadSeed | ReadAccounts)[] {
  const seeds: ReadSeed[] = []
  const reader = new ImageReader(server)
  let hasAccounts = false
  for (const file of files) {
    const text = textOf(file)
    if (!isOfAccounts(text, file)) seeds.push(parseSeed(text, file))
    else {
      hasAccounts = true
      asProblem(() => reader.read({ name: file, text }))
    }
  }
  return hasAccounts ? [...seeds, { image: asProblem(() => reader.image()) }] : seeds
}

/**
 * Returns whether a file is a template, or contains answers of AWS: their members begin with capitals, those of seeds
 * do not.
 */
function isOfAccounts(text: string, file: string): boolean {
  const root = parseSource(text, file)
  if (root.type === 'list') return true
  return (
    root.type === 'object' &&
    (isTemplateSource(root) || root.members.some(({ key }) => /^[A-Z]/.test(key.value)))
  )
}

function asProblem<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof IntakeProblem ? new SeedProblem(error.message) : error
  }
}

/** Reads a seed file, JSON or YAML. @throws SeedProblem with its line and column */
export function readSeedFile(file: string): ReadSeed {
  return parseSeed(textOf(file), file)
}

/** Takes a seed from a program. Files that it names are relative to `folder`. @throws SeedProblem with the path in the seed */
export function readSeedObject(seed: Seed, folder: string): ReadSeed {
  const text = JSON.stringify(seed)
  const root = treeOf(text, 'seed.json')
  const [problem] = checkShape(root, seedShape)
  if (problem !== undefined) throw new SeedProblem(`seed: ${problem.message}`)
  return {
    seed,
    document: (name, at) => documentOf(name, folder, (message) => inSeed(at, message)),
    place: () => ({ line: 1, column: 1 }),
    problem: inSeed,
  }
}

function inSeed(path: SeedPath, message: string): SeedProblem {
  return new SeedProblem(`seed: ${path.join('.')}: ${message}`)
}

function parseSeed(text: string, file: string): ReadSeed {
  const root = treeOf(text, file)
  const lines = new Lines(text)
  const place = (start: number) => {
    const { line, column } = lines.position(start)
    return `${file}:${line}:${column}`
  }
  const problems = checkShape(root, seedShape)
  if (problems.length > 0)
    throw new SeedProblem(problems.map(({ message, start }) => `${place(start)}: ${message}`).join('\n'))
  const problem = (at: SeedPath, message: string) =>
    new SeedProblem(`${place(nodeAt(root, at).start)}: ${at.join('.')}: ${message}`)
  return {
    seed: plainValue(root) as Seed, // its shape has just been checked
    document: (name, at) => documentOf(name, dirname(file), (message) => problem(at, message)),
    place: (at) => lines.position(nodeAt(root, at).start),
    problem,
  }
}

function treeOf(text: string, file: string): JsonNode {
  const root = readTree(text, file)
  if (root.type !== 'problem') return root
  const { line, column } = new Lines(text).position(root.start)
  throw new SeedProblem(`${file}:${line}:${column}: ${root.message}`)
}

function documentOf(name: string, folder: string, problem: (message: string) => SeedProblem): string {
  const file = resolve(folder, name)
  let text: string
  try {
    text = readFileSync(file, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    throw problem(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  const read = readPolicySources(text, { file })
  if (read.form === 'unreadable') {
    const { line, column } = read.span.start
    throw problem(`${name}:${line}:${column}: ${read.message}`)
  }
  const [policy] = read.form === 'policy' ? read.policies : []
  if (policy === undefined) throw problem(`${name} is no policy document`)
  return policy.text
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    throw new SeedProblem(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
