import type { Bounds } from './inside.ts'
import { limits } from './limits.ts'

/**
 * Joins the control groups, sets limits, and executes the command. `ulimit` counts processes with -u in some shells
 * and with -p in others; it counts a user's processes, so it is set only if the function has a user of its own.
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

/**
 * Returns a command with limits that every Unix has: processor time, file sizes, open files, core dumps, processes.
 */
export function bounded(
  command: readonly string[],
  { uid, groups, processorSeconds, storageBytes }: Bounds,
): readonly string[] {
  const processes = uid === undefined ? 0 : limits.processes
  const numbers = [processes, processorSeconds, Math.ceil(storageBytes / 512), limits.openFiles]
  return ['/bin/sh', '-c', script, 'sh', ...groups, '--', ...numbers.map(String), ...command]
}
