import { readFileSync, statSync } from 'node:fs'
import { basename, relative, resolve } from 'node:path'
import {
  type LayerName,
  type Policy,
  type PolicyKind,
  type PolicySource,
  parsePolicy,
  type SourceType,
  type Span,
} from '@omen-iam/policy'
import type { Place } from '../../report/index.ts'
import { type WrittenPolicy as FileSource, readPolicySources, sourceLimits } from '../../sources/index.ts'
import type { PolicyReference } from './types.ts'

/** A reference cannot be resolved. The message is for the place of the reference in the case file. */
export class PolicyProblem extends Error {
  override readonly name = 'PolicyProblem'
}

/** The role of a template or plan. */
export interface FileRole {
  readonly identity: readonly PolicySource[]
  readonly trust: PolicySource | undefined
}

const sourceTypes: Readonly<Record<LayerName, SourceType>> = {
  identity: 'user-managed',
  boundary: 'user-managed',
  session: 'session',
  resource: 'resource',
  scp: 'scp',
  rcp: 'rcp',
  endpoint: 'endpoint',
}

/** Policies that cases refer to: each file is read once, each document parsed once for a kind. */
export class PolicyFiles {
  readonly #files = new Map<string, readonly FileSource[]>()
  readonly #parsed = new Map<string, PolicySource>()
  readonly #sources = new Map<Policy, FileSource>()

  /** The absolute names of the files that were read. */
  get names(): readonly string[] {
    return [...this.#files.keys()]
  }

  /** The policies of files that were parsed, for coverage. */
  get policies(): readonly Policy[] {
    return [...this.#sources.keys()]
  }

  /** The policy of a reference. @throws PolicyProblem */
  find(
    reference: PolicyReference,
    folder: string,
    layer: LayerName,
    kind: PolicyKind = layer,
  ): readonly PolicySource[] {
    if (typeof reference !== 'string') return [this.#inline(reference, layer, kind)]
    const { file, id, sources } = this.#referenced(reference, folder)
    const chosen =
      id === undefined
        ? sources
        : sources.filter((source) => isOf(source, id) && (sources.length === 1 || fitsLayer(source, kind)))
    if (chosen.length === 0)
      throw new PolicyProblem(`${file} has no ${kind} policy ${id ?? ''}${named(sources)}`)
    if (id === undefined && chosen.length > 1)
      throw new PolicyProblem(`${file} has ${chosen.length} policies; name one: ${file}#ID${named(sources)}`)
    return chosen.map((source) => this.#parse(source, layer, kind, reference))
  }

  /** A role of a template or plan, with its policies. @throws PolicyProblem */
  role(reference: string, folder: string): FileRole {
    const { file, id, sources } = this.#referenced(reference, folder)
    if (id === undefined) throw new PolicyProblem(`name the role: ${file}#ID${named(sources)}`)
    const sourcesOfRole = sources.filter((source) => isOf(source, id))
    if (sourcesOfRole.length === 0) throw new PolicyProblem(`${file} has no role ${id}${named(sources)}`)
    const trust = sourcesOfRole.find(({ kind }) => kind === 'trust')
    return {
      identity: sourcesOfRole
        .filter(({ kind }) => kind === 'identity')
        .map((source) => this.#parse(source, 'identity', 'identity', reference)),
      trust: trust && this.#parse(trust, 'resource', 'trust', reference),
    }
  }

  /** Where a span of a policy is in the policy's own file; undefined for policies that are written in cases. */
  place(policy: Policy, span: Span): Place | undefined {
    const source = this.#sources.get(policy)
    if (source === undefined) return undefined
    const { start, end } = source.place(span)
    return {
      file: source.file,
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
    }
  }

  #referenced(reference: string, folder: string) {
    const hash = reference.indexOf('#')
    const file = hash === -1 ? reference : reference.slice(0, hash)
    const id = hash === -1 ? undefined : reference.slice(hash + 1)
    return { file, id, sources: this.#read(resolve(folder, file), file) }
  }

  #read(path: string, name: string): readonly FileSource[] {
    const earlier = this.#files.get(path)
    if (earlier !== undefined) return earlier
    const file = relative(process.cwd(), path)
    const read = readPolicySources(textOf(path, name), { file: file.startsWith('..') ? path : file })
    if (read.form === 'unreadable') {
      const { line, column } = read.span.start
      throw new PolicyProblem(`${name}:${line}:${column}: ${read.message}`)
    }
    if (read.form === 'other') throw new PolicyProblem(`${name} holds no policy`)
    this.#files.set(path, read.policies)
    return read.policies
  }

  #inline(document: object, layer: LayerName, kind: PolicyKind): PolicySource {
    const text = JSON.stringify(document, null, 2)
    const key = `${layer}\n${kind}\n${text}`
    const earlier = this.#parsed.get(key)
    if (earlier !== undefined) return earlier
    const made = { policy: parsed(text, kind, 'the document'), source: { type: sourceTypes[layer] } }
    this.#parsed.set(key, made)
    return made
  }

  #parse(source: FileSource, layer: LayerName, kind: PolicyKind, reference: string): PolicySource {
    const { file, owner, property } = source
    const key = `${layer}\n${kind}\n${file}\n${owner?.id}\n${property}`
    const before = this.#parsed.get(key)
    if (before !== undefined) return before
    const policy = parsed(source.text, kind, `${file}${owner === undefined ? '' : `#${owner.id}`}`)
    const name = owner === undefined ? reference : `${reference.replace(/#.*$/, '')}#${owner.id}`
    const id = owner?.id ?? basename(file).replace(/\.[a-z]+$/i, '')
    const made = { policy, source: { type: sourceTypes[layer], name, id } }
    this.#sources.set(policy, source)
    this.#parsed.set(key, made)
    return made
  }
}

/** Lenient: cases may also use documents that AWS would not store. */
function parsed(text: string, kind: PolicyKind, what: string): Policy {
  const read = parsePolicy(text, kind, { lenient: true })
  if (read.ok) return read.policy
  const [first] = read.findings
  throw new PolicyProblem(`${what} is no ${kind} policy: ${first?.message ?? read.message}`)
}

/** Returns whether a policy belongs to the object of an id: a resource, or a role that it is attached to. */
function isOf({ owner, attachedTo }: FileSource, id: string): boolean {
  return owner?.id === id || attachedTo.includes(id)
}

function fitsLayer(source: FileSource, kind: PolicyKind): boolean {
  if (kind === 'boundary' || kind === 'session') return source.kind === 'identity'
  return source.kind === kind || (source.isKindGuessed && kind !== 'trust')
}

function named(sources: readonly FileSource[]): string {
  const ids = [...new Set(sources.flatMap(({ owner }) => (owner === undefined ? [] : [owner.id])))]
  return ids.length === 0 ? '' : `; it has ${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ' …' : ''}`
}

function textOf(path: string, name: string): string {
  try {
    if (statSync(path).size > 4 * sourceLimits.jsonCharacters) throw new Error('it is too large')
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (error) {
    throw new PolicyProblem(
      `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
