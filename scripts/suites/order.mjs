// The order of the test files.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../root.mjs'

/** A file with such a line is begun before all others, for the reason that the line gives. */
const first = /^\/\/ Begins first: ./m

/**
 * The files as they are begun: those that take longest first. One that begins last runs alone when all others have ended, and
 * a core is idle.
 *
 * @param files their paths in the checkout
 */
export function ordered(files) {
  const [long, others] = [[], []]
  for (const file of spread(files))
    (first.test(readFileSync(join(root, file), 'utf8')) ? long : others).push(file)
  return [...long, ...others]
}

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
