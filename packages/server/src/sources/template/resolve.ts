import { type JsonNode, Lines } from '@omen-iam/policy'
import { LimitReached, limits } from '../limits.ts'
import { at, member, membersOf, oneOrMany, textOf } from '../nodes.ts'
import { unknownPart } from '../print.ts'
import { parseSource } from '../tree.ts'
import {
  type AssemblyStack,
  filesOfAssets,
  isAssemblyManifest,
  isAssetManifest,
  isConstructTree,
  stacksOfAssembly,
} from './cdk.ts'
import { checkTemplate } from './check.ts'
import { decidedTemplate } from './decided.ts'
import { Ledger } from './evaluator.ts'
import { lastText, stackName, stackNameIn } from './nested.ts'
import type { Given, TemplateOptions, Text } from './options.ts'
import { asNamed } from './parameters.ts'
import { folderOf, pathWithin, plainPath } from './paths.ts'
import { PlacedLimit, within } from './placed-limit.ts'
import { readerOf } from './reader.ts'
import type {
  DecidedTemplate,
  NestedTemplate,
  ResolvedResource,
  ResolvedTemplates,
  ResolveOptions,
  TemplateFile,
  TemplateMessage,
  TemplateNote,
} from './resolved.ts'
import { brokenRules } from './rules.ts'
import { resourcesOf, Stack } from './stack.ts'
import { givenTags, withStackTags } from './stack-tags.ts'
import { transformed } from './transforms.ts'

/**
 * Evaluates templates that are deployed together, with the stacks that they nest: each knows the exports of the
 * others. Never throws for the content of a file.
 */
export function resolveTemplates(
  files: readonly TemplateFile[],
  options: ResolveOptions = {},
): ResolvedTemplates {
  return new Resolution(files, options).result()
}

/** A stack and its location. */
interface Placed {
  readonly stack: Stack
  /** The template before its transforms. */
  readonly written: JsonNode
  readonly file: string
  readonly lines: Lines
  readonly name: string
  /** The folder that the files which it nests must be in. */
  readonly root: string
  /** Logical ids of the nested stacks on the way to it, the outermost first. */
  readonly path: readonly string[]
}

class Resolution {
  readonly #options: ResolveOptions
  readonly #texts = new Map<string, TemplateFile>()
  readonly #assemblies = new Map<string, AssemblyStack>()
  /** Files of the AWS CDK by their hashes. */
  readonly #assets = new Map<string, string>()
  readonly #unknown = new Map<JsonNode, string>()
  readonly #stacks: Placed[] = []
  /** Stacks that a resource nests, by the stack and the logical id. */
  readonly #nested = new Map<Stack, Map<string, Placed | string>>()
  readonly #resources: ResolvedResource[] = []
  readonly #problems: TemplateMessage[] = []
  readonly #notes: TemplateNote[] = []
  #exports:
    | ReadonlyMap<string, { readonly placed: Placed; readonly output: string; readonly node: JsonNode }>
    | undefined

  constructor(files: readonly TemplateFile[], options: ResolveOptions) {
    this.#options = options
    for (const each of files) this.#texts.set(plainPath(each.file), each)
  }

  result(): ResolvedTemplates {
    const { text, unknownIn } = readerOf(this.#unknown)
    const tops = this.#tops()
    for (const top of tops)
      this.#guarded(top.file, new Lines(top.text), () => this.#addTop(top, tops.length > 1))
    // stacks that are nested are added to the list on the way
    for (let at = 0; at < this.#stacks.length; at++) {
      const placed = this.#stacks[at]
      if (placed !== undefined) this.#guarded(placed.file, placed.lines, () => this.#nestedOf(placed))
    }
    for (const placed of this.#stacks) this.#guarded(placed.file, placed.lines, () => this.#collect(placed))
    const decided = this.#options.decide === true ? this.#decided(unknownIn) : []
    const refused = this.#problems.length > 0
    return {
      decided,
      resources: refused ? [] : this.#resources,
      problems: this.#problems,
      notes: this.#notes,
      unknown: this.#unknown,
      text,
      unknownIn,
    }
  }

  #decided(unknownIn: ResolvedTemplates['unknownIn']): ResolvedTemplates['decided'] {
    const decided: DecidedTemplate[] = []
    for (const { stack, written, file, lines, path } of this.#stacks)
      this.#guarded(file, lines, () => {
        decided.push({ path, root: decidedTemplate(written, stack, unknownIn) })
      })
    return decided
  }

