import { dirname } from 'node:path'
import { type Fence, inside, shownFiles } from './inside.ts'

/**
 * A fence made with bubblewrap: namespaces of its own for mounts, processes, network, IPC, host name and, without
 * root, users.
 */
export function bubblewrap(program: string, isRoot: boolean): Fence {
  return {
    name: 'bubblewrap',
    command: (nodeArguments, places, { storageBytes }) => [
      program,
      ...['--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
      ...['--die-with-parent', '--clearenv', '--hostname', 'sandbox'],
      // root becomes another user as soon as Node runs; it keeps two capabilities only for that
      ...(isRoot
        ? ['--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID']
        : ['--unshare-user', '--disable-userns', '--uid', '993', '--gid', '990']),
      ...['--proc', '/proc', '--dev', '/dev', '--remount-ro', '/dev'],
      // directories that bubblewrap creates are accessible only to root
      ...foldersAbove(shownFiles(places)).flatMap((path) => ['--perms', '0755', '--dir', path]),
      ...shownFiles(places).flatMap(([from, to]) => ['--ro-bind', from, to]),
      ...['--perms', '1777', '--size', String(storageBytes), '--tmpfs', inside.scratch],
      ...['--remount-ro', '/', '--chdir', inside.task, '--', inside.node],
      ...nodeArguments,
    ],
  }
}

/** Returns the parent directories of the targets, in order of depth. */
function foldersAbove(files: readonly (readonly [string, string])[]): readonly string[] {
  const folders = new Set<string>()
  for (const [, target] of files) for (let at = dirname(target); at !== '/'; at = dirname(at)) folders.add(at)
  return [...folders].sort() // a folder's name begins with its parent's
}
