import type { Dependencies } from '../../authorization/index.ts'
import { endImport, keepHeapClose, uuid } from '../../base/index.ts'
import type { Comparison, ImageFinding, NotTaken, PackedImage } from '../../intake/index.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'

/** Limits of images that are sent in parts. */
const limits = {
  /** Bytes of one part. */
  part: 4 * 1024 * 1024,
  /** Bytes of all parts of one image. */
  image: 512 * 1024 * 1024,
  /** Images that are being sent at a time. */
  images: 4,
  /** Milliseconds after which an image is dropped of which no part came. */
  idle: 600_000,
  /** The same if there are too many of them: the sender has ended without a word. */
  crowdedIdle: 30_000,
  /** Things of a comparison that are listed; the others are counted. */
  listed: 20_000,
} as const

/** The room that reads images: a server without imports does not load it. */
const intake = () => import('../../intake/index.ts')

/** An image that is being sent. */
interface Staged {
  readonly image: PackedImage
  bytes: number
  touchedAt: number
}

/**
 * Imports an image into a running server: it is sent in parts, compared, and applied in one commit. Only root and the
 * administrator may: an image may give anyone any permission.
 */
export function importRoutes(deps: Dependencies): readonly AdminRoute[] {
  const staged = new Map<string, Staged>()
  const stagedOf = (id: string | undefined): Staged => {
    const draft = staged.get(id ?? '')
    if (draft === undefined)
      throw new Refusal(404, 'There is no such import: it was applied, or dropped after ten minutes.')
    draft.touchedAt = deps.clock.now()
    keepHeapClose()
    return draft
  }
  return [
    {
      method: 'POST',
      path: /^\/_omen\/imports$/,
      async answer() {
        const { PackedImage } = await intake()
        const now = deps.clock.now()
        for (const [id, { touchedAt }] of staged) if (now - touchedAt > limits.idle) staged.delete(id)
        for (const [id, { touchedAt }] of staged)
          if (staged.size >= limits.images && now - touchedAt > limits.crowdedIdle) staged.delete(id)
        if (staged.size >= limits.images)
          throw new Refusal(429, `${limits.images} imports are under way: try again later.`)
        const id = uuid(deps.random)
        staged.set(id, { image: new PackedImage(), bytes: 0, touchedAt: now })
        return { import: id }
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/imports\/([0-9a-f-]{36})\/parts$/,
      bodyMost: limits.part,
      async answer([id], body) {
        const { readPart } = await intake()
        const into = stagedOf(id)
        into.bytes += JSON.stringify(body).length
        if (into.bytes > limits.image) {
          staged.delete(id ?? '')
          throw new Refusal(413, `An import may have ${limits.image} bytes.`)
        }
        const part = readPart(body)
        if (typeof part === 'string') throw new Refusal(400, part)
        return refusing(() => {
          into.image.add(part)
          return { status: 'taken' }
        })
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/imports\/([0-9a-f-]{36})\/(compare|apply|drop)$/,
      async answer([id, step]) {
        const { image: packed } = stagedOf(id)
        try {
          if (step === 'drop') {
            staged.delete(id ?? '')
            return { status: 'dropped' }
          }
          return await refusing(async () => {
            const image = packed.source()
            const { applyImage, compareImage } = await intake()
            if (step === 'compare') return summary(await compareImage(image, deps))
            staged.delete(id ?? '')
            return summary(await applyImage(image, deps))
          })
        } finally {
          if (staged.size === 0) endImport()
        }
      },
    },
  ]
}

/** The client's view of a comparison: entities that are as the image has them are only counted. */
export interface ComparisonReport extends Omit<Comparison, 'things'> {
  readonly counts: Readonly<Record<Comparison['things'][number]['outcome'], number>>
  readonly things: Comparison['things']
  /** Entities, refusals and findings beyond the limit of an answer. */
  readonly leftOut: number
}

function summary({ things, notTaken, findings, newAccounts }: Comparison): ComparisonReport {
  const counts = { made: 0, changed: 0, unchanged: 0 }
  for (const { outcome } of things) counts[outcome]++
  const shown = things.filter(({ outcome }) => outcome !== 'unchanged')
  const cut = <T>(list: readonly T[]): readonly T[] => list.slice(0, limits.listed)
  const over = (list: readonly unknown[]) => Math.max(0, list.length - limits.listed)
  const [t, n, f]: readonly [
    readonly Comparison['things'][number][],
    readonly NotTaken[],
    readonly ImageFinding[],
  ] = [cut(shown), cut(notTaken), cut(findings)]
  const leftOut = over(shown) + over(notTaken) + over(findings)
  return { newAccounts, counts, things: t, notTaken: n, findings: f, leftOut }
}

/** Problems of an image are the sender's. */
async function refusing<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { IntakeProblem } = await intake()
    if (error instanceof IntakeProblem) throw new Refusal(400, error.message, 'IntakeProblem')
    throw error
  }
}