  /** The templates that no other one nests. */
  #tops(): readonly { readonly file: string; readonly text: string; readonly root: JsonNode }[] {
    const read: { readonly file: string; readonly text: string; readonly root: JsonNode }[] = []
    for (const { file, text, root } of this.#texts.values()) {
      const tree = root ?? parseSource(text, file)
      if (tree.type === 'problem') this.#problem(file, new Lines(text), tree.start, tree.message)
      else if (isAssemblyManifest(tree))
        for (const [path, stack] of stacksOfAssembly(tree, file)) this.#assemblies.set(plainPath(path), stack)
      else if (isAssetManifest(tree))
        for (const [hash, path] of filesOfAssets(tree, file)) this.#assets.set(hash, path)
      else if (!isConstructTree(tree)) read.push({ file, text, root: tree })
    }
    const nested = new Set(
      read.flatMap(({ file, root }) =>
        membersOf(member(root, 'Resources')).flatMap(({ value }) => {
          const named = this.#localTemplateOf(value)
          const path =
            named === undefined ? undefined : (named.asset ?? pathWithin(folderOf(file), file, named.path))
          return path === undefined ? [] : [plainPath(path)]
        }),
      ),
    )
    return read.filter(({ file }) => !nested.has(plainPath(file)))
  }

  #addTop({ file, text, root }: Required<TemplateFile>, isOneOfMany: boolean): void {
    const assembly = this.#assemblies.get(plainPath(file))
    const { read: _, stack: asked, parameters, ...given } = this.#options
    const { stack, account, region, parameters: preset } = assembly ?? { parameters: {} }
    const name = (isOneOfMany ? undefined : asked) ?? stack ?? stackName(file)
    const options: TemplateOptions = {
      file,
      stack: name,
      ...(account === undefined ? {} : { account }),
      ...(region === undefined ? {} : { region }),
      ...given,
      parameters: { ...preset, ...parameters },
    }
    this.#add({ file, text, root }, options, folderOf(file), [])
  }

  #add(
    { file, text, root }: Required<TemplateFile>,
    options: TemplateOptions,
    folder: string,
    path: readonly string[],
  ): Placed {
    if (this.#stacks.length >= limits.stacks)
      throw new LimitReached(`There are more than ${limits.stacks} stacks.`)
    const { root: whole, unread } = transformed(root, options)
    checkTemplate(whole, options)
    const stack = new Stack(whole, options, new Ledger(this.#unknown), 'chosen', {
      imported: (name) => this.#imported(name),
      output: (parent, id, output, place) => this.#output(parent, id, output, place),
    })
    const placed = {
      stack,
      written: root,
      file,
      lines: new Lines(text),
      name: options.stack ?? '',
      root: folder,
      path,
    }
    const [broken] = brokenRules(stack)
    if (broken !== undefined) throw new LimitReached(broken.message, broken.node.start)
    this.#stacks.push(placed)
    for (const { node, message, kind } of unread) this.#note(placed, node, message, kind)
    return placed
  }

  /** Reads the stacks that a stack nests. */
  #nestedOf(placed: Placed): void {
    for (const { id, declaration } of resourcesOf(placed.stack))
      if (isNestedStack(declaration)) this.#nestedStack(placed, id, declaration)
  }

  /** The stack that a resource nests, read once; a string says why it cannot be. */
  #nestedStack(parent: Placed, id: string, declaration: JsonNode): Placed | string {
    const known = this.#nested.get(parent.stack) ?? new Map<string, Placed | string>()
    this.#nested.set(parent.stack, known)
    const kept = known.get(id)
    if (kept !== undefined) return kept
    const read = this.#readNested(parent, id, declaration)
    known.set(id, read)
    if (typeof read === 'string') this.#note(parent, declaration, `${id}: ${read}`)
    return read
  }

  #readNested(parent: Placed, id: string, declaration: JsonNode): Placed | string {
    if (parent.path.length >= limits.nestedStacks)
      throw new LimitReached(`Stacks are nested more than ${limits.nestedStacks} deep.`, declaration.start)
    const { options } = parent.stack
    const physicalId = Object.hasOwn(options.physicalIds ?? {}, id) ? options.physicalIds?.[id] : undefined
    const found = this.#templateOf(parent, id, declaration, physicalId)
    if (typeof found === 'string') return found
    const { path, text, physicalIds } = found
    const root = parseSource(text, path)
    if (root.type === 'problem') throw new PlacedLimit(path, new Lines(text), root.message, root.start)
    const parameters: Record<string, Given> = {}
    for (const { key, value } of membersOf(at(declaration, 'Properties', 'Parameters'))) {
      const evaluated = parent.stack.value(value)
      if (evaluated === undefined) continue
      parameters[key.value] =
        evaluated.type === 'list'
          ? evaluated.items.map((item) => parent.stack.textOfValue(item))
          : parent.stack.textOfValue(evaluated)
    }
    const made = `${parent.name}-${id}-${parent.stack.random(id, 'name', 12)}`
    const stack = physicalId === undefined ? made : stackNameIn(physicalId)
    const { physicalIds: _, tags, ...inherited } = options
    const own = givenTags(
      parent.stack.properties(declaration),
      (node) => parent.stack.textOfValue(node).value,
    )
    const given = tags === undefined ? {} : { tags: { ...tags, given: new Map([...tags.given, ...own]) } }
    try {
      const known = physicalIds === undefined ? {} : { physicalIds }
      const inner = {
        ...inherited,
        ...given,
        ...known,
        file: path,
        stack,
        parameters: asNamed(root, parameters),
      }
      return this.#add({ file: path, text, root }, inner, parent.root, [...parent.path, id])
    } catch (error) {
      if (error instanceof LimitReached)
        throw new PlacedLimit(path, new Lines(text), error.message, error.start)
      throw error
    }
  }

  /** The text of a nested template, with what is known of its stack; a text says why there is none. */
  #templateOf(
    parent: Placed,
    id: string,
    declaration: JsonNode,
    physicalId: string | undefined,
  ): (NestedTemplate & { readonly path: string }) | string {
    const { read, readNested } = this.#options
    if (readNested !== undefined) {
      const url = parent.stack.text(at(declaration, 'Properties', 'TemplateURL'))
      if (url.dependsOn !== undefined) return `the URL of the nested template depends on ${url.dependsOn}`
      const known = physicalId === undefined ? {} : { physicalId }
      const found = readNested({ url: url.value, path: [...parent.path, id], ...known })
      return found === undefined
        ? `the nested template ${url.value} cannot be read`
        : { ...found, path: url.value }
    }
    const named = this.#localTemplateOf(declaration)
    if (named === undefined)
      return 'the nested template is not in a local file, and its resources are not known'
    const path = named.asset ?? pathWithin(parent.root, parent.file, named.path)
    if (path === undefined)
      throw new LimitReached(
        `The nested template ${named.path} is not within the template's folder.`,
        declaration.start,
      )
    const text = this.#texts.get(plainPath(path))?.text ?? read?.(path)
    return text === undefined
      ? `the nested template ${named.path} is not there, and its resources are not known`
      : { path, text }
  }

  /** The local file of a nested template: the AWS CDK's note, or a TemplateURL that is a path. */
  #localTemplateOf(declaration: JsonNode): { readonly path: string; readonly asset?: string } | undefined {
    if (!isNestedStack(declaration)) return undefined
    const noted = textOf(at(declaration, 'Metadata', 'aws:asset:path'))
    if (noted !== undefined) return { path: noted }
    const written = at(declaration, 'Properties', 'TemplateURL')
    const url = textOf(written)
    if (url !== undefined && !/^(?:https?|s3):/i.test(url)) return { path: url }
    const [, hash = ''] = /([0-9a-f]{64})\.(?:json|ya?ml|template)$/.exec(lastText(written) ?? '') ?? []
    const asset = this.#assets.get(hash)
    return asset === undefined ? undefined : { path: asset, asset }
  }

  #output(parent: Stack, id: string, output: string, place: JsonNode): Text {
    const placed = this.#stacks.find((each) => each.stack === parent)
    const declaration = at(parent.root, 'Resources', id)
    if (placed === undefined || declaration === undefined) return { value: unknownPart, dependsOn: id }
    const nested = this.#nestedStack(placed, id, declaration)
    if (typeof nested === 'string') return { value: unknownPart, dependsOn: `${id}.Outputs.${output}` }
    return within(nested, () => nested.stack.output(output, place))
  }

  #imported({ value, dependsOn }: Text): Text {
    this.#exports ??= this.#exportsOfAll()
    if (dependsOn !== undefined) return { value: unknownPart, dependsOn }
    const found = this.#exports.get(value)
    if (found === undefined)
      return { value: unknownPart, dependsOn: `the export ${value}, which no given stack has` }
    const { placed, output, node } = found
    return within(placed, () => placed.stack.output(output, node))
  }

  #exportsOfAll() {
    const all = new Map<string, { placed: Placed; output: string; node: JsonNode }>()
    for (const placed of this.#stacks) {
      for (const { key, value } of membersOf(member(placed.stack.root, 'Outputs'))) {
        const written = at(value, 'Export', 'Name')
        if (written === undefined || placed.stack.isMade(value) === false) continue
        const name = within(placed, () => placed.stack.text(written))
        if (name.dependsOn === undefined) all.set(name.value, { placed, output: key.value, node: value })
      }
    }
    return all
  }

  #collect(placed: Placed): void {
    const { stack, file, lines, name } = placed
    const { account = '123456789012', region = 'us-east-1', partition = 'aws' } = stack.options
    for (const { id, declaration, state } of resourcesOf(stack)) {
      const arn = stack.arn(id, declaration)
      const type = textOf(member(declaration, 'Type')) ?? ''
      const text = (node: JsonNode | undefined) => stack.textOfValue(node).value
      this.#resources.push({
        file,
        stack: name,
        account,
        region,
        partition,
        logicalId: id,
        type,
        physicalId: stack.physicalId(id, declaration),
        name: stack.name(id, declaration),
        ...(arn === undefined ? {} : { arn }),
        properties: withStackTags(type, stack.properties(declaration), stack.options.tags, text),
        dependsOn: oneOrMany(member(declaration, 'DependsOn')).flatMap((each) => textOf(each) ?? []),
        deletionPolicy: textOf(member(declaration, 'DeletionPolicy')) ?? 'Delete',
        ...(state === true || state === false ? {} : { uncertain: state.dependsOn }),
        node: declaration,
        attribute: (wanted) => stack.attribute(id, wanted, declaration),
        place: (node) => lines.position(node.start),
      })
    }
  }

  #guarded(file: string, lines: Lines, action: () => void): void {
    try {
      action()
    } catch (error) {
      this.#caught(error, file, lines)
    }
  }

  #caught(error: unknown, file: string, lines: Lines): void {
    if (error instanceof PlacedLimit) this.#problem(error.file, error.lines, error.start, error.message)
    else if (error instanceof LimitReached) this.#problem(file, lines, error.start, error.message)
    else throw error
  }

  #problem(file: string, lines: Lines, start: number, message: string): void {
    this.#problems.push({ file, place: lines.position(start), message })
  }

  #note({ file, lines }: Placed, node: JsonNode, message: string, kind = nestedStack): void {
    this.#notes.push({ file, place: lines.position(node.start), message, kind })
  }
}

const nestedStack = 'AWS::CloudFormation::Stack'

function isNestedStack(declaration: JsonNode): boolean {
  return textOf(member(declaration, 'Type')) === nestedStack
}
