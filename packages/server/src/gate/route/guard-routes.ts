import type { Guarding } from '../guarding.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'

/**
 * The guard's report: operations that could not be decided, the most frequent first, and whether its upstream answers.
 */
export function guardRoutes(guarding: () => Guarding | undefined, resets: RegExp): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/undecidable$/,
      answer: () => ({
        operations: [...(guarding()?.guard.undecidable ?? [])].sort((a, b) => b.times - a.times),
      }),
    },
    {
      method: 'GET',
      path: /^\/_omen\/upstream$/,
      async answer() {
        const { guard, mirror, stacks } = guarding() ?? {}
        return {
          ...(await guard?.upstream()),
          ...(mirror && { shared: mirror.state }),
          ...(stacks && { notAdopted: stacks.notAdopted }),
        }
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/upstream\/sync$/,
      async answer() {
        const { stacks } = guarding() ?? {}
        if (stacks === undefined) throw new Refusal(404, 'There is no upstream here.')
        try {
          return await stacks.synchronization.run()
        } catch (error) {
          throw new Refusal(
            503,
            `The upstream's IAM cannot be read: ${error instanceof Error ? error.message : error}.`,
          )
        }
      },
    },
    {
      method: 'POST',
      path: resets,
      async answer() {
        const { guard, mirror, stacks } = guarding() ?? {}
        if (guard === undefined) throw new Refusal(404, 'There is no upstream here.')
        const by = await guard.reset().catch(() => {
          throw new Refusal(503, 'The upstream does not answer.')
        })
        if (by === undefined)
          throw new Refusal(501, 'The upstream has no way to be emptied that is known here.')
        await stacks?.emptied()
        await mirror?.start()
        return { status: 'reset', by }
      },
    },
  ]
}
