// The order of the test files.

import { dirname } from 'node:path'

/**
 * The files with those of a folder far from each other, the last one of each first. Files of a folder are alike: three that
 * wait for a browser leave the cores idle, and one beside two that compute does not.
 *
 * @param files their paths
 */
export function spread(files) {
  const folders = Map.groupBy(files, dirname)
  return [...folders.values()]
    .flatMap((own) => own.toReversed().map((file, index) => ({ file, place: index / own.length })))
    .sort((one, other) => one.place - other.place)
    .map(({ file }) => file)
}
