import { createWriteStream } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import { limits } from './limits.ts'

/** A deployment package that Lambda would refuse, with Lambda's message. */
export class BadPackage extends Error {
  override readonly name = 'BadPackage'
}

const notAZip = 'Could not unzip uploaded file. Please check your file, then try to upload again.'
const tooLarge = `Unzipped size must be smaller than ${limits.unpackedBytes} bytes`

/**
 * Reads the list of files: refuses paths outside the folder, too many files, and too large ones. @throws BadPackage
 */
export async function checkPackage(zip: Uint8Array): Promise<void> {
  const file = await open(zip)
  await entriesOf(file)
}

/**
 * Unpacks into an empty folder. Symbolic links are skipped, so nothing in the folder leads out of it. @throws
 * BadPackage
 */
export async function unpack(zip: Uint8Array, folder: string): Promise<void> {
  const file = await open(zip)
  const made = new Set<string>()
  for (const entry of await entriesOf(file)) {
    if (isLink(entry)) continue
    const path = join(folder, entry.fileName.replace(/\/$/, ''))
    const parent = entry.fileName.endsWith('/') ? path : dirname(path)
    try {
      if (!made.has(parent)) await makeFolders(parent)
      made.add(parent)
      if (parent !== path) await write(file, entry, path)
    } catch {
      throw new BadPackage(notAZip) // damaged, encrypted, or one name twice
    }
  }
}

/** Creates a folder and its parents, readable for the function's user. */
async function makeFolders(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  for (let at = path; at.length >= first.length; at = dirname(at)) await chmod(at, 0o755)
}

async function open(zip: Uint8Array): Promise<ZipFile> {
  const { fromBufferPromise } = await import('yauzl') // few servers ever have a function
  try {
    return await fromBufferPromise(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength), {
      lazyEntries: true,
      strictFileNames: true,
    })
  } catch {
    throw new BadPackage(notAZip)
  }
}

/** Returns all entries; yauzl refuses absolute paths, `..` and backslashes. */
async function entriesOf(file: ZipFile): Promise<readonly Entry[]> {
  if (file.entryCount > limits.entries)
    throw new BadPackage(`A package may have ${limits.entries} files here.`)
  const entries: Entry[] = []
  const folders = new Set<string>()
  let size = 0
  try {
    for await (const entry of file.eachEntry()) {
      entries.push(entry)
      size += entry.uncompressedSize
      addFolders(entry.fileName, folders)
    }
  } catch (error) {
    throw error instanceof BadPackage ? error : new BadPackage(notAZip)
  }
  if (entries.length === 0) throw new BadPackage('Uploaded file must be a non-empty zip')
  // the list may be wrong: the real size of a file is checked while it is unpacked
  if (size > limits.unpackedBytes) throw new BadPackage(tooLarge)
  return entries
}

/** Adds the folders that a path implies: one path of 4,000 characters may imply 2,000 of them. @throws BadPackage */
function addFolders(name: string, folders: Set<string>): void {
  if (name.length > limits.nameLength) throw new BadPackage(notAZip)
  for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) {
    const folder = name.slice(0, at)
    if (folders.has(folder)) return
    folders.add(folder)
    if (folders.size > limits.entries)
      throw new BadPackage(`A package may have ${limits.entries} folders here.`)
  }
}

/** The Unix file mode is the upper half of the attributes. */
function isLink(entry: Entry): boolean {
  return ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000
}

async function write(file: ZipFile, entry: Entry, path: string): Promise<void> {
  const content = await file.openReadStreamPromise(entry) // it fails where there is more or less than the list says
  let sum = 0
  const summing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum = crc32(chunk, sum)
      done(null, chunk)
    },
    flush: (done) => done(sum === entry.crc32 ? null : new Error('damaged')),
  })
  await pipeline(content, summing, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  await chmod(path, 0o644)
}
