import type { Guard } from '../guard/index.ts'
import type { AdminRoute } from './admin-route.ts'

/**
 * What the guard tells of itself: operations that came and could not be decided on, the most frequent first, and
 * whether its upstream answers.
 */
export function guardRoutes(guard: () => Guard | undefined): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/undecidable$/,
      answer: () => ({
        operations: [...(guard()?.undecidable ?? [])].sort((a, b) => b.times - a.times),
      }),
    },
    { method: 'GET', path: /^\/_omen\/upstream$/, answer: () => guard()?.upstream() ?? {} },
  ]
}
