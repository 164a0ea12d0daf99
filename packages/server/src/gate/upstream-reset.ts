import { type RequestHead, resetPaths } from '../base/index.ts'
import type { UpstreamOptions } from '../guard/index.ts'

/**
 * Omen's own path, and those by which emulators are emptied: behind the guard, only root and admin may call them.
 */
export function resetPattern(upstream: Pick<UpstreamOptions, 'passes'> | undefined): RegExp {
  const paths = ['/_omen/upstream/reset', ...resetPaths(upstream?.passes)]
  return new RegExp(`^(?:${paths.map((path) => path.replaceAll(/[^\w/-]/g, '\\$&')).join('|')})$`)
}

/** Returns whether a request would empty the emulator behind the guard. */
export function resetsUpstream({ method, rawPath, rawQuery }: RequestHead, pattern: RegExp): boolean {
  return method === 'POST' && rawQuery === '' && pattern.test(rawPath)
}
