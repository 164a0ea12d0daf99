import { type Fence, inside, shownFiles } from './inside.ts'
import { limits } from './limits.ts'

/** Builds the function's file system at "$1", then leaves everything else. Arguments: see `command` below. */
const script = `set -eu
root=$1 size=$2 task=$3
shift 3
mount -t tmpfs -o mode=755,nosuid,nodev,size=1m tmpfs "$root"
mkdir "$root/proc" "$root/dev" "$root/tmp"
while [ "$1" != -- ]; do
  to=$root$2
  if [ -d "$1" ]; then mkdir -p "$to"; else mkdir -p "\${to%/*}"; : > "$to"; fi
  mount --bind "$1" "$to"
  case $2 in /dev/*) ;; *) mount -o remount,bind,ro,nosuid,nodev "$to" ;; esac
  shift 2
done
shift
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t tmpfs -o "mode=1777,nosuid,nodev,size=$size,nr_inodes=$((size / ${limits.bytesPerFile} + 1))" tmpfs "$root/tmp"
mount -o remount,ro "$root"
ip link set lo up 2>/dev/null || ifconfig lo 127.0.0.1 up 2>/dev/null || {
  mount -t sysfs sysfs /sys && echo 0x9 > /sys/class/net/lo/flags
}
cd /
exec "$@"`

const devices = ['null', 'zero', 'full', 'random', 'urandom'].map((name) => `/dev/${name}`)

/** A fence made with util-linux's `unshare`, for machines without bubblewrap. */
export function unshare(isRoot: boolean): Fence {
  return {
    name: 'unshare',
    command: (nodeArguments, places, { storageBytes, uid }) => [
      ...['setpriv', '--pdeathsig', 'KILL', 'unshare'],
      ...(isRoot ? [] : ['--user', '--map-root-user']),
      ...['--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup', '--fork', '--kill-child=KILL'],
      ...['/bin/sh', '-c', script, 'sh', places.root, String(storageBytes), inside.task],
      ...[...shownFiles(places), ...devices.map((path) => [path, path] as const)].flat(),
      ...['--', 'setpriv', '--no-new-privs', ...(isRoot ? ['--clear-groups'] : []), 'unshare'],
      // another user, without capabilities; a server without root drops its own by one more user namespace
      ...(isRoot ? [`--setgid=${uid}`, `--setuid=${uid}`] : ['--map-user=993', '--map-group=990']),
      ...[`--root=${places.root}`, `--wd=${inside.task}`, inside.node],
      ...nodeArguments,
    ],
  }
}
