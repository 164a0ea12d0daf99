import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GivenFile, intakeLimits } from '../../intake/index.ts'
import { badConfiguration } from '../failure.ts'
import { messageOf } from '../home.ts'
import { isForeignName, LeftOut } from '../left-out.ts'
import { textOfFile, unreadableForm } from '../text-file.ts'

/** Names of files in a folder that can contain something to import. */
const taken = /\.(?:json|ya?ml|csv|template|tfstate)$/i

/** Folders of assets beside templates of the AWS CDK, and of generated files. */
const passedBy = /^(?:asset\..*|node_modules|\.git|\.terraform)$/

/**
 * The files of files and folders, subfolders included, in the order of their names. Symbolic links in folders are
 * refused: they may lead anywhere. A named file is taken whatever its name is. `leftOut` gets what of a folder cannot be
 * read. @throws CommandFailure if there is no such file, or a limit is reached
 */
export function listFiles(paths: readonly string[], leftOut = new LeftOut()): readonly string[] {
  const listed: string[] = []
  const add = (path: string) => {
    if (listed.length >= intakeLimits.files)
      throw badConfiguration(`${path}: more than ${intakeLimits.files} files`)
    listed.push(path)
  }
  const walk = (folder: string, depth: number) => {
    if (depth > intakeLimits.folderDepth)
      throw badConfiguration(`${folder}: folders nest deeper than ${intakeLimits.folderDepth}`)
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name)
      const kind = lstatSync(path)
      if (kind.isDirectory() && passedBy.test(name)) continue
      if (kind.isDirectory()) walk(path, depth + 1)
      else if (isForeignName(name) && kind.isFile()) noteForeign(path, kind.size, leftOut)
      else if (!taken.test(name)) continue
      else if (kind.isSymbolicLink())
        throw badConfiguration(`${path}:1:1: it is a symbolic link, which is not followed`)
      else if (kind.isFile()) add(path)
    }
  }
  for (const path of paths) {
    try {
      const kind = lstatSync(path)
      if (kind.isDirectory()) walk(path, 0)
      else add(path)
    } catch (error) {
      if (error instanceof Error && 'code' in error) throw badConfiguration(`${path}: ${messageOf(error)}`)
      throw error
    }
  }
  if (listed.length === 0)
    throw badConfiguration(`${paths.join(', ')}: there are no JSON, YAML or CSV files${leftOut.words}`)
  return listed
}

/** Notes a file that is not read; one beyond the limit is not opened either. */
function noteForeign(path: string, size: number, leftOut: LeftOut): void {
  if (size > intakeLimits.fileBytes) leftOut.noteUnopened(path, 'it is too large to be read')
  else leftOut.noteForeign(path, readFileSync(path))
}

/**
 * Reads files one after the other, so that only one is in memory. Their sizes are checked before they are read.
 * @throws CommandFailure if one cannot be read, or all together are too large
 */
export function* readFiles(paths: readonly string[]): Generator<GivenFile> {
  let total = 0
  for (const path of paths) {
    const text = readOne(path, (size) => {
      total += size
      if (size > intakeLimits.fileBytes)
        throw badConfiguration(
          `${path}:1:1: the file has ${size} bytes; ${intakeLimits.fileBytes} is the most`,
        )
      if (total > intakeLimits.totalBytes)
        throw badConfiguration(
          `${path}:1:1: all files together have more than ${intakeLimits.totalBytes} bytes`,
        )
    })
    yield { name: path, text }
  }
}

function readOne(path: string, check: (size: number) => void): string {
  let file: number | undefined
  try {
    // a pipe or a device would not end: only the opened file shows what it is
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const status = fstatSync(file)
    if (!status.isFile()) throw badConfiguration(`${path}:1:1: it is not a file`)
    check(status.size)
    const bytes = readFileSync(file)
    const form = unreadableForm(bytes)
    if (form !== undefined) throw badConfiguration(`${path}:1:1: ${form}`)
    return textOfFile(bytes)
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw badConfiguration(`${path}: ${messageOf(error)}`)
    throw error
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
