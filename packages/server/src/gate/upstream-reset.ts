import type { RequestHead } from '../base/index.ts'

/** The house's own path, and those by which moto and LocalStack are emptied: behind the guard, root and admin alone may. */
export const resetPath = /^\/(?:_omen\/upstream|moto-api|_localstack\/state)\/reset$/

/** Whether a request would empty the emulator behind the guard. */
export function resetsUpstream({ method, rawPath, rawQuery }: RequestHead): boolean {
  return method === 'POST' && rawQuery === '' && resetPath.test(rawPath)
}
