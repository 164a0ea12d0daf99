import type { RequestHead } from '../base/index.ts'

/**
 * Omen's own path, and those by which moto and LocalStack are emptied: behind the guard, only root and admin may call
 * them.
 */
export const resetPath = /^\/(?:_omen\/upstream|moto-api|_localstack\/state)\/reset$/

/** Returns whether a request would empty the emulator behind the guard. */
export function resetsUpstream({ method, rawPath, rawQuery }: RequestHead): boolean {
  return method === 'POST' && rawQuery === '' && resetPath.test(rawPath)
}
