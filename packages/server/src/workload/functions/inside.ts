import { fileURLToPath } from 'node:url'

/** The paths inside the fence, which are Lambda's own. */
export const inside = {
  node: '/var/lang/bin/node',
  runtime: import.meta.url.endsWith('.ts') ? '/var/runtime/index.mts' : '/var/runtime/index.mjs',
  /** The unpacked package, read-only. */
  task: '/var/task',
  /** The only writable folder: a tmpfs of EphemeralStorage's size. */
  scratch: '/tmp',
  /** The server's socket: the only way out. */
  way: '/var/runtime/house.sock',
} as const

/** The runtime's module on this machine: beside this one, in source form and in the published package. */
export const runtimeFile = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './runtime.ts' : './runtime.js', import.meta.url),
)

/** The parts of one invocation on this machine: folders and a socket in a folder that only the server can enter. */
export interface Places {
  /** The unpacked code. */
  readonly code: string
  /** Becomes /tmp if there is no fence. */
  readonly scratch: string
  /** Becomes /etc. */
  readonly etc: string
  /** An empty folder on which `unshare` builds the function's file system. */
  readonly root: string
  /** The socket of the server. */
  readonly way: string
}

/** The limits of an invocation. */
export interface Bounds {
  readonly storageBytes: number
  /** Seconds of processor time: they end a function whose server is gone. */
  readonly processorSeconds: number
  /** The user that runs the function, if the server runs as root. */
  readonly uid: number | undefined
  /** Files of control groups that the process joins. */
  readonly groups: readonly string[]
}

/** Isolates a function from the rest of the machine. */
export interface Fence {
  readonly name: 'bubblewrap' | 'unshare'
  /** Returns the command that runs Node with these arguments inside the fence. */
  command(nodeArguments: readonly string[], places: Places, bounds: Bounds): readonly string[]
}

/** The environment of launchers. A function's own variables never reach them. */
export const launcherEnvironment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C' } as const

let libraries: readonly string[] | undefined

/** Returns the shared libraries that Node has loaded, which it also needs inside the fence. */
export function nodeLibraries(): readonly string[] {
  if (libraries === undefined) {
    const { report } = process
    Reflect.set(report, 'excludeNetwork', true) // newer than its types; names of interfaces would be looked up
    const { sharedObjects } = report.getReport() as { readonly sharedObjects: readonly string[] } // Node's own form
    libraries = sharedObjects.filter((path) => path.startsWith('/') && path !== process.execPath)
  }
  return libraries
}

/** The files of the machine that every fence shows, read-only: source and target. */
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
