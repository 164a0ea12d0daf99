import { mkdir, open, rename } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { DeliveryFailure, type TrailTarget } from './target.ts'

/** Buckets as folders: `FOLDER/BUCKET/KEY`. S3's metadata is kept beside the file, in `KEY.metadata.json`. */
export function folderTarget(folder: string): TrailTarget {
  const root = resolve(folder)
  return {
    description: root,
    async put({ bucket, key, bytes, metadata }) {
      const path = resolve(root, bucket, key)
      // names are checked when the trail is made; this check is the last one
      if (!path.startsWith(`${root}${sep}${bucket}${sep}`))
        throw new DeliveryFailure('InvalidKey', `${bucket}/${key} leaves its bucket`)
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        if (Object.keys(metadata).length > 0)
          await write(`${path}.metadata.json`, Buffer.from(`${JSON.stringify(metadata)}\n`))
        await write(path, bytes)
      } catch (error) {
        throw new DeliveryFailure(
          'InternalError',
          `${path}: ${error instanceof Error ? error.message : error}`,
        )
      }
    },
  }
}

/** Writes the whole file or nothing. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.part`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}
