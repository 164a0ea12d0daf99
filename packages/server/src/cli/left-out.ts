import { basename, dirname, resolve, sep } from 'node:path'
import type { SourcePlace } from '../intake/index.ts'
import { foreignText, unreadableForm } from './text-file.ts'
import type { Unread } from './unread.ts'

/** Names of files in which a person writes a configuration of Terraform, OpenTofu or Terragrunt. */
const written = /\.(?:tf|tofu)$|^terragrunt\.hcl$/i

/** Names that people give a plan as `terraform plan -out` writes it. */
const planned = /(?:^|[._-])(?:tf)?plan(?:\.(?:out|bin))?$/i

/** A text that has to do with AWS: of the other providers, nothing is decided here. */
const ofAws = /aws/i

/** The beginning of a plan or a state in JSON. */
const isPlanOrState = /"(?:format_version|terraform_version)"\s*:/

/** A text that may say who has access, though it cannot be parsed. */
const ofAccess =
  /\bStatement"?'?\s*:|\bAWS::[A-Z]|"aws_(?:iam|organizations)_|\b(?:User|Role|Group)DetailList\b/

/** Returns whether a file of a folder is looked at by its name though it is of no form that is read. */
export function isForeignName(name: string): boolean {
  return written.test(name) || planned.test(name)
}

const configuration =
  'it is a configuration of Terraform: give the output of terraform show -json of its plan'

/** A file that was left out, and why. */
export interface FileLeftOut extends Unread {
  readonly at: SourcePlace
  readonly files: number
}

/** The first file of a folder's configuration. */
interface Configuration {
  readonly file: string
  readonly reason: string
  /** How many there are. */
  readonly files: number
}

const mostWords = 3

/** The files of folders that a command leaves out of its answer though they may say who has access (behaviour TPL-206). */
export class LeftOut {
  /** Files and links that could not be opened. */
  readonly #unopened: FileLeftOut[] = []
  /** Files that were opened and could not be read. */
  readonly #unread: FileLeftOut[] = []
  /** The files of configurations and plans by their folder: what they say, a readable plan or a state beside them says. */
  readonly #configurations = new Map<string, Configuration>()
  readonly #described = new Set<string>()

  /** Notes a file or a link that cannot be opened. */
  noteUnopened(file: string, reason: string): void {
    this.#unopened.push(entryOf(file, reason))
  }

  /** Notes a file of a foreign name: a configuration, or a plan that is not in JSON. */
  noteForeign(file: string, bytes: Uint8Array): void {
    const isWritten = written.test(basename(file))
    const reason = isWritten ? configuration : unreadableForm(bytes)
    if (reason === undefined || (isWritten && !ofAws.test(new TextDecoder().decode(bytes)))) return
    this.#noteConfiguration(file, reason)
  }

  /** Notes a file by its text, and returns whether that is of a form that is not read. */
  noteForeignText(file: string, text: string): boolean {
    const reason = foreignText(text)
    if (reason === undefined) {
      if (isPlanOrState.test(text.slice(0, 2_000))) this.#describe(file, text)
      return false
    }
    if (reason.includes('a configuration')) {
      if (ofAws.test(text)) this.#noteConfiguration(file, reason)
    } else this.#unread.push(entryOf(file, reason))
    return true
  }

  /** Notes a file that cannot be parsed, if it may say who has access. */
  noteBroken(file: string, text: string, reason: string): void {
    if (ofAccess.test(text)) this.#unread.push(entryOf(file, reason))
  }

  /** Files and links that could not be opened: nobody knows what they hold. */
  get unopened(): readonly FileLeftOut[] {
    return this.#unopened
  }

  /** All that is left out except configurations. */
  get files(): readonly FileLeftOut[] {
    return [...this.#unopened, ...this.#unread]
  }

  /** All that is left out; of a configuration one entry a folder. */
  get all(): readonly FileLeftOut[] {
    const open = [...this.#configurations].filter(([folder]) => !this.#isDescribed(folder))
    const entries = open.map(([, { file, reason, files }]) => entryOf(file, reason, files))
    return [...this.files, ...entries]
  }

  /** For the message that nothing was found. */
  get words(): string {
    return this.all
      .map(({ what, reason }) => `; ${what} is left out: ${reason}`)
      .slice(0, mostWords)
      .join('')
  }

  #noteConfiguration(file: string, reason: string): void {
    const folder = resolve(dirname(file))
    const configuration = this.#configurations.get(folder)
    this.#configurations.set(
      folder,
      configuration === undefined
        ? { file, reason, files: 1 }
        : { ...configuration, files: configuration.files + 1 },
    )
  }

  #isDescribed(folder: string): boolean {
    if (this.#described.has(folder)) return true
    const above = dirname(folder)
    return above !== folder && this.#isDescribed(above)
  }

  /** A plan describes its folder, and the modules that it calls. */
  #describe(file: string, text: string): void {
    const folder = resolve(dirname(file))
    this.#described.add(folder)
    if (!/"source"\s*:\s*"\.\.\//.test(text)) return
    try {
      const plan: unknown = JSON.parse(text)
      const root = isObject(plan) && isObject(plan.configuration) ? plan.configuration.root_module : undefined
      this.#describeCalls(root, folder)
    } catch {
      // the command that reads it says so
    }
  }

  #describeCalls(module: unknown, folder: string): void {
    if (!isObject(module) || !isObject(module.module_calls)) return
    for (const call of Object.values(module.module_calls)) {
      if (!isObject(call) || typeof call.source !== 'string' || !/^\.\.?\//.test(call.source)) continue
      const called = resolve(folder, call.source)
      this.#described.add(called)
      this.#describeCalls(call.module, called)
    }
  }
}

function entryOf(file: string, reason: string, files = 1): FileLeftOut {
  const what = files === 1 ? file : `${dirname(file)}${sep}*`
  return { at: { file, line: 1, column: 1 }, what, reason, files }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
