import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SnapshotShelf } from '../../gate/index.ts'

const ending = '.omen-snapshot'

/** Snapshots as files of a folder, readable only for their owner. The names have been checked. */
export function folderShelf(folder: string): SnapshotShelf {
  const fileOf = (name: string) => join(folder, `${name}${ending}`)
  return {
    async list() {
      const names = await readdir(folder).catch(absent(() => []))
      return names
        .filter((name) => name.endsWith(ending))
        .map((name) => name.slice(0, -ending.length))
        .sort()
    },
    read: (name) => readFile(fileOf(name)).catch(absent(() => undefined)),
    async write(name, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const draft = join(folder, `.${name}.${process.pid}`)
      await writeFile(draft, bytes, { mode: 0o600, flush: true })
      await rename(draft, fileOf(name))
    },
    remove: (name) => rm(fileOf(name), { force: true }),
  }
}

function absent<T>(instead: () => T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead()
    throw error
  }
}
