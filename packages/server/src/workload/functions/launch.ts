import type { Bounds } from './inside.ts'
import { limits } from './limits.ts'

/**
 * Puts itself into the control groups, bounds itself, and becomes the command. `ulimit` counts processes by -u in
 * some shells and by -p in others; it counts a user's processes, so it is set only for a user of the function's own.
 */
const script = `while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done
shift
processes=$1 seconds=$2 blocks=$3 files=$4
shift 4
ulimit -c 0 && ulimit -t "$seconds" && ulimit -f "$blocks" && ulimit -n "$files" || exit 125
if [ "$processes" != 0 ]; then
  ulimit -u "$processes" 2>/dev/null || ulimit -p "$processes" || exit 125
fi
exec "$@"`

/** A command bounded by what every Unix has: processor time, sizes of files, open files, dumps, processes. */
export function bounded(
  command: readonly string[],
  { uid, groups, processorSeconds, storageBytes }: Bounds,
): readonly string[] {
  const processes = uid === undefined ? 0 : limits.processes
  const numbers = [processes, processorSeconds, Math.ceil(storageBytes / 512), limits.openFiles]
  return ['/bin/sh', '-c', script, 'sh', ...groups, '--', ...numbers.map(String), ...command]
}
