import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { badConfiguration } from './failure.ts'
import { messageOf } from './home.ts'
import { fileLine, settingLine } from './output.ts'

/** One section of an AWS file as it should read: its header's name, and its settings. */
export interface Section {
  /** `profile omen-admin` in the config file, `omen-admin` in the credentials file. */
  readonly name: string
  readonly settings: readonly Setting[]
}

/** A setting, or one that has settings of its own, which are indented. */
export type Setting = readonly [
  name: string,
  value: string | readonly (readonly [name: string, value: string])[],
]

/**
 * The change of one section: removed lines and added lines. Empty before for a new section, empty after for a removed
 * one.
 */
export interface Change {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** A file of the AWS clients as it should become, and its changes. */
export interface Edited {
  readonly text: string
  readonly changes: readonly Change[]
}

interface Block {
  /** Undefined for the text before the first header. */
  readonly name: string | undefined
  /** From the header to the last setting. */
  readonly lines: readonly string[]
  /** Blank lines and comments behind, which may speak of the next section. */
  readonly tail: readonly string[]
}

const largestFile = 4 * 1024 * 1024

/**
 * The text with the wanted sections in it, and without those that have the mark and are no longer wanted. Anything
 * without the mark stays as it is, except for blank lines at the end. @throws CommandFailure if a wanted section
 * already exists without the mark
 */
export function editSections(text: string, mark: string, wanted: readonly Section[]): Edited {
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const blocks = blocksOf(text.split(/\r?\n/))
  const left = new Map(wanted.map((section) => [section.name, linesOf(section, mark)]))
  const changes: Change[] = []
  const lines: string[] = []
  for (const block of blocks) {
    const after = block.name === undefined ? undefined : left.get(block.name)
    if (!block.lines.includes(mark)) {
      if (after !== undefined)
        throw badConfiguration(
          `[${block.name}] is there already and belongs to another server: choose another --prefix`,
        )
      lines.push(...block.lines, ...block.tail)
      continue
    }
    if (block.name !== undefined) left.delete(block.name)
    lines.push(...(after ?? []), ...block.tail.slice(after === undefined && block.tail[0] === '' ? 1 : 0))
    if (after?.join('\n') !== block.lines.join('\n'))
      changes.push({ before: block.lines, after: after ?? [] })
  }
  while (lines.at(-1) === '') lines.pop()
  for (const after of left.values()) {
    lines.push(...(lines.length === 0 ? [] : ['']), ...after)
    changes.push({ before: [], after })
  }
  return changes.length === 0 ? { text, changes } : { text: ended(lines).join(newline), changes }
}

/** The file's text; empty if there is no file. @throws CommandFailure if it cannot be read */
export function readAwsFile(file: string): string {
  try {
    if (!existsSync(file)) return ''
    if (statSync(file).size > largestFile) throw new Error(`it has more than ${largestFile} bytes`)
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw badConfiguration(`${file} cannot be read: ${messageOf(error)}`)
  }
}

/** The settings of a section of a file's text, their names in small letters; undefined if it has none of this name. */
export function settingsOf(text: string, name: string): ReadonlyMap<string, string> | undefined {
  const block = blocksOf(text.split(/\r?\n/)).findLast((each) => each.name === name)
  return (
    block &&
    new Map(
      block.lines.flatMap((line) => {
        // an indented line belongs to the setting before it, such as `s3 =`
        const end = line.indexOf('=')
        if (end < 1 || !/^[^\s#;[]/.test(line)) return []
        return [[line.slice(0, end).trim().toLowerCase(), line.slice(end + 1).trim()] as const]
      }),
    )
  )
}

/** Where the AWS clients keep their two files. */
export function awsFiles(environment: Readonly<Record<string, string | undefined>>): {
  readonly config: string
  readonly credentials: string
} {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = environment
  return {
    config: AWS_CONFIG_FILE || join(homedir(), '.aws', 'config'),
    credentials: AWS_SHARED_CREDENTIALS_FILE || join(homedir(), '.aws', 'credentials'),
  }
}

/** Writes the whole file or nothing; a link stays a link, and only the owner can read a new file. */
export function writeAwsFile(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const there = existsSync(file)
    const target = there ? realpathSync(file) : file
    const mode = there ? statSync(target).mode & 0o777 : 0o600
    const draft = `${target}.omen-${process.pid}`
    writeFileSync(draft, text, { mode })
    chmodSync(draft, mode)
    renameSync(draft, target)
  } catch (error) {
    throw badConfiguration(`${file} cannot be written: ${messageOf(error)}`)
  }
}

/** The change as a diff, its secrets covered. */
export function shownChange({ before, after }: Change): string {
  const shared = (a: readonly string[], b: readonly string[]) => {
    let count = 0
    while (count < Math.min(a.length, b.length) && a[count] === b[count]) count++
    return count
  }
  const head = shared(before, after)
  const tail = shared(before.slice(head).reverse(), after.slice(head).reverse())
  return [
    ...before.slice(0, head).map((line) => ` ${line}`),
    ...before.slice(head, before.length - tail).map((line) => `-${line}`),
    ...after.slice(head, after.length - tail).map((line) => `+${line}`),
    ...before.slice(before.length - tail).map((line) => ` ${line}`),
  ]
    .map((line) => `${line.replace(secret, '$1 ****')}\n`)
    .join('')
}

const secret = /^(.\s*aws_(?:secret_access_key|session_token)\s*=).*/i
const header = /^\s*\[([^\]]*)\]/
const nothingSaid = /^\s*(?:[#;].*)?$/

function blocksOf(lines: readonly string[]): readonly Block[] {
  const starts = lines.flatMap((line, i) => (header.test(line) ? [i] : []))
  return [0, ...starts.filter((start) => start > 0)].map((start, i, all) => {
    const whole = lines.slice(start, all[i + 1])
    const title = header.exec(whole[0] ?? '')?.[1]
    let last = whole.length
    while (last > 1 && nothingSaid.test(whole[last - 1]!)) last--
    return {
      name: title?.trim().replace(/\s+/g, ' ').replace(/["']/g, ''),
      lines: whole.slice(0, last),
      tail: whole.slice(last),
    }
  })
}

function linesOf({ name, settings }: Section, mark: string): readonly string[] {
  return [
    fileLine(`[${name}]`),
    fileLine(mark),
    ...settings.flatMap(([key, value]) =>
      typeof value === 'string'
        ? [settingLine(key, value)]
        : [`${key} =`, ...value.map((inner) => `  ${settingLine(...inner)}`)],
    ),
  ]
}

function ended(lines: readonly string[]): readonly string[] {
  return lines.length === 0 || lines.at(-1) === '' ? lines : [...lines, '']
}
