import { fileURLToPath } from 'node:url'

/** Where a fenced function finds its parts: the paths are Lambda's own. */
export const inside = {
  node: '/var/lang/bin/node',
  runtime: import.meta.url.endsWith('.ts') ? '/var/runtime/index.mts' : '/var/runtime/index.mjs',
  /** The unpacked package, read-only. */
  task: '/var/task',
  /** The only folder that can be written: a tmpfs of EphemeralStorage's size. */
  scratch: '/tmp',
  /** The house's socket: the only way out. */
  way: '/var/runtime/house.sock',
} as const

/** The runtime's module on this machine: it lies beside this one, as source or as published. */
export const runtimeFile = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './runtime.ts' : './runtime.js', import.meta.url),
)

/** The parts of one invocation on this machine: folders and a socket in a folder that only the house can enter. */
export interface Places {
  /** The unpacked code. */
  readonly code: string
  /** Becomes /tmp where nothing is fenced. */
  readonly scratch: string
  /** Becomes /etc. */
  readonly etc: string
  /** An empty folder on which `unshare` builds the function's file system. */
  readonly root: string
  /** The socket that leads to the house. */
  readonly way: string
}

/** What one invocation may use. */
export interface Bounds {
  readonly storageBytes: number
  /** Seconds of processor time: they end a function whose house is gone. */
  readonly processorSeconds: number
  /** The user that runs the function, where the house is root. */
  readonly uid: number | undefined
  /** Files of control groups to which the process adds itself. */
  readonly groups: readonly string[]
}

/** What keeps a function from the rest of the machine. */
export interface Fence {
  readonly name: 'bubblewrap' | 'unshare'
  /** The command that runs Node with these arguments behind the fence. */
  command(nodeArguments: readonly string[], places: Places, bounds: Bounds): readonly string[]
}

/** What launchers see of an environment. A function's own variables never reach them. */
export const launcherEnvironment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C' } as const

let libraries: readonly string[] | undefined

/** The shared libraries that Node has loaded, which are those that it needs behind the fence. */
export function nodeLibraries(): readonly string[] {
  if (libraries === undefined) {
    const { report } = process
    Reflect.set(report, 'excludeNetwork', true) // newer than its types; names of interfaces would be looked up
    const { sharedObjects } = report.getReport() as { readonly sharedObjects: readonly string[] } // Node's own form
    libraries = sharedObjects.filter((path) => path.startsWith('/') && path !== process.execPath)
  }
  return libraries
}

/** What every fence shows of the machine, read-only: source and target. */
export function shownFiles({ code, etc, way }: Places): readonly (readonly [string, string])[] {
  return [
    ...nodeLibraries().map((path) => [path, path] as const),
    [process.execPath, inside.node],
    [runtimeFile, inside.runtime],
    [etc, '/etc'],
    [code, inside.task],
    [way, inside.way],
  ]
}
